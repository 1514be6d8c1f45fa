import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { median, peakMiB, percentile } from './measure.mjs';

test('medians and percentiles', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.equal(percentile([...Array(100).keys()], 99), 98);
  assert.equal(percentile([7], 50), 7);
});

test('the memory of a process has that of those which it started', { skip: !existsSync('/proc/self/status') && 'there is no /proc' }, async () => {
  const alone = await peakMiB(process.pid);
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1_000)'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    assert.ok(await peakMiB(process.pid) > alone + 20, 'Node alone takes more than that');
    assert.ok(await peakMiB([child.pid, child.pid]) > await peakMiB(child.pid));
  } finally {
    child.kill('SIGKILL');
  }
  assert.equal(await peakMiB(2 ** 22 + 1), undefined);
});
