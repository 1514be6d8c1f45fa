import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { accessible, Browser, picture } from './support/browser.mjs';
import { pair, Place, sql, until } from './support/nodes.mjs';

// How many events the long log has; WAGGLE_EVENTS=100000 is what the page is made for and takes a minute to prepare.
const EVENTS = Number(process.env.WAGGLE_EVENTS ?? 10_000);
const place = new Place();
let browser, world, onA, hive;

before(async () => {
  [browser, world] = await Promise.all([Browser.open(), pair(place)]);
  onA = await browser.page(world.a);
  await onA.getByText('In sync with every member.').waitFor();
  for (let round = 0; round < 3; round++) {                       // both write while they cannot hear each other, and merge when they can
    world.link.cut();
    for (let i = 0; i < 3; i++) for (const [name, file] of [['a', world.files[0]], ['b', world.files[1]]]) sql(file, `INSERT INTO notes VALUES ('${name}${round}${i}', 'Note', '')`);
    await until('both have logged', async () => (await Promise.all([world.a, world.b].map(node => node.call('GET', '/api/v1/sync/status')))).every(status => status.spaces[0].queue === 0));
    await world.link.heal();
    await world.b.job('/api/v1/sync/now', {});
    await until('A has all', () => sql(world.files[0], 'SELECT count(*) FROM notes').trim() === String(6 * (round + 1)));
  }
  await world.a.call('POST', '/api/v1/agents', { name: 'ann', key: false });
  hive = await world.a.call('POST', '/api/v1/hives', { name: 'long' });
  writeFileSync(place.file('posts.jsonl'), Array.from({ length: EVENTS }, (_, i) => JSON.stringify({ type: 'post', id: String(i), title: `post ${i}`, author: 'bob' })).join('\n'));
  await world.a.job('/api/v1/hives/long/import', { file: place.file('posts.jsonl') });
});
after(async () => {
  await place.close();
  await browser.close();
});

test('the picture shows chains, merges and the head', async () => {
  await onA.goto(`http://${world.a.rest}/#/spaces/${world.space}/log`);
  await onA.locator('.entry .flag.head').first().waitFor();
  await onA.locator('.entry', { hasText: 'merge' }).first().waitFor();
  assert.ok(await onA.locator('svg.dag rect').count() > 0, 'a merge is drawn');
  const lanes = await onA.locator('svg.dag').first().getAttribute('width');
  assert.ok(Number(lanes) >= 32, `two chains have two lanes: ${lanes}`);
  await accessible(onA);
  await picture(onA, 'log');
});

test('an entry that another node writes appears on top without a reload', async () => {
  const before = await onA.locator('.entry .offset').first().textContent();
  sql(world.files[1], "INSERT INTO notes VALUES ('late', 'Ivy', '')");
  await until('a new first row', async () => await onA.locator('.entry .offset').first().textContent() !== before);
});

test('a press shows what was signed', async () => {
  await onA.locator('.entry button', { hasText: 'changed rows' }).first().click();
  await onA.getByLabel('What was signed').getByText('"waggle-event/1"').waitFor();
  await accessible(onA);
  await onA.keyboard.press('Escape');
});

test('filters find by type and by author', async () => {
  await onA.getByLabel('Type').fill('genesis');
  await onA.getByText('1 entry found.').waitFor();
  await onA.getByRole('button', { name: 'Clear' }).click();
  await onA.getByLabel('Written by').selectOption({ label: world.b.id.slice(0, 8) });
  await onA.getByText(/entries found\./).waitFor();
  assert.deepEqual(await onA.locator('.entry .id').evaluateAll(ids => [...new Set(ids.map(id => id.textContent))]), [world.b.id.slice(0, 8)]);
});

test('a log of many events is usable: it opens, jumps anywhere and filters in a moment, with few rows in the page', async () => {
  let began = Date.now();
  await onA.goto(`http://${world.a.rest}/#/spaces/${hive.id}/log`);
  await onA.getByText(new RegExp(`^${(EVENTS + 1).toLocaleString('en').slice(0, -2)}.. entries|^1..,... entries`)).waitFor();
  await onA.locator('.entry').first().waitFor();
  const times = { open: Date.now() - began };
  const rows = onA.getByRole('region', { name: 'Entries of the log, newest first' });
  assert.ok(await rows.locator('li').count() < 80);

  began = Date.now();
  await rows.evaluate(box => { box.scrollTop = box.scrollHeight / 2; });
  await onA.locator('.entry .offset', { hasText: String(Math.round(EVENTS / 2 / 100)) }).first().waitFor();
  times.middle = Date.now() - began;
  began = Date.now();
  await rows.evaluate(box => { box.scrollTop = box.scrollHeight; });
  await onA.locator('.entry', { hasText: 'made the space' }).waitFor();
  times.end = Date.now() - began;
  assert.ok(await rows.locator('li').count() < 80);

  began = Date.now();
  await onA.getByLabel('Type').fill('genesis');
  await onA.getByText('1 entry found.').waitFor();
  times.filter = Date.now() - began;
  console.log(`# ${EVENTS} events: ${JSON.stringify(times)} ms`);
  assert.ok(times.open < 5_000 && times.middle < 3_000 && times.end < 3_000, JSON.stringify(times));
});
