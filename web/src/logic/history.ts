import type { Run } from '../api/types';
import { count } from './text';
import { duration } from './time';

/// What the history chart draws: one point an interval, oldest first.
///
/// latency is the mean of the exchanges that ended well, in milliseconds; null where none did.
export interface Series { seconds: number[]; events: number[]; latency: (number | null)[] }

/// Puts exchanges into equal intervals that end now.
export function series(runs: Run[], nowMs: number, intervalMs: number, intervals: number): Series {
  const end = Math.ceil(nowMs / intervalMs) * intervalMs;
  const begin = end - intervals * intervalMs;
  const events = new Array<number>(intervals).fill(0);
  const took = new Array<number>(intervals).fill(0);
  const ended = new Array<number>(intervals).fill(0);
  for (const run of runs) {
    const index = Math.floor((run.started_ms + run.duration_ms - begin) / intervalMs);
    if (index < 0 || index >= intervals) continue;
    events[index]! += run.sent + run.received;
    if (run.error !== '') continue;
    took[index]! += run.duration_ms;
    ended[index]!++;
  }
  return {
    seconds: events.map((_, index) => (begin + index * intervalMs) / 1000),
    events,
    latency: took.map((sum, index) => ended[index] === 0 ? null : sum / ended[index]!),
  };
}

/// What a series comes to, in one sentence without its end: how much, and how long an exchange took on average.
export function said(drawn: Series): string {
  const events = drawn.events.reduce((sum, each) => sum + each, 0);
  const took = drawn.latency.filter(each => each !== null);
  const mean = took.length === 0 ? '' : `; an exchange took ${duration(took.reduce((sum, each) => sum + each, 0) / took.length)} on average`;
  return `${count(events, 'event')} exchanged in the last hour${mean}`;
}

const PEER_INTERVAL_MS = 5 * 60_000;

/// The last hour with one peer; null when nothing was exchanged with it.
export function ofPeer(runs: Run[], peer: string, nowMs: number): Series | null {
  const drawn = series(runs.filter(run => run.peer === peer), nowMs, PEER_INTERVAL_MS, 12);
  return drawn.events.some(each => each > 0) ? drawn : null;
}
