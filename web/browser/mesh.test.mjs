import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, Browser, picture, visit } from './support/browser.mjs';
import { Place, sql, until } from './support/nodes.mjs';

// Gossip of loopback addresses is refused unless it is allowed: all nodes of this test are on loopback.
const SETTINGS = { sync: { heartbeat_interval: 1000, gossip: { exchange_interval: 1000, allow_loopback: true } } };
const place = new Place();
let browser, a, b, c, onA;

before(async () => {
  [browser, a, b, c] = await Promise.all([Browser.open(), place.node('a', SETTINGS), place.node('b', SETTINGS), place.node('c', SETTINGS)]);
  sql(place.file('a.sqlite'), 'CREATE TABLE notes (id TEXT PRIMARY KEY, title TEXT)');
  const space = await b.job('/api/v1/track', { file: place.file('a.sqlite'), name: 'notes' });
  for (const [node, file] of [[a, 'b.sqlite'], [c, 'c.sqlite']]) {                // both know b only; of each other they hear by gossip
    const { ticket } = await b.call('POST', '/api/v1/invite', { space: space.id });
    await node.job('/api/v1/join', { ticket, file: place.file(file) });
  }
  onA = await browser.page(a);
});
after(async () => {
  await place.close();
  await browser.close();
});

const row = id => onA.getByRole('row').filter({ hasText: id.slice(0, 8) }).first();

test('the graph and the table show who is there, by which source, and how far', async () => {
  await onA.getByRole('link', { name: 'Mesh' }).click();
  await onA.getByRole('img', { name: '2 of 2 peers connected. The table below names them.' }).waitFor({ timeout: 40_000 });
  await row(b.id).getByText('manual').waitFor();
  await row(c.id).getByText(/gossip|met/).first().waitFor();
  assert.ok(await onA.locator('svg.mesh line.edge.gossip, svg.mesh line.edge.met').count() > 0, 'an edge for what gossip told');
  await onA.getByRole('row').filter({ hasText: 'no lag' }).getByText('active').first().waitFor();
  await accessible(onA);
  await picture(onA, 'mesh', { fullPage: true });
});

test('a peer is tried, and a group compared again, at a press', async () => {
  await onA.getByRole('button', { name: `Try ${b.id.slice(0, 8)}` }).click();
  await row(b.id).getByText(/reached in/).waitFor();
  await onA.getByRole('button', { name: 'Compare again: notes' }).click();
  await onA.getByText('notes is compared with 2 peers again.').waitFor();
});

test('a peer that ends turns the edge, and one is named and forgotten', async () => {
  await c.stop();
  await onA.getByRole('img', { name: '1 of 2 peers connected. The table below names them.' }).waitFor();
  await onA.getByRole('button', { name: 'Name a peer…' }).click();
  await onA.getByLabel('Name', { exact: true }).fill('cellar');
  await onA.getByLabel('Endpoint').fill('https://127.0.0.1:9/sync/v1');
  await accessible(onA);
  await onA.getByRole('button', { name: 'Name it' }).click();
  await onA.getByRole('row', { name: /cellar/ }).waitFor();
  await onA.getByRole('button', { name: 'Forget https://127.0.0.1:9/sync/v1' }).click();
  await onA.getByRole('row', { name: /cellar/ }).waitFor({ state: 'detached' });
});

test('all of it fits a phone', async () => {
  await onA.setViewportSize({ width: 360, height: 740 });
  for (const where of ['#/mesh', '#/spaces', '#/conflicts', '#/hives', '#/start']) {
    await visit(onA, a, where);
    await until(`${where} fits 360 pixels`, () => onA.evaluate(() => document.documentElement.scrollWidth === 360));
  }
});
