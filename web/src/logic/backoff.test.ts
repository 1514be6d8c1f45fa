import { expect, test } from 'vitest';
import { waitMs } from './backoff';

test('each try waits twice as long as the one before, up to a limit, and never all at once', () => {
  expect([0, 1, 2, 3, 4, 5, 50, 5000].map(failures => waitMs(failures, 0.5))).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000, 5000]);
  expect([waitMs(0, 0), waitMs(0, 1), waitMs(9, 1)]).toEqual([187.5, 312.5, 6250]);
});
