import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { accessible, Browser, picture } from './support/browser.mjs';
import { pair, Place, sql, until } from './support/nodes.mjs';

const place = new Place();
let browser, world, onA, onB;

before(async () => {
  [browser, world] = await Promise.all([Browser.open(), pair(place)]);
  [onA, onB] = await Promise.all([browser.page(world.a), browser.page(world.b)]);
});
after(async () => {
  await place.close();
  await browser.close();
});

const light = page => page.locator('section.light');

test('the token leaves the address, and home can be used in a second', async () => {
  const began = Date.now();
  const page = await browser.page(world.a);
  await page.getByRole('button', { name: 'Sync now' }).waitFor();
  assert.equal(await page.evaluate(() => location.href), `http://${world.a.rest}/`);
  console.log(`# home after ${Date.now() - began} ms, the tab's start among them`);
  await Promise.all([page.waitForEvent('load'), page.goto(world.a.page)]);         // the link once more, in the same tab: the page loads itself anew
  await page.waitForURL(`http://${world.a.rest}/`);
  await page.getByRole('button', { name: 'Sync now' }).waitFor();
  await page.close();
});

test('a link lets one browser in once, and nothing that a script can read', async () => {
  const [first, second] = await Promise.all([Browser.open(), Browser.open()]);
  try {
    const { link } = await world.a.call('POST', '/api/v1/page/links', {});
    const page = await first.page({ page: link });
    await page.getByRole('button', { name: 'Sync now' }).waitFor();
    const cookies = await first.context.cookies();
    assert.deepEqual(cookies.map(({ httpOnly, sameSite }) => ({ httpOnly, sameSite })), [{ httpOnly: true, sameSite: 'Strict' }]);
    const readable = await page.evaluate(() => [document.cookie, location.href, ...Object.values(localStorage), ...Object.values(sessionStorage)].join(' '));
    for (const secret of [world.a.token, link.split('=')[1], cookies[0].value]) assert.ok(!readable.includes(secret), readable);

    const tab = await first.page({ page: `http://${world.a.rest}/` });            // another tab needs no link
    await tab.getByRole('button', { name: 'Sync now' }).waitFor();

    const stranger = await second.page({ page: link });
    await stranger.getByRole('heading', { name: 'This browser was not let in yet' }).waitFor();
    await stranger.getByText('Run ./waggle page').waitFor();
    await accessible(stranger);

    await tab.getByRole('link', { name: 'Settings' }).click();
    await tab.getByRole('button', { name: 'Sign this browser out' }).click();
    await tab.getByRole('heading', { name: 'This browser was not let in yet' }).waitFor();
    assert.deepEqual(await first.context.cookies(), []);
  } finally {
    await first.close();
    await second.close();
  }
});

test('two people on two nodes see each other’s changes within a second or so', async () => {
  await light(onA).getByText('In sync with every member.').waitFor();
  await light(onB).getByText('In sync with every member.').waitFor();
  sql(world.files[0], "INSERT INTO notes VALUES ('1', 'Clover', 'behind the hill')");
  const began = Date.now();
  await onB.locator('.activity li', { hasText: 'changed rows' }).filter({ hasText: world.a.id.slice(0, 8) }).first().waitFor();
  console.log(`# seen on B after ${Date.now() - began} ms`);
  await until('the row is in B’s file', () => sql(world.files[1], 'SELECT title FROM notes').includes('Clover'));
});

test('a cut link turns the light yellow with the reason, and a healed one back', async () => {
  await light(onB).getByText('In sync with every member.').waitFor();
  world.link.cut();
  await light(onB).getByText('No other member of “notes” can be reached').waitFor();
  assert.match(await light(onB).getAttribute('class'), /yellow/);
  await picture(onB, 'home-cut');
  for (let i = 0; i < 20; i++) sql(world.files[1], `INSERT INTO notes VALUES ('b${i}', 'Linden ${i}', 'by the river')`);
  await onB.getByRole('cell', { name: /^[1-9]\d* events?$/ }).waitFor();        // the lag; several writes may be one event
  await world.link.heal();
  await onB.getByRole('button', { name: 'Sync now' }).click();
  await light(onB).getByText('In sync with every member.').waitFor();
  assert.match(await light(onB).getAttribute('class'), /green/);
  await until('the rows are in A’s file', () => sql(world.files[0], 'SELECT count(*) FROM notes').trim() === '21');
});

test('the chart speaks, and the page is accessible in light and dark', async () => {
  await onB.getByRole('figure').getByRole('img', { name: /exchanged in the last hour; an exchange took/ }).waitFor();
  const ofA = onB.getByRole('row').filter({ has: onB.getByText(world.a.id.slice(0, 8)) });
  await ofA.getByRole('img', { name: /^[1-9][\d,]* events? exchanged in the last hour; an exchange took/ }).waitFor();
  await accessible(onB);
  await picture(onB, 'home');
});

