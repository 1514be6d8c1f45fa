// What the page knows of the node, by name. The live status says when something else has to be asked again.

import { QueryClient, useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import type { Project } from './boardTypes';
import { api, Problem } from './client';
import { boards } from './projects';
import type { Agent, ExplainQuery, Status } from './types';

const LIST_MS = 1_000;
const HEALTH_STALE_MS = 5 * 60_000;

export const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: 30_000, retry: (times, failure) => times < 2 && failure instanceof Problem && failure.code === 'no_answer', refetchOnWindowFocus: false } },
});

export const useStatus = () => useQuery({ queryKey: ['status'], queryFn: api.status, staleTime: Infinity });
export const useNode = () => useQuery({ queryKey: ['node'], queryFn: api.node, staleTime: Infinity });
export const useHistory = () => useQuery({ queryKey: ['history'], queryFn: api.history });
export const useSpace = (id: string) => useQuery({ queryKey: ['space', id], queryFn: () => api.space(id) });
export const useMembers = (id: string) => useQuery({ queryKey: ['members', id], queryFn: () => api.members(id) });
export const usePolicies = (id: string) => useQuery({ queryKey: ['policies', id], queryFn: () => api.policies(id) });
export const useStorage = (id: string) => useQuery({ queryKey: ['storage', id], queryFn: () => api.storage(id), refetchInterval: 5 * LIST_MS });
export const useSettings = () => useQuery({ queryKey: ['settings'], queryFn: api.settings, staleTime: 0 });
export const useChains = (id: string) => useQuery({ queryKey: ['chains', id], queryFn: () => api.chains(id) });
export const useConflicts = () => useInfiniteQuery({ queryKey: ['conflicts'], initialPageParam: '', queryFn: ({ pageParam }) => api.conflicts(pageParam), getNextPageParam: page => page.has_more ? page.cursor : null });
export const useExplanation = (query: ExplainQuery) => useQuery({ queryKey: ['explain', query], queryFn: () => api.explain(query), staleTime: 0 });
export const useTables = (id: string | undefined) => useQuery({ queryKey: ['tables', id], queryFn: () => api.tables(id ?? ''), enabled: id !== undefined });
export const useHives = () => useQuery({ queryKey: ['hives'], queryFn: api.hives });
export const useHiveMembers = (id: string) => useInfiniteQuery({
  queryKey: ['hive-members', id], initialPageParam: 0, queryFn: ({ pageParam }) => api.hiveMembers(id, pageParam),
  getNextPageParam: (page, _, skip) => page.members.length > 0 && skip + page.members.length < page.members_count ? skip + page.members.length : null,
});
/// One of the members, wherever in their list: whoever acts.
export const useHiveMember = (id: string, agent: Agent | undefined) => useQuery({
  queryKey: ['hive-members', id, agent?.instance_id, agent?.id], queryFn: () => api.hiveMember(id, agent!.instance_id, agent!.id), enabled: agent !== undefined,
});
export const useAgents = () => useQuery({ queryKey: ['agents'], queryFn: api.agents });
export const useSyncPeers = () => useQuery({ queryKey: ['sync-peers'], queryFn: api.syncPeers });
export const useGroups = () => useQuery({ queryKey: ['groups'], queryFn: api.groups });

// Projects. A project that only its node's table knows (a linked one that was taken off) is in no space, so that the list is looked at every second while it is shown.
export const useProjects = () => useQuery({ queryKey: ['projects'], queryFn: boards.projects, refetchInterval: LIST_MS });
export const useProject = (id: string) => useQuery({ queryKey: ['project', id], queryFn: () => boards.project(id) });
export const useSwarmProjects = () => useQuery({ queryKey: ['swarm-projects'], queryFn: boards.swarmProjects });
export const useSwarmSettings = () => useQuery({ queryKey: ['swarm-settings'], queryFn: boards.settings, staleTime: Infinity });
export const useBoardNodes = (id: string) => useQuery({ queryKey: ['board-nodes', id], queryFn: () => boards.nodes(id), refetchInterval: 5 * LIST_MS });
export const useBoardConflicts = (id: string) => useInfiniteQuery({
  queryKey: ['board-conflicts', id], initialPageParam: '', queryFn: ({ pageParam }) => boards.conflicts(id, pageParam), getNextPageParam: page => page.has_more ? page.cursor : null,
});
export const useHealth = (id: string) => useQuery({ queryKey: ['health', id], queryFn: () => boards.health(id), staleTime: HEALTH_STALE_MS });
export const useHealthOfAll = (projects: Project[]) => useQueries({ queries: projects.map(({ id }) => ({ queryKey: ['health', id], queryFn: () => boards.health(id), staleTime: HEALTH_STALE_MS })) });

/// What is asked for the first time just now is asked once more when that has been answered: an invalidation alone would be forgotten, and the answer may be older than
/// what made us ask.
function again(...key: string[]): void {
  const first = queryClient.getQueryCache().findAll({ queryKey: key }).filter(query => query.state.data === undefined && query.state.fetchStatus === 'fetching');
  void queryClient.invalidateQueries({ queryKey: key });
  for (const query of first) void query.promise?.catch(() => {}).then(() => queryClient.invalidateQueries({ queryKey: query.queryKey, exact: true }));
}

/// The board of a space changed: what is asked of its project, and of the list, is asked again.
function board(space: string): void {
  const project = queryClient.getQueryData<Project[]>(['projects'])?.find(each => each.space === space);
  again('projects');
  again('swarm-projects');
  if (project !== undefined) for (const of of ['project', 'health', 'board-conflicts', 'board-nodes']) again(of, project.id);
}

/// Takes a new status and asks again for what it shows to have changed.
export function take(status: Status): void {
  const before = queryClient.getQueryData<Status>(['status']);
  queryClient.setQueryData(['status'], status);
  if (before === undefined) return;
  again('explain');
  const old = new Map(before.spaces.map(space => [space.id, space]));
  let conflicts = before.spaces.length !== status.spaces.length;
  let hives = conflicts;
  for (const space of status.spaces) {
    const was = old.get(space.id);
    if (was !== undefined && JSON.stringify(was) === JSON.stringify(space)) continue;
    if (was?.conflicts !== space.conflicts || was?.applied_offset !== space.applied_offset) conflicts = true;
    for (const of of ['space', 'members', 'policies', 'chains', 'tail']) again(of, space.id);
    if (space.type === 'hive') again('hive-members', space.id);
    hives ||= space.type === 'hive';
    if (space.type === 'board' || was?.type === 'board') board(space.id);
  }
  for (const space of before.spaces) if (space.type === 'board' && !status.spaces.some(now => now.id === space.id)) board(space.id);
  if (conflicts) again('conflicts');
  if (hives) again('hives');
  if (JSON.stringify(before.peers) !== JSON.stringify(status.peers)) for (const of of ['history', 'sync-peers', 'groups']) again(of);
}
