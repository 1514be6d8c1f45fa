import assert from 'node:assert/strict';
import { test } from 'node:test';
import { report } from './report.mjs';
import { SYSTEMS } from './systems.mjs';

const settings = { records: 1_000, rounds: 2 };
const versions = { sqlite: 'better-sqlite3 1.2.3' };
const told = (results, failures = []) => report({ results, failures, versions, settings, began: Date.now(), load: 0.5 });
const lines = (text, title) => text.split('\n## ').find(part => part.startsWith(title))?.split('\n').filter(line => line.startsWith('| ')) ?? [];
const cells = line => line.split('|').slice(1, -1).map(cell => cell.trim());

test('a ratio is that of the medians to plain SQLite in the same run', () => {
  const [, reference, waggle] = lines(told({ sqlite: [{ backfill: 90 }, { backfill: 110 }], waggle: [{ backfill: 40 }, { backfill: 60 }] }), 'W1');
  assert.equal(cells(reference)[1], '100 (90 to 110)');
  assert.equal(cells(waggle)[1], '50 (40 to 60), ×0.5');
});

test('a system stands only where it was measured', () => {
  const text = told({ sqlite: [{ backfill: 1, latency: 1, latencySlow: 1 }], 'postgres-copy': [{ backfill: 2 }], yjs: [] });
  assert.deepEqual(lines(text, 'W1').slice(1).map(line => cells(line)[0]), ['plain SQLite', 'PostgreSQL, COPY']);
  assert.deepEqual(lines(text, 'W2').slice(1).map(line => cells(line)[0]), ['plain SQLite']);
  assert.ok(!text.includes('## W3'), 'a table without rows is left out');
  assert.ok(!text.includes(SYSTEMS.yjs.durable), 'nothing is said of what was not measured');
});

test('what was left out and what failed are told', () => {
  const text = told({ sqlite: [{ backfill: 1 }] }, ['SymmetricDS was left out: no network.', 'Yjs, round 1: it fell']);
  assert.match(text, /## What did not work\n\n- SymmetricDS was left out: no network\.\n- Yjs, round 1: it fell\n$/);
  assert.ok(!told({ sqlite: [{ backfill: 1 }] }).includes('did not work'));
});

test('each says what it makes durable, with its version', () => {
  assert.match(told({ sqlite: [{ backfill: 1 }] }), /- plain SQLite \(better-sqlite3 1\.2\.3\): every commit is fsynced/);
  for (const [name, { title, durable }] of Object.entries(SYSTEMS)) assert.ok(title && durable && !durable.endsWith('.'), name);
});