test('on a phone nothing has to be moved sideways', async () => {
  await onB.setViewportSize({ width: 360, height: 740 });
  await until('360 pixels are enough', () => onB.evaluate(() => document.documentElement.scrollWidth === 360));
  await picture(onB, 'home-phone');
  await onB.setViewportSize({ width: 1280, height: 860 });
});

test('a tracked file that is no database any more turns the light red, with the reason and the button that looks closer, and one that is good again turns it back', async () => {
  const extra = place.file('extra.sqlite');
  sql(extra, 'CREATE TABLE jars (id TEXT PRIMARY KEY)', "INSERT INTO jars VALUES ('1')");
  await world.b.job('/api/v1/track', { file: extra, name: 'jars' });
  await until('it is followed', async () => (await world.b.call('GET', '/api/v1/spaces/jars')).state === 'in sync');
  const good = readFileSync(extra);
  writeFileSync(extra, 'no database at all. '.repeat(500));
  await light(onB).getByText('is not an SQLite database').first().waitFor();
  assert.match(await light(onB).getAttribute('class'), /red/);
  await onB.getByRole('img', { name: 'red: stuck' }).waitFor();
  await light(onB).getByRole('button', { name: 'Check the node' }).click();
  await light(onB).getByText('The check found this:').waitFor();
  await light(onB).getByRole('listitem').filter({ hasText: 'file of "jars"' }).waitFor();
  assert.equal(await light(onB).getByRole('listitem').filter({ hasText: 'lineage' }).count(), 0, 'what is good is not among it');
  await accessible(onB);
  await picture(onB, 'home-red');
  writeFileSync(extra, good);
  await light(onB).getByText('In sync with every member.').waitFor();
  await light(onB).getByText('The check found this:').waitFor({ state: 'detached' });
  assert.match(await light(onB).getAttribute('class'), /green/);
});

test('a tracked file that another takes the place of, or that is moved away, turns the light red within seconds, says the way out, and green again when it is back', async () => {
  const file = place.file('hives.sqlite');
  const kept = place.file('kept.sqlite');
  sql(file, 'PRAGMA journal_mode = WAL', 'CREATE TABLE jars (id TEXT PRIMARY KEY)', "INSERT INTO jars VALUES ('1')");
  await world.b.job('/api/v1/track', { file, name: 'moved' });
  await until('it is followed', async () => (await world.b.call('GET', '/api/v1/spaces/moved')).state === 'in sync');
  await light(onB).getByText('In sync with every member.').waitFor();
  const times = [];
  for (const [put, says] of [[() => { const other = place.file('other.txt'); writeFileSync(other, 'no database at all. '.repeat(500)); renameSync(other, file); }, 'is not an SQLite database'], [() => {}, 'is not there any more']]) {
    renameSync(file, kept);
    const began = Date.now();
    put();
    await light(onB).getByText(says).first().waitFor({ timeout: 8_000 });
    times.push(Date.now() - began);
    assert.match(await light(onB).getAttribute('class'), /red/);
    assert.match(await light(onB).textContent(), /put it back/);
    await accessible(onB);
    renameSync(kept, file);
    await light(onB).getByText('In sync with every member.').waitFor();
    assert.match(await light(onB).getAttribute('class'), /green/);
  }
  console.log(`# red after ${times.join(' and ')} ms`);
});

test('a tracked file that is copied over in place, while its journal hides that, turns the light red within seconds, and green again when it is back', async () => {
  const [file, kept, other] = ['journal.sqlite', 'journal.kept', 'journal.other'].map(name => place.file(name));
  sql(file, 'PRAGMA journal_mode = WAL', 'CREATE TABLE jars (id TEXT PRIMARY KEY)', "INSERT INTO jars VALUES ('1')");
  sql(other, 'CREATE TABLE shelves (id TEXT PRIMARY KEY)');
  await world.b.job('/api/v1/track', { file, name: 'journal' });
  await until('it is followed', async () => (await world.b.call('GET', '/api/v1/spaces/journal')).state === 'in sync');
  sql(file, "INSERT INTO jars VALUES ('2')");
  await light(onB).getByText('In sync with every member.').waitFor();
  const times = [];
  for (const [over, says] of [[() => writeFileSync(file, 'no database at all. '.repeat(500)), 'is not an SQLite database'], [() => copyFileSync(other, file), 'was written over while its journal was in use']]) {
    copyFileSync(file, kept);
    const began = Date.now();
    over();
    await light(onB).getByText(says).first().waitFor({ timeout: 8_000 });
    times.push(Date.now() - began);
    assert.match(await light(onB).getAttribute('class'), /red/);
    assert.match(await light(onB).textContent(), /put/);
    copyFileSync(kept, file);
    await light(onB).getByText('In sync with every member.').waitFor();
    assert.match(await light(onB).getAttribute('class'), /green/);
  }
  console.log(`# red after ${times.join(' and ')} ms`);
});
