import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { card, column, open } from './support/boards.mjs';
import { accessible, Browser, picture } from './support/browser.mjs';
import { Place, until } from './support/nodes.mjs';

const place = new Place();
let browser, a, onA, many;

before(async () => {
  [browser, a] = await Promise.all([Browser.open(), place.node('a')]);
  onA = await browser.page(a);
  const states = ['open', 'closed', 'closed', 'closed', 'in_progress', 'open'];
  writeFileSync(place.file('many.jsonl'), Array.from({ length: 2_400 }, (_, i) => JSON.stringify({ id: `m-${i}`, title: `Task number ${i}`, status: states[i % 6], priority: i % 5, labels: [`l${i % 7}`], depends_on: i > 5 ? [`m-${i - 1}`] : [] })).join('\n'));
  many = (await a.board('POST', '/api/projects', { name: 'many' })).id;
  await a.board('POST', `/api/projects/${many}/import`, { file: place.file('many.jsonl') });
});
after(async () => {
  await place.close();
  await browser.close();
});

test('a board of 2,400 tasks opens, scrolls, filters and moves in a moment, with few cards in the page', async () => {
  let began = Date.now();
  await open(onA, a, 'projects', many);
  await column(onA, 'Done').getByRole('heading', { name: 'Done 1,200' }).waitFor();
  await column(onA, 'To do').getByRole('heading', { name: 'To do 800' }).waitFor();
  const times = { open: Date.now() - began };
  assert.ok(await onA.locator('.task-card').count() < 120);
  began = Date.now();
  await column(onA, 'To do').getByRole('link').first().focus();
  await onA.keyboard.press('End');
  await until('the last card has the keyboard', () => onA.evaluate(() => document.activeElement.closest('li')?.getAttribute('aria-posinset') === '800'));
  times.end = Date.now() - began;
  began = Date.now();
  await onA.keyboard.press('Space');
  await onA.keyboard.press('ArrowRight');
  await onA.keyboard.press('Space');
  await column(onA, 'To do').getByRole('heading', { name: 'To do 799' }).waitFor();
  times.move = Date.now() - began;
  began = Date.now();
  await onA.getByLabel('Find').fill('number 2388');
  await column(onA, 'To do').getByRole('heading', { name: 'To do 1' }).waitFor();
  times.filter = Date.now() - began;
  assert.ok(await onA.locator('.task-card').count() < 120);
  console.log(`# 2,400 tasks: ${JSON.stringify(times)} ms`);
  assert.ok(times.open < 8_000 && times.end < 2_000 && times.move < 3_000 && times.filter < 2_000, JSON.stringify(times));
});

test('on a phone one column is shown at a time, and cards are moved by their list', async () => {
  await onA.setViewportSize({ width: 390, height: 844 });
  await open(onA, a, 'projects', many);
  await onA.getByRole('button', { name: 'Clear' }).click();
  await onA.getByRole('group', { name: 'Column to show' }).getByRole('button', { name: /In progress/ }).click();
  assert.equal(await onA.locator('.column:visible').count(), 1);
  await accessible(onA);
  assert.ok(await onA.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider than the screen');
  await picture(onA, 'board-phone');
  const title = await column(onA, 'In progress').getByRole('link').first().textContent();
  await onA.getByLabel(`Move ${title}`, { exact: true }).selectOption('In review');
  await onA.getByRole('button', { name: /In review/ }).click();
  await card(onA, 'In review', title).waitFor();
});
