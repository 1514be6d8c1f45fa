import type { BoardNode } from '../api/boardTypes';
import type { Peer } from '../api/types';

export const SHOWN_MAX = 48;
const RING = 16;
const FLAT = 0.42;

export interface Spot { peer: Peer; x: number; y: number; labelBelow: boolean }

/// Where each peer stands around this node, which is at 0,0: rings of sixteen, the same place for the same peers every time.
export function layout(peers: Peer[], radius: number): Spot[] {
  const sorted = [...peers].sort((a, b) => a.node.localeCompare(b.node)).slice(0, SHOWN_MAX);
  const rings = Math.max(1, Math.ceil(sorted.length / RING));
  return sorted.map((peer, index) => {
    const ring = Math.floor(index / RING);
    const onRing = Math.min(RING, sorted.length - ring * RING);
    const angle = (2 * Math.PI * (index % RING)) / onRing + ring * 0.2;
    const far = radius * (rings === 1 ? 1 : 0.55 + (0.45 * (ring + 1)) / rings);
    const y = far * Math.sin(angle) * FLAT;
    return { peer, x: far * Math.cos(angle), y, labelBelow: y > -1 };
  });
}

/// What nodes are called: as whoever named a peer here calls it, else as it calls itself in a project. A name that is only the beginning of the id says nothing.
export function nodeNames(peers: Peer[], boardNodes: BoardNode[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const { node, name } of [...boardNodes, ...peers]) if (name !== '' && !node.startsWith(name)) names.set(node, name);
  return names;
}
