import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, Browser, picture } from './support/browser.mjs';
import { pair, Place, sql, until } from './support/nodes.mjs';

const ROWS = 6;
const place = new Place();
let browser, world, onA, onB;

before(async () => {
  [browser, world] = await Promise.all([Browser.open(), pair(place, 'CREATE TABLE notes (id TEXT PRIMARY KEY, title TEXT, body TEXT); CREATE TABLE shelf (id TEXT PRIMARY KEY, slot INTEGER UNIQUE)')]);
  [onA, onB] = await Promise.all([browser.page(world.a), browser.page(world.b)]);
});
after(async () => {
  await place.close();
  await browser.close();
});

const settled = page => page.getByRole('status').getByText(/settled on all machines/);

test('the empty page says why it is empty', async () => {
  await onA.getByRole('link', { name: 'Conflicts' }).click();
  await onA.getByText('There is nothing for you to decide in 1 tracked database.').waitFor();
  await accessible(onA);
});

test('two changes of one field are side by side on both pages, without a reload', async () => {
  for (let i = 0; i < ROWS; i++) sql(world.files[0], `INSERT INTO notes VALUES ('${i}', 'Note ${i}', 'first')`);
  await until('B has the rows', () => sql(world.files[1], 'SELECT count(*) FROM notes').trim() === String(ROWS));
  world.link.cut();
  sql(world.files[0], "UPDATE notes SET title = 'Clover by the hill' WHERE id <> '5'", "DELETE FROM notes WHERE id = '5'");
  sql(world.files[1], "UPDATE notes SET title = 'Clover by the river'");
  await until('both have logged', async () => (await Promise.all([world.a, world.b].map(node => node.call('GET', '/api/v1/sync/status')))).every(status => status.spaces[0].queue === 0));
  await world.link.heal();
  await world.b.job('/api/v1/sync/now', {});
  const card = onA.getByRole('article', { name: 'Conflict about notes 0' });
  await card.waitFor();
  await card.getByText('Clover by the hill').waitFor();
  await card.getByText('Clover by the river').waitFor();
  await card.getByText('this node').first().waitFor();
  await card.getByText(`node ${world.b.id.slice(0, 8)}`).waitFor();
  await card.getByText('Why:').waitFor();
  await accessible(onA);
  await picture(onA, 'conflicts');
  await onB.getByRole('link', { name: /Conflicts/ }).click();
  await onB.getByRole('article').first().waitFor();
  await until('B shows them all', async () => (await onB.getByRole('article').count()) === ROWS);
});

test('one press takes the other version on both machines, and the card goes away on both pages', async () => {
  const shown = sql(world.files[0], "SELECT title FROM notes WHERE id = '0'").trim();
  await onA.getByRole('article', { name: 'Conflict about notes 0' }).getByRole('button', { name: 'Take the other' }).click();
  await settled(onA).waitFor();
  await onB.getByRole('article', { name: 'Conflict about notes 0' }).waitFor({ state: 'detached' });
  for (const file of world.files) await until('the other title is shown', () => { const now = sql(file, "SELECT title FROM notes WHERE id = '0'").trim(); return now !== shown && now.startsWith('Clover'); });
});

test('a delete against an edit can be followed with one press', async () => {
  await onA.getByRole('article', { name: 'Conflict about notes 5' }).getByRole('button', { name: 'Delete the row' }).click();
  for (const file of world.files) await until('the row is gone', () => sql(file, "SELECT count(*) FROM notes WHERE id = '5'").trim() === '0');
});

test('all others are settled at once', async () => {
  await onA.getByRole('checkbox', { name: /^all/ }).check();
  await onA.getByRole('group', { name: 'Many at once' }).getByRole('button', { name: 'Keep what is shown' }).click();
  await onA.getByText('4 conflicts settled on all machines.').waitFor();
  await onA.getByText('No conflicts', { exact: true }).waitFor();
  await onB.getByText('No conflicts', { exact: true }).waitFor();
});

