import { expect, test } from 'vitest';
import lock from '../../package-lock.json?raw';

test('the lock file names no host: whoever builds decides where packages come from', () => {
  expect(lock).not.toMatch(/https?:/);
  expect(lock).toContain('"integrity": "sha512-');
});
