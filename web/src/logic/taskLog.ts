import type { TaskLogEntry } from '../api/boardTypes';

export const LOG_LINES_MAX = 5_000;

/// One line of a task's log.
export interface LogLine { key: string; node: string; at: string; text: string; refused: boolean }

/// The lines of entries, the newest LOG_LINES_MAX of them.
export function logLines(entries: TaskLogEntry[]): { lines: LogLine[]; left: number } {
  const all = entries.flatMap(entry => entry.lines.map((text, index): LogLine => ({ key: `${entry.cursor} ${index}`, node: entry.node, at: entry.at, text, refused: entry.refused })));
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