test('a row that was kept out comes back with another key', async () => {
  world.link.cut();
  sql(world.files[0], "INSERT INTO shelf VALUES ('jar', 1)");
  sql(world.files[1], "INSERT INTO shelf VALUES ('comb', 1)");
  await until('both have logged', async () => (await Promise.all([world.a, world.b].map(node => node.call('GET', '/api/v1/sync/status')))).every(status => status.spaces[0].queue === 0));
  await world.link.heal();
  await world.b.job('/api/v1/sync/now', {});
  const card = onA.getByRole('article', { name: /Conflict about shelf/ });
  await card.getByText('Kept out').or(card.getByText('Other')).first().waitFor();
  await card.getByRole('button', { name: 'Restore with other values…' }).click();
  await onA.getByLabel('slot').fill('7');                                      // not the one that it would get by itself
  await onA.getByRole('button', { name: 'Restore', exact: true }).click();
  await card.waitFor({ state: 'detached' });
  for (const file of world.files) await until('both rows are there', () => sql(file, 'SELECT group_concat(slot) FROM (SELECT slot FROM shelf ORDER BY slot)').trim() === '1,7');
});

test('more conflicts than one answer of the node holds are shown on demand, and all of them are settled at once', async () => {
  const many = 230;
  const rows = Array.from({ length: many }, (_, i) => `('m${String(i).padStart(3, '0')}', 'Many', '')`).join();
  sql(world.files[0], `INSERT INTO notes VALUES ${rows}`);
  await until('B has the rows', () => sql(world.files[1], "SELECT count(*) FROM notes WHERE id LIKE 'm%'").trim() === String(many));
  world.link.cut();
  sql(world.files[0], "UPDATE notes SET title = 'Here' WHERE id LIKE 'm%'");
  sql(world.files[1], "UPDATE notes SET title = 'There' WHERE id LIKE 'm%'");
  await until('both have logged', async () => (await Promise.all([world.a, world.b].map(node => node.call('GET', '/api/v1/sync/status')))).every(status => status.spaces[0].queue === 0));
  await world.link.heal();
  await world.b.job('/api/v1/sync/now', {});
  await until('A knows them', async () => (await world.a.call('GET', '/api/v1/conflicts?limit=1')).conflicts_count === many);

  const ids = new Set();                                                        // by the cursor: every one, once
  let cursor = '';
  for (let page = 1; ; page++) {
    const answer = await world.a.call('GET', `/api/v1/conflicts?cursor=${cursor}`);
    for (const { id } of answer.conflicts) ids.add(id);
    assert.equal(answer.conflicts.length, page < 3 ? 100 : 30);
    assert.equal(answer.has_more, page < 3);
    cursor = answer.cursor;
    if (!answer.has_more) break;
  }
  assert.equal(ids.size, many);

  await onA.reload();
  const cards = onA.getByRole('article', { name: /^Conflict about notes m/ });
  await cards.first().waitFor();
  assert.equal(await cards.count(), 25);
  for (let shown = 50; shown <= 125; shown += 25) {
    await onA.getByRole('button', { name: `Show more: ${many - shown + 25} conflicts` }).click();
    await until(`${shown} are shown`, async () => await cards.count() === shown);
  }
  await onA.getByRole('checkbox', { name: `all ${many}` }).click();
  await onA.getByText(`${many} chosen`).waitFor();
  const shown = sql(world.files[0], "SELECT title FROM notes WHERE id = 'm000'").trim();
  const began = Date.now();
  await onA.getByRole('group', { name: 'Many at once' }).getByRole('button', { name: 'Take the other' }).click();
  await onA.getByText(`${many} conflicts settled on all machines.`).waitFor({ timeout: 60_000 });
  const ms = Date.now() - began;
  console.log(`# ${many} settled after ${ms} ms`);
  assert.ok(ms < 20_000, String(ms));
  await cards.first().waitFor({ state: 'detached' });
  for (const file of world.files) await until('all rows are the other', () => sql(file, `SELECT count(*) FROM notes WHERE id LIKE 'm%' AND title = '${shown === 'Here' ? 'There' : 'Here'}'`).trim() === String(many), 30_000);
});
