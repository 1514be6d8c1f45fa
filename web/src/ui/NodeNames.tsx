import { useQuery } from '@tanstack/react-query';
import { createContext, useContext, useMemo, type ReactNode } from 'react';
import { boards } from '../api/projects';
import type { Status } from '../api/types';
import { nodeNames } from '../logic/mesh';
import { Id } from './Id';
import { Remote } from './Remote';

const NAMED_MS = 60_000;
/// Of so many projects it is looked up how nodes call themselves there.
const PROJECTS_MAX = 20;

const Names = createContext<ReadonlyMap<string, string>>(new Map());

/// Knows what nodes are called: as peers by whoever named them here, else as they call themselves in a project that is shared with them.
export function NodeNames({ status, children }: { status: Status | undefined; children: ReactNode }) {
  const { data } = useQuery({
    queryKey: ['node-names'], staleTime: NAMED_MS, refetchInterval: NAMED_MS, enabled: status?.spaces.some(space => space.type === 'board') ?? false,
    queryFn: async () => (await Promise.all((await boards.projects()).filter(project => project.is_linked).slice(0, PROJECTS_MAX).map(project => boards.nodes(project.id).catch(() => [])))).flat(),
  });
  const names = useMemo(() => nodeNames(status?.peers ?? [], data ?? []), [status?.peers, data]);
  return <Names.Provider value={names}>{children}</Names.Provider>;
}

export function useNodeNames(): ReadonlyMap<string, string> {
  return useContext(Names);
}

/// A node by its name, where one is known, and the beginning of its id.
export function NodeId({ node }: { node: string }) {
  const name = useNodeNames().get(node);
  return <span className="node-name">{name !== undefined && <><Remote text={name} /> </>}<Id id={node} /></span>;
}
