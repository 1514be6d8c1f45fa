const FIRST_MS = 250;
const MOST_MS = 5_000;

/// How long to wait before another try after `failures` in a row: twice as long each time, up to a limit, and never quite the same, so that the tabs of a node
/// that comes back do not come all at once.
///
/// @param chance from 0 to 1
export function waitMs(failures: number, chance: number): number {
  return Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(failures, 10)) * (0.75 + chance / 2);
}
