import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, Browser, picture } from './support/browser.mjs';
import { pair, Place, sql, until } from './support/nodes.mjs';

const EVENTS = 100_000;
const CHAINS = 30;
const place = new Place();
let browser, world, onA, long;

before(async () => {
  [browser, world, long] = await Promise.all([Browser.open(), pair(place), place.longLog('long', EVENTS, CHAINS)]);
  onA = await browser.page(world.a);
  long.page = await browser.page(long.node);
  await onA.getByText('In sync with every member.').waitFor();
  for (let round = 0; round < 3; round++) {                       // both write while they cannot hear each other, and merge when they can
    world.link.cut();
    for (let i = 0; i < 3; i++) for (const [name, file] of [['a', world.files[0]], ['b', world.files[1]]]) sql(file, `INSERT INTO notes VALUES ('${name}${round}${i}', 'Note', '')`);
    await until('both have logged', async () => (await Promise.all([world.a, world.b].map(node => node.call('GET', '/api/v1/sync/status')))).every(status => status.spaces[0].queue === 0));
    await world.link.heal();
    await world.b.job('/api/v1/sync/now', {});
    await until('A has all', () => sql(world.files[0], 'SELECT count(*) FROM notes').trim() === String(6 * (round + 1)));
  }
});
after(async () => {
  await place.close();
  await browser.close();
});

test('the picture shows chains, merges and the head', async () => {
  await onA.goto(`http://${world.a.rest}/#/spaces/${world.space}/log`);
  await onA.locator('.entry .flag.head').first().waitFor();
  await onA.locator('.entry', { hasText: 'merge' }).first().waitFor();
  const merge = onA.locator('.rows li', { hasText: 'merge' }).first().locator('svg.dag');
  assert.equal(await merge.locator('rect').count(), 1, 'a merge has its mark');
  assert.ok(await merge.locator('path[d*="Q"]').count() > 0, 'and a bent way to what it merges');
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

/// How much of the page one list and its picture take, at most: rows in sight and some beside them, each with a line for each of 12 lanes and some marks.
const ROWS_MAX = 80;
const DRAWN_A_ROW_MAX = 16;

async function bounded(page, where) {
  const rows = page.getByRole('region', { name: /of the log, newest first|that the filter found/ });
  const [inPage, drawn] = await rows.evaluate(box => [box.querySelectorAll('li').length, box.querySelectorAll('svg *').length]);
  assert.ok(inPage > 0 && inPage < ROWS_MAX, `${where}: ${inPage} rows in the page`);
  assert.ok(drawn <= inPage * DRAWN_A_ROW_MAX, `${where}: ${drawn} elements drawn for ${inPage} rows`);
}

test('a log of 100,000 events opens and jumps anywhere in a moment, with few rows in the page and few elements in its picture', async () => {
  const { page } = long;
  let began = Date.now();
  await page.goto(`http://${long.node.rest}/#/spaces/${long.space}/log`);
  await page.getByRole('heading', { name: `${(EVENTS + 1).toLocaleString('en')} entries in ${CHAINS + 1} chains` }).waitFor();
  await page.locator('.entry').first().waitFor();
  const times = { open: Date.now() - began };
  await bounded(page, 'newest');
  assert.ok(await page.locator('svg.dag').first().getAttribute('width') <= 12 * 20, 'lanes are shared');

  const rows = page.getByRole('region', { name: 'Entries of the log, newest first' });
  for (const part of [0.5, 0.1, 0.9]) {
    began = Date.now();
    await rows.evaluate((box, at) => { box.scrollTop = box.scrollHeight * at; }, part);
    await page.locator('.entry .offset', { hasText: new RegExp(`^${Math.round(EVENTS * (1 - part) / 100)}\\d\\d$`) }).first().waitFor();
    times[`at ${part}`] = Date.now() - began;
    await bounded(page, `at ${part}`);
  }
  began = Date.now();
  await rows.focus();
  await page.keyboard.press('End');
  await page.locator('.entry', { hasText: 'made the space' }).waitFor();
  times.end = Date.now() - began;
  await bounded(page, 'oldest');
  console.log(`# ${EVENTS} events: ${JSON.stringify(times)} ms`);
  assert.ok(Object.values(times).every(ms => ms < 5_000), JSON.stringify(times));
});

test('filters answer in a log of 100,000 events: the rare, the nothing and the all', async () => {
  const { page } = long;
  const times = {};
  const filter = async (name, set, says) => {
    const began = Date.now();
    await set();
    await page.getByText(says).first().waitFor();
    times[name] = Date.now() - began;
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('region', { name: 'Entries of the log, newest first' }).waitFor();
  };
  await filter('rare', () => page.getByLabel('Type').fill('noted'), '100 entries found');
  await filter('one', () => page.getByLabel('Type').fill('genesis'), '1 entry found.');
  await filter('none', () => page.getByLabel('Worth').selectOption('void'), 'No entry is like that');
  await filter('all', () => page.getByLabel('Written by').selectOption({ label: long.node.id.slice(0, 8) }), /entries found so far/);
  console.log(`# filters: ${JSON.stringify(times)} ms`);
  assert.ok(Object.values(times).every(ms => ms < 3_000), JSON.stringify(times));
});

test('what a filter found is scrolled without an end of the page, and the page stays small', async () => {
  const { page } = long;
  await page.getByLabel('Type').fill('measured');
  const rows = page.getByRole('region', { name: 'Entries that the filter found, newest first' });
  await rows.waitFor();
  for (const wanted of [500, 1_000]) {
    await until(`${wanted} found`, async () => {
      await rows.evaluate(box => { box.scrollTop = box.scrollHeight; });
      return Number((await page.getByText(/entries found so far/).textContent()).split(' ')[0].replaceAll(',', '')) >= wanted;
    });
    await bounded(page, `${wanted} found`);
  }
});
