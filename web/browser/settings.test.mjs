import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { accessible, Browser, picture } from './support/browser.mjs';
import { pair, Place, sql, until } from './support/nodes.mjs';

const place = new Place();
let browser, world, onA, hook;
const alerts = [];

before(async () => {
  hook = createServer((request, answer) => {
    let body = '';
    request.on('data', text => { body += text; }).on('end', () => { alerts.push(JSON.parse(body)); answer.end(); });
  });
  await new Promise(resolve => hook.listen(0, '127.0.0.1', resolve));
  [browser, world] = await Promise.all([Browser.open(), pair(place)]);
  onA = await browser.page(world.a);
});
after(async () => {
  await place.close();
  hook.close();
  await browser.close();
});

const file = () => JSON.parse(readFileSync(join(world.a.data, 'settings.json'), 'utf8'));

async function save(label, text) {
  await onA.getByLabel(label, { exact: true }).fill(text);
  await onA.getByRole('button', { name: `Save: ${label}` }).click();
}

test('what can be changed without a restart is changed on the page, holds at once and is in the file', async () => {
  await onA.getByRole('link', { name: 'Settings' }).click();
  await onA.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  await save('Name of this node', 'shed');
  await onA.getByText('Saved; it holds from now on.').waitFor();
  assert.equal(file().board.node_name, 'shed');
  assert.equal((await world.a.board('GET', '/api/swarm-settings')).node_name, 'shed');
  await accessible(onA);
  await picture(onA, 'settings', { fullPage: true });
});

test('a webhook that is set while the node runs is told when a peer falls behind', async () => {
  await save('Alert when a peer lacks more events than', '3');
  await save('Where alerts are posted', `http://127.0.0.1:${hook.address().port}/secret`);
  await until('only its host is shown', async () => await onA.getByLabel('Where alerts are posted', { exact: true }).inputValue() === `http://127.0.0.1:${hook.address().port}/…`);
  world.link.cut();
  for (let i = 0; i < 6; i++) {
    sql(world.files[0], `INSERT INTO notes VALUES ('${i}', 'Note', '')`);
    await until('it is an event', async () => (await world.a.call('GET', '/api/v1/spaces/-')).queue === 0);
  }
  await until('the webhook is told', () => alerts.some(alert => alert.type === 'sync_lag' && alert.limit === 3), 30_000);
  await world.link.heal();
});

test('a bad value is refused in the words of its field, and nothing is changed', async () => {
  const before = readFileSync(join(world.a.data, 'settings.json'), 'utf8');
  for (const [label, text, says] of [['Events a second that a member may push', '0', '"push_rate" is not from 1 to 1000000.'], ['Addresses that may connect', '10.0.0.0/99', '"10.0.0.0/99" has too many bits.'],
    ['Days until events are condensed', 'many', '"retention_days": expected an integer.'], ['Public address', 'here', '"public_url": a public URL begins with https:// or http://.']]) {
    await save(label, text);
    await onA.locator('form.setting', { hasText: label }).getByRole('alert').getByText(says).waitFor();
  }
  await accessible(onA);
  assert.equal(readFileSync(join(world.a.data, 'settings.json'), 'utf8'), before);
});

test('a setting goes back to its default', async () => {
  await onA.reload();
  await onA.getByRole('button', { name: 'Use the default: Name of this node' }).click();
  await until('the field is empty', async () => await onA.getByLabel('Name of this node', { exact: true }).inputValue() === '');
  assert.equal(file().board, undefined);
});

test('what takes another start says how and what the file has for it, and commands stay in the file', async () => {
  const fixed = onA.getByRole('region', { name: 'What takes another start' });
  await fixed.getByRole('row', { name: /board\.executor.*could run programs on this machine/ }).waitFor();
  await fixed.getByRole('row', { name: /^listen 127\.0\.0\.1/ }).waitFor();
  assert.equal(await fixed.locator('input, select, button').count(), 0);
  const { sync, ...others } = file();
  writeFileSync(join(world.a.data, 'settings.json'), JSON.stringify({ ...others, sync: { ...sync, heartbeat_interval: 5_000 } }));
  await onA.reload();
  await fixed.getByRole('row', { name: /heartbeat_interval 30000 ms after a restart: 5000 ms .* start the node again/ }).waitFor();
  await onA.getByRole('region', { name: 'Access' }).getByText(join(world.a.data, 'token')).waitFor();
});

test('the colours are chosen here and by the sign at the top, and stay', async () => {
  const theme = () => onA.evaluate(() => document.documentElement.dataset.theme);
  await onA.getByLabel('dark', { exact: true }).check();
  assert.equal(await theme(), 'dark');
  await onA.reload();
  await onA.getByRole('heading', { name: 'Settings', level: 1 }).waitFor();
  assert.equal(await theme(), 'dark');
  await onA.getByRole('button', { name: /^Colours: dark/ }).click();
  assert.equal(await theme(), 'auto');
  assert.ok(await onA.getByLabel('as this computer is set').isChecked());
});
