import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, Browser, picture, visit } from './support/browser.mjs';
import { quiet, seen, shows, TEXTS } from './support/hostile.mjs';
import { pair, Place, sql, until } from './support/nodes.mjs';

const ROWS = 100_000;
const NUMBERS = `(WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ${ROWS}) SELECT value FROM n)`;
const place = new Place();
const rows = page => page.getByRole('region', { name: 'Rows, by their key' });
const quoted = text => `'${text.replaceAll("'", "''")}'`;
const name = text => `"${text.replaceAll('"', '""')}"`;
let browser, world, large, onA, onLarge;

before(async () => {
  const file = place.file('large.sqlite');
  sql(file, 'CREATE TABLE measured (id INTEGER PRIMARY KEY, place TEXT, degrees REAL, picture BLOB, note TEXT)',
    `INSERT INTO measured SELECT value, 'field ' || (value % 40), value / 8.0, CASE WHEN value % 3 = 0 THEN zeroblob(2048) END, 'measurement ' || value FROM ${NUMBERS}`);
  [browser, world, large] = await Promise.all([Browser.open(),
    pair(place, 'CREATE TABLE notes (id TEXT PRIMARY KEY, title TEXT, body TEXT); CREATE TABLE tags (note TEXT, tag TEXT, weight INTEGER, PRIMARY KEY (note, tag)); CREATE TABLE empty (id TEXT PRIMARY KEY)'), place.node('large')]);
  large.space = (await large.job('/api/v1/track', { file, name: 'weather' })).id;
  sql(world.files[0], "INSERT INTO notes VALUES ('1', 'Clover', 'By the hill'), ('2', 'Ivy', NULL)", "INSERT INTO tags VALUES ('1', 'red', 3), ('1', 'small', 1)");
  [onA, onLarge] = await Promise.all([browser.page(world.a), browser.page(large)]);
});
after(async () => {
  await place.close();
  await browser.close();                                                     // fails on any script error, dialog and breach of the content policy
});

test('the rows of a space are reached from it, and a press on one explains it', async () => {
  await visit(onA, world.a, `#/spaces/${world.space}`);
  await onA.getByRole('link', { name: 'Rows', exact: true }).click();
  await onA.getByRole('combobox', { name: 'Table' }).selectOption('notes');
  await onA.getByText('2 rows, by their key.').waitFor();
  await rows(onA).getByRole('link', { name: /Clover/ }).waitFor();
  await accessible(onA);
  await rows(onA).getByRole('link', { name: /Clover/ }).click();
  await onA.getByRole('heading', { name: /^row \(1\) of notes/ }).waitFor();
  await onA.getByText(/title is “Clover”, set by this node/).waitFor();
  await onA.goBack();
  await onA.getByRole('combobox', { name: 'Table' }).selectOption('tags');
  await rows(onA).getByRole('link', { name: /small/ }).click();
  await onA.getByRole('heading', { name: /^row \(1, small\) of tags/ }).waitFor();
});

test('a row that a program writes on another machine comes without a reload, and one that is deleted goes', async () => {
  await visit(onA, world.a, `#/spaces/${world.space}/rows/=notes`);
  await rows(onA).getByText('Ivy').waitFor();
  sql(world.files[1], "INSERT INTO notes VALUES ('15', 'Linden', '')", "DELETE FROM notes WHERE id = '2'", "UPDATE notes SET title = 'White clover' WHERE id = '1'");
  for (const title of ['Linden', 'White clover']) await rows(onA).getByText(title).waitFor();
  await rows(onA).getByText('Ivy').waitFor({ state: 'detached' });
});

test('a table without rows says why, and one that there is not is refused in words', async () => {
  await visit(onA, world.a, `#/spaces/${world.space}/rows/=empty`);
  await onA.getByText('No rows yet').waitFor();
  await accessible(onA);
  await visit(onA, world.a, `#/spaces/${world.space}/rows/=nowhere`);
  await onA.getByText('"notes" has no table of the name nowhere.').waitFor();
});

