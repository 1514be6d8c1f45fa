import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { Browser, visit } from './support/browser.mjs';
import { forAll, names, shows, TEXTS } from './support/hostile.mjs';
import { Place, sql } from './support/nodes.mjs';

// Paths of files, names of tables, of spaces and of peers: each takes every one of the 500 strings, side by side.
const place = new Place();
const NAMES = names(80);
const made = [];
let browser, a, onA;

before(async () => {
  [browser, a] = await Promise.all([Browser.open(), place.node('a')]);
  onA = await browser.page(a);
});
after(async () => {
  await place.close();
  await browser.close();                                                     // fails on any script error, dialog and breach of the content policy
});

test('paths of tracked files, and names of tables, columns and spaces, are text', async () => {
  const words = TEXTS.map((text, i) => `${i} ${text}`.replaceAll('/', '\u2215').slice(0, 36));
  const each = 9;                                                                // so many words have room in a path
  const quoted = name => `"${name.replaceAll('"', '""')}"`;
  const tables = (i, kind) => TEXTS.slice(i * each, i * each + each).map((text, n) => `${kind}${i * each + n} ${text}`);
  await onA.goto('about:blank');                                              // a page that looks on asks again after each of them
  for (let i = 0; i < TEXTS.length / each; i++) {
    const file = join(place.folder, ...words.slice(i * each, i * each + each), 'notes.sqlite');
    mkdirSync(dirname(file), { recursive: true });
    sql(file, ...tables(i, 't').map((table, n) => `CREATE TABLE ${quoted(table)} (${quoted(tables(i, 'c')[n])} TEXT PRIMARY KEY)`));
    made.push({ file, ...await a.job('/api/v1/track', { file, name: NAMES[i] }) });
  }
  await visit(onA, a, '#/spaces');
  await shows(onA, made.flatMap(({ name, file }) => [name, file]));
  for (const [i, { id, file }] of made.entries()) {
    await visit(onA, a, `#/spaces/${id}`);
    await shows(onA, [file, ...tables(i, 't')]);
  }
  await visit(onA, a, '#/explain');
  for (const [i, { id }] of made.entries()) {
    await onA.getByLabel('Space').selectOption(id);
    await shows(onA, tables(i, 't'));
  }
});

test('what a check of the node found, of files whose paths say anything, is text', async () => {
  const good = made.map(({ file }) => [file, readFileSync(file)]);
  for (const [file] of good) writeFileSync(file, 'no database at all. '.repeat(500));
  await visit(onA, a, '#/');
  await onA.getByRole('img', { name: 'red: stuck' }).waitFor();
  await onA.getByRole('button', { name: 'Check the node' }).click();
  await onA.getByText('The check found this:').waitFor();
  await shows(onA, made.flatMap(({ name, file }) => [name, file]));
  for (const [file, bytes] of good) writeFileSync(file, bytes);
});

test('names of peers that are named by hand are text, in the table and in the picture', async () => {
  await onA.goto('about:blank');
  await forAll(names(200), (name, i) => a.call('POST', '/api/v1/sync/peers', { name, sync_endpoint: `https://127.0.0.1:${i + 1}/sync/v1` }));
  await visit(onA, a, '#/mesh');
  await shows(onA, names(200));
});
