// What the page knows of the node, by name. The live status says when something else has to be asked again.

import { QueryClient, useQuery } from '@tanstack/react-query';
import { api, Problem } from './client';
import type { Status } from './types';

export const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: 30_000, retry: (times, failure) => times < 2 && failure instanceof Problem && failure.code === 'no_answer', refetchOnWindowFocus: false } },
});

export const useStatus = () => useQuery({ queryKey: ['status'], queryFn: api.status, staleTime: Infinity });
export const useNode = () => useQuery({ queryKey: ['node'], queryFn: api.node, staleTime: Infinity });
export const useHistory = () => useQuery({ queryKey: ['history'], queryFn: api.history });
export const useSpace = (id: string) => useQuery({ queryKey: ['space', id], queryFn: () => api.space(id) });
export const useMembers = (id: string) => useQuery({ queryKey: ['members', id], queryFn: () => api.members(id) });
export const useChains = (id: string) => useQuery({ queryKey: ['chains', id], queryFn: () => api.chains(id) });
export const useConflicts = () => useQuery({ queryKey: ['conflicts'], queryFn: api.conflicts });
export const useHives = () => useQuery({ queryKey: ['hives'], queryFn: api.hives });
export const useAgents = () => useQuery({ queryKey: ['agents'], queryFn: api.agents });
export const useSyncPeers = () => useQuery({ queryKey: ['sync-peers'], queryFn: api.syncPeers });
export const useGroups = () => useQuery({ queryKey: ['groups'], queryFn: api.groups });

function again(...key: string[]): void {
  void queryClient.invalidateQueries({ queryKey: key });
}

/// Takes a new status and asks again for what it shows to have changed.
export function take(status: Status): void {
  const before = queryClient.getQueryData<Status>(['status']);
  queryClient.setQueryData(['status'], status);
  if (before === undefined) return;
  const old = new Map(before.spaces.map(space => [space.id, space]));
  let conflicts = before.spaces.length !== status.spaces.length;
  let hives = conflicts;
  for (const space of status.spaces) {
    const was = old.get(space.id);
    if (was !== undefined && JSON.stringify(was) === JSON.stringify(space)) continue;
    if (was?.conflicts !== space.conflicts || was?.applied_offset !== space.applied_offset) conflicts = true;
    for (const of of ['space', 'members', 'chains', 'tail']) again(of, space.id);
    hives ||= space.type === 'hive';
  }
  if (conflicts) again('conflicts');
  if (hives) again('hives');
  if (JSON.stringify(before.peers) !== JSON.stringify(status.peers)) for (const of of ['history', 'sync-peers', 'groups']) again(of);
}