test('a table of 100,000 rows opens and jumps anywhere, with few rows in the page', async () => {
  await visit(onLarge, large, `#/spaces/${large.space}`);
  await onLarge.getByRole('link', { name: 'Rows', exact: true }).click();
  await onLarge.getByText(`${ROWS.toLocaleString('en')} rows, by their key.`).waitFor();
  await rows(onLarge).getByText('measurement 1', { exact: true }).waitFor();
  await accessible(onLarge);
  await picture(onLarge, 'rows');
  for (const part of [0.5, 0.1, 0.9]) {
    await rows(onLarge).evaluate((box, at) => { box.scrollTop = box.scrollHeight * at; }, part);
    await rows(onLarge).getByText(`measurement ${ROWS * part + 5}`, { exact: true }).waitFor();
    assert.ok(await rows(onLarge).locator('li').count() < 80);
  }
  await rows(onLarge).focus();
  await onLarge.keyboard.press('End');
  await rows(onLarge).getByText(`measurement ${ROWS}`, { exact: true }).waitFor();
  await rows(onLarge).getByText('2.0 KB of data').first().waitFor();
  await rows(onLarge).getByRole('link', { name: new RegExp(`measurement ${ROWS}$`) }).click();
  await onLarge.getByRole('heading', { name: new RegExp(`^row \\(${ROWS}\\) of measured`) }).waitFor();
});

/// A space of its own: a tracked file that these statements made.
async function tracked(name, ...statements) {
  const file = place.file(`${name}.sqlite`);
  sql(file, ...statements);
  return (await world.a.job('/api/v1/track', { file, name: TEXTS[0].slice(0, 80) })).id;
}

test('names of tables and columns, and values, of others are text', async () => {
  await onA.bringToFront();                                                  // in a tab behind another one each move of the mouse takes seconds
  for (const half of [0, 1]) {
    const texts = TEXTS.slice(half * 250, half * 250 + 250);
    const [table, columns, values] = [texts[3], texts.map((text, i) => `c${i} ${text}`), texts.map((text, i) => `v${i} ${text}`)];
    const id = await tracked(`wide${half}`, `CREATE TABLE ${name(table)} (${columns.map(column => `${name(column)} TEXT`).join(', ')}, PRIMARY KEY (${name(columns[0])}))`, `INSERT INTO ${name(table)} VALUES (${values.map(quoted).join(', ')})`);
    await visit(onA, world.a, `#/spaces/${id}/rows/=${encodeURIComponent(table)}`);
    await onA.getByRole('button', { name: /^Show 238 more columns/ }).click();
    await shows(onA, [table, ...columns, ...values]);
  }
});

test('keys of others are text, and lead to their rows', async () => {
  const id = await tracked('keys', 'CREATE TABLE ".." (id TEXT PRIMARY KEY, v TEXT)', ...TEXTS.map((text, i) => `INSERT INTO ".." VALUES (${quoted(`${i} ${text}`)}, ${quoted(text)})`));
  await visit(onA, world.a, `#/spaces/${id}/rows/=..`);
  await rows(onA).locator('.cell').first().waitFor();
  const wanted = new Set(TEXTS.map((text, i) => seen(`${i} ${text}`)));
  for (let before = -1, at = 0; at > before;) {
    await until('the rows in sight are there', async () => await rows(onA).locator('.row-loading').count() === 0);
    for (const text of await rows(onA).locator('.cell:first-child > [dir]').allTextContents()) wanted.delete(text);
    await quiet(onA);
    [before, at] = [at, await rows(onA).evaluate(box => { box.scrollTop += box.clientHeight * 0.8; return box.scrollTop; })];
  }
  assert.deepEqual([...wanted], []);
  await rows(onA).getByRole('link').last().click();
  await onA.getByRole('heading', { name: /^row \(.* of \.\./ }).waitFor();
  await onA.getByRole('list', { name: 'Step by step' }).getByText(/^v is/).waitFor();
  await quiet(onA);
});

test('all of it fits a phone', async () => {
  await onLarge.setViewportSize({ width: 390, height: 844 });
  await visit(onLarge, large, `#/spaces/${large.space}/rows`);
  await rows(onLarge).getByText('measurement 1', { exact: true }).waitFor();
  assert.ok(await onLarge.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider than the phone');
  await accessible(onLarge);
});
