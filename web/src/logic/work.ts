import type { Effect } from '../api/boardTypes';

/// How long a lease goes on.
export function leaseSays(until: string | null, nowMs: number): string {
  const left = until === null ? 0 : Math.ceil((Date.parse(until) - nowMs) / 1000);
  if (!(left > 0)) return 'is over';
  return left < 120 ? `ends in ${left} s` : `ends in ${Math.round(left / 60)} min`;
}

/// What a node reported, in words.
export function reported(effect: Effect): string {
  switch (effect.kind) {
    case 'result': return effect.exit_code == null ? 'result' : effect.exit_code === 0 ? 'result: it worked (exit code 0)' : `result: it failed (exit code ${effect.exit_code})`;
    case 'progress': return effect.percent == null ? 'progress' : `progress: ${effect.percent} %`;
    case 'released': return 'given back';
    case 'lease_renewed': return 'renewal of the lease';
    case 'log': return 'lines of the log';
  }
}
