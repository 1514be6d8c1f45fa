// A hub's accounts, and this node at its hub.

import { useQuery } from '@tanstack/react-query';
import { ended, get, send, type Progress } from './client';
import { queryClient } from './queries';
import type { Job } from './types';

const SHOWN_MS = 2_000;
const at = encodeURIComponent;
const path = (what: string, ...more: string[]) => ['/api/v1/hub', what, ...more.map(at)].join('/');

export interface Organisation { id: string; name: string }
export interface User { id: string; organisation: string; email: string; role: 'admin' | 'member'; signed_in_at?: string }
export interface Secret { id: string; hint: string; created_at: string }
export interface Key { id: string; organisation: string; name: string; secrets: Secret[] }
export interface ShownKey extends Key { secret: string }
export interface HubNode { node: string; organisation: string; name: string; key: string; public_url?: string; status: 'online' | 'offline' | 'unknown'; last_heard_at?: string }
export interface HubProject { id: string; organisation: string; name: string; node: string; open: boolean; granted: string[] }
export interface Audited { offset: number; at: string; by: string; what: string; id: string; fields: Record<string, unknown> }
export interface Refusal { at: string; who: string; why: string }
export interface AuditPage { changes: Audited[]; next?: number; refused?: Refusal[] }
export interface Link { is_hub: boolean; named: boolean; url?: string; connected?: boolean; trouble?: string; hub?: string; organisation?: string }
export interface LinkProject { space: string; name: string; open: boolean; source_node_name: string; source_node_status: string }

/// All pages of a list.
async function all<What extends string, Item>(what: What): Promise<Item[]> {
  const items: Item[] = [];
  for (let more = true; more;) {
    const page = await get<Record<What, Item[]> & { has_more: boolean }>(path(what), { limit: 500, skip: items.length });
    items.push(...page[what]);
    more = page.has_more && page[what].length > 0;
  }
  return items;
}

export const hub = {
  addOrganisation: (name: string) => send<Organisation>('POST', path('organisations'), { name }),
  removeOrganisation: (id: string) => send('DELETE', path('organisations', id)),
  addUser: (organisation: string, email: string, password: string, role: string) => send<User>('POST', path('users'), { organisation, email, password, role }),
  changeUser: (id: string, change: { role?: string; password?: string }) => send<User>('PATCH', path('users', id), change),
  removeUser: (id: string) => send('DELETE', path('users', id)),
  addKey: (organisation: string, name: string) => send<ShownKey>('POST', path('keys'), { organisation, name }),
  rotateKey: (id: string) => send<ShownKey>('POST', path('keys', id, 'rotate')),
  revokeKey: (id: string) => send('DELETE', path('keys', id)),
  revokeSecret: (id: string, secret: string) => send('DELETE', path('keys', id, 'secrets', secret)),
  removeNode: (id: string) => send('DELETE', path('nodes', id)),
  openProject: (id: string, open: boolean) => send('PATCH', path('projects', id), { open }),
  grant: (id: string, node: string) => send('POST', path('projects', id, 'nodes'), { node }),
  forbid: (id: string, node: string) => send('DELETE', path('projects', id, 'nodes', node)),
  removeProject: (id: string) => send('DELETE', path('projects', id)),
  audit: (before?: number) => get<AuditPage>(path('audit'), { before }),
  publish: (project: string) => send('POST', path('link', 'publish'), { project }),
  join: async (swarm: string, progress?: Progress) => ended(await send<Job<{ id: string; name: string }>>('POST', path('link', 'join'), { swarm }), progress),
};

/// What is asked again while it is shown: nodes come and go, other hubs and users change things.
export const useOrganisations = () => useQuery({ queryKey: ['hub', 'organisations'], queryFn: () => all<'organisations', Organisation>('organisations'), refetchInterval: SHOWN_MS });
export const useUsers = () => useQuery({ queryKey: ['hub', 'users'], queryFn: () => all<'users', User>('users'), refetchInterval: SHOWN_MS });
export const useKeys = () => useQuery({ queryKey: ['hub', 'keys'], queryFn: () => all<'keys', Key>('keys'), refetchInterval: SHOWN_MS });
export const useHubNodes = () => useQuery({ queryKey: ['hub', 'nodes'], queryFn: () => all<'nodes', HubNode>('nodes'), refetchInterval: SHOWN_MS });
export const useHubProjects = () => useQuery({ queryKey: ['hub', 'projects'], queryFn: () => all<'projects', HubProject>('projects'), refetchInterval: SHOWN_MS });
export const useAudit = () => useQuery({ queryKey: ['hub', 'audit'], queryFn: () => hub.audit(), refetchInterval: SHOWN_MS });
export const useLink = () => useQuery({ queryKey: ['hub-link'], queryFn: () => get<Link>('/api/v1/hub/link'), refetchInterval: SHOWN_MS });
export const useLinkProjects = (connected: boolean) => useQuery({ queryKey: ['hub-link-projects'], queryFn: async () => (await get<{ projects: LinkProject[] }>('/api/v1/hub/link/projects')).projects, enabled: connected, refetchInterval: SHOWN_MS });

export const changed = () => queryClient.invalidateQueries({ queryKey: ['hub'] });
