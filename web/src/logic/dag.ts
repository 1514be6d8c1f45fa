import type { Chain, LogEntry } from '../api/types';

export const LANES_MAX = 12;

/// Where each chain is drawn: a lane, from the chain's first entry to its last. Chains that are over before another begins share a lane; what does not
/// fit shares the last one.
export interface Lanes { of: Map<string, Lane>; count: number }
export interface Lane { lane: number; first: number; last: number; seq: number }

export function chainKey(at: { origin: string; epoch: string }): string {
  return `${at.origin}/${at.epoch}`;
}

/// @param chains branches of one chain are one lane
export function lanes(chains: Chain[]): Lanes {
  const whole = new Map<string, Lane>();
  for (const chain of chains) {
    const key = chainKey(chain);
    const known = whole.get(key);
    if (known === undefined) whole.set(key, { lane: 0, first: chain.first_offset, last: chain.last_offset, seq: chain.seq });
    else whole.set(key, { lane: 0, first: Math.min(known.first, chain.first_offset), last: Math.max(known.last, chain.last_offset), seq: Math.max(known.seq, chain.seq) });
  }
  const busyUntil: number[] = [];
  for (const lane of [...whole.values()].sort((a, b) => a.first - b.first)) {
    // One row stays free between two chains of a lane, or they would look like one.
    const free = busyUntil.findIndex(until => until + 1 < lane.first);
    lane.lane = free >= 0 ? free : Math.min(busyUntil.length, LANES_MAX - 1);
    busyUntil[lane.lane] = Math.max(busyUntil[lane.lane] ?? 0, lane.last);
  }
  return { of: whole, count: Math.max(1, busyUntil.length) };
}

/// What one row of the picture shows. The newest row is on top, so lines come from below.
export interface RowPicture {
  lane: number;
  /// Lanes that pass through this row, and the halves of it that they fill.
  lines: { lane: number; above: boolean; below: boolean }[];
  /// Lanes from which something is merged into this row's event.
  merges: number[];
}

export function rowPicture(entry: LogEntry, all: Lanes, reaches: Map<string, number>): RowPicture {
  const own = all.of.get(chainKey(entry));
  const lines: RowPicture['lines'] = [];
  for (const [key, lane] of all.of) {
    const end = Math.max(lane.last, reaches.get(key) ?? 0);
    if (entry.offset < lane.first || entry.offset > end) continue;
    lines.push({ lane: lane.lane, above: entry.offset < end, below: entry.offset > lane.first });
  }
  const merges = (entry.merges ?? []).map(merge => all.of.get(chainKey(merge))?.lane).filter(lane => lane !== undefined && lane !== own?.lane) as number[];
  return { lane: own?.lane ?? 0, lines, merges: [...new Set(merges)] };
}

/// Up to which entry the line of an ended chain goes on: to the event that merges its end, where that is among those that were read. The line then
/// ends one row below it, from where the curve begins.
export function reaches(entries: Iterable<LogEntry>, all: Lanes): Map<string, number> {
  const found = new Map<string, number>();
  for (const entry of entries) for (const merge of entry.merges ?? []) {
    const key = chainKey(merge);
    const lane = all.of.get(key);
    if (lane !== undefined && merge.seq === lane.seq) found.set(key, Math.max(found.get(key) ?? 0, entry.offset - 1));
  }
  return found;
}

/// Ids of events that no event names as a parent, among those that were read: the heads, when the newest were read.
export function heads(entries: LogEntry[]): Set<string> {
  const parents = new Set(entries.flatMap(entry => [entry.prev ?? '', ...(entry.merges ?? []).map(merge => merge.id)]));
  return new Set(entries.filter(entry => entry.id !== undefined && !parents.has(entry.id)).map(entry => entry.id!));
}
