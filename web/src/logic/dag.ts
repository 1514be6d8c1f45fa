import type { Chain, LogEntry } from '../api/types';

export const LANES_MAX = 12;

/// Where each chain is drawn: a lane, from the chain's first entry to its last. Chains that are over before another begins share a lane; what does not
/// fit shares the last one.
export interface Lanes { of: Map<string, Lane>; count: number }
export interface Lane { lane: number; first: number; last: number }

export function chainKey(at: { origin: string; epoch: string }): string {
  return `${at.origin}/${at.epoch}`;
}

/// @param chains branches of one chain are one lane
export function lanes(chains: Chain[]): Lanes {
  const whole = new Map<string, Lane>();
  for (const chain of chains) {
    const key = chainKey(chain);
    const known = whole.get(key);
    if (known === undefined) whole.set(key, { lane: 0, first: chain.first_offset, last: chain.last_offset });
    else whole.set(key, { lane: 0, first: Math.min(known.first, chain.first_offset), last: Math.max(known.last, chain.last_offset) });
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

/// What one row of the picture shows. The newest row is on top, so what an event follows and merges lies below.
export interface RowPicture {
  lane: number;
  /// Lanes that pass through this row, and the halves of it that they fill.
  lines: { lane: number; above: boolean; below: boolean }[];
  /// What is merged into this row's event: its lane, and how many rows below it is; undefined where that is not known.
  merges: { lane: number; rows: number | undefined }[];
}

/// @param offsets of the events that were read, by id
export function rowPicture(entry: LogEntry, all: Lanes, offsets: Map<string, number>): RowPicture {
  const byLane = new Map<number, RowPicture['lines'][number]>();               // one line a lane, however many chains share it
  for (const { lane, first, last } of all.of.values()) {
    if (entry.offset < first || entry.offset > last) continue;
    const known = byLane.get(lane);
    byLane.set(lane, { lane, above: known?.above || entry.offset < last, below: known?.below || entry.offset > first });
  }
  const lines = [...byLane.values()];
  const merges: RowPicture['merges'] = [];
  for (const merge of entry.merges ?? []) {
    const lane = all.of.get(chainKey(merge));
    const offset = offsets.get(merge.id);
    if (lane !== undefined) merges.push({ lane: lane.lane, rows: offset === undefined ? undefined : entry.offset - offset });
  }
  return { lane: all.of.get(chainKey(entry))?.lane ?? 0, lines, merges };
}
