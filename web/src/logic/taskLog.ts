import type { BoardNode, TaskLogEntry } from '../api/boardTypes';
import type { Peer } from '../api/types';

export const LOG_LINES_MAX = 5_000;

/// One line of a task's log.
export interface LogLine { key: string; node: string; at: string; text: string; refused: boolean; direct: boolean }

/// The lines of entries, the newest LOG_LINES_MAX of them.
export function logLines(entries: TaskLogEntry[]): { lines: LogLine[]; left: number } {
  const all = entries.flatMap(entry => entry.lines.map((text, index): LogLine => ({ key: `${entry.cursor} ${index}`, node: entry.node, at: entry.at, text, refused: entry.refused, direct: entry.via === 'direct' })));
  return { lines: all.slice(-LOG_LINES_MAX), left: Math.max(0, all.length - LOG_LINES_MAX) };
}

/// Puts later entries behind those that are known: none twice, and no more kept than can be shown.
export function withMore(known: TaskLogEntry[], more: TaskLogEntry[]): TaskLogEntry[] {
  const cursors = new Set(known.map(entry => entry.cursor));
  const all = [...known, ...more.filter(entry => !cursors.has(entry.cursor))];
  let lines = 0;
  let from = all.length;
  while (from > 0 && lines <= LOG_LINES_MAX) lines += all[--from]!.lines.length;
  return from === 0 ? all : all.slice(from);
}

/// What a node says directly goes behind what is in the log, until it is there, too.
export function withDirect(log: TaskLogEntry[], direct: TaskLogEntry[]): TaskLogEntry[] {
  return direct.length === 0 ? log : withMore(log, direct);
}

/// The node whose lines do not come over a connection and could be read where it says that it can be reached; null for none.
export function readDirectly(holder: string | null, nodes: BoardNode[], peers: Pick<Peer, 'node' | 'state'>[]): BoardNode | null {
  const node = nodes.find(each => each.node === holder);
  if (node === undefined || node.self || node.public_url === null) return null;
  return peers.some(peer => peer.node === holder && peer.state === 'connected') ? null : node;
}
