import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { accessible, Browser, picture } from './support/browser.mjs';
import { Place, until } from './support/nodes.mjs';

const EVIL = '<img src=x onerror=window.ran=1>';
const place = new Place();
let browser, hub, a, b, onHub, onA, onB;

before(async () => {
  [browser, hub] = await Promise.all([Browser.open(), place.node('hub', { hub: true })]);
  onHub = await browser.page(hub);
});
after(async () => {
  await place.close();
  await browser.close();
});

const card = (page, name) => page.getByRole('region', { name });
const row = (page, region, name) => card(page, region).getByRole('row').filter({ hasText: name });

/// A node of the organisation, with a secret of its own.
function node(name, secret) {
  const file = place.file(`${name}.key`);
  writeFileSync(file, secret + '\n', { mode: 0o600 });
  return place.node(name, { hub_url: `http://${hub.up.listen}`, node_api_key_file: file, board: { node_name: name } });
}

async function secretOfNewKey(name) {
  await onHub.getByLabel('Name of a new key').fill(name);
  await onHub.getByRole('button', { name: 'Make a key' }).click();
  const secret = await onHub.locator('code.secret').textContent();
  assert.match(secret, /^waggle_node_[0-9a-f]{64}$/);
  return secret;
}

test('an operator makes an organisation and a key, whose secret is shown once', async () => {
  await onHub.getByRole('link', { name: 'Mesh' }).click();
  await onHub.getByRole('link', { name: 'Organisations, keys, nodes…' }).click();
  await onHub.getByText('No organisations yet').waitFor();
  await accessible(onHub);
  await onHub.getByLabel('Name of a new organisation').fill('acme');
  await onHub.getByRole('button', { name: 'Make it' }).click();
  await card(onHub, 'Nodes of acme').getByText('No node came in yet').waitFor();
  const secret = await secretOfNewKey('berlin');
  await accessible(onHub);
  await picture(onHub, 'hub-key');
  await onHub.getByRole('button', { name: 'Close' }).click();
  await row(onHub, 'API keys', 'berlin').getByText('waggle_node_').waitFor();
  assert.ok(!(await onHub.content()).includes(secret), 'the secret is nowhere any more');
  a = await node('anna', secret);
  await row(onHub, 'Nodes of acme', 'anna').getByText('online').waitFor({ timeout: 30_000 });
});

test('a node brings a project to the hub, and another one takes part, each on its own page', async () => {
  const secret = await secretOfNewKey('paris');
  await onHub.getByRole('button', { name: 'Close' }).click();
  b = await node('bert', secret);
  const project = await a.board('POST', '/api/projects', { name: 'garden' });
  await a.board('POST', `/api/projects/${project.id}/tasks`, { title: 'Dig' });
  [onA, onB] = await Promise.all([browser.page(a), browser.page(b)]);
  await onA.getByRole('link', { name: 'Mesh' }).click();
  await card(onA, 'Hub').getByText(/as a node of acme/).waitFor({ timeout: 30_000 });
  await card(onA, 'Hub').getByText('The hub shows this node no projects yet').waitFor();
  await onA.getByRole('button', { name: 'Bring it to the hub' }).click();
  await onA.getByText('garden is at the hub now.').waitFor({ timeout: 40_000 });
  await onB.getByRole('link', { name: 'Mesh' }).click();
  await onB.getByRole('button', { name: 'Take part: garden' }).click();
  await onB.getByText('garden is among this node’s projects now.').waitFor({ timeout: 40_000 });
  await accessible(onB);
  await picture(onB, 'hub-node');
  await onB.getByRole('link', { name: 'Projects' }).click();
  await onB.getByText('garden').first().waitFor();
  await row(onHub, 'Projects', 'garden').getByText('anna').waitFor();
});

test('a project is closed to all but those who are named', async () => {
  await onHub.getByLabel('all nodes of the organisation').click();
  await until('b is shown it no more', async () => (await b.call('GET', '/api/v1/hub/link/projects')).projects.length === 0);
  await row(onHub, 'Projects', 'garden').getByLabel('bert').click();
  await until('b is named', async () => (await b.call('GET', '/api/v1/hub/link/projects')).projects.length === 1);
});

test('a key is rotated, and the older secret revoked: its node is shown out and says why', async () => {
  await onHub.getByRole('button', { name: 'Rotate: berlin' }).click();
  await onHub.getByText('The key has two live secrets now').waitFor();
  await onHub.getByRole('button', { name: 'Close' }).click();
  assert.ok(await onHub.getByRole('button', { name: 'Rotate: berlin' }).isDisabled(), 'two at most');
  await row(onHub, 'API keys', 'berlin').getByRole('button', { name: /^Revoke this one/ }).first().click();
  await onHub.getByRole('dialog').getByRole('button', { name: 'Revoke this one' }).click();
  await row(onHub, 'Nodes of acme', 'anna').getByText('offline').waitFor({ timeout: 15_000 });
  await card(onA, 'Hub').getByText(/does not take this node's API key/).waitFor({ timeout: 30_000 });
});

test('users, the audit log, and names that others chose are text', async () => {
  await onHub.getByRole('button', { name: 'Make a user…' }).click();
  await onHub.getByLabel('E-mail').fill('ann@example.com');
  await onHub.getByLabel('Password').fill('correct horse battery');
  await onHub.getByLabel('Role', { exact: true }).selectOption('admin');
  await onHub.getByRole('button', { name: 'Make the user' }).click();
  await row(onHub, 'Users', 'ann@example.com').getByText('never').waitFor();
  await row(onHub, 'Audit log of this hub', 'ann@example.com').getByText('operator', { exact: true }).waitFor();
  assert.ok(!(await onHub.content()).includes('argon2'), 'no hash is shown');
  await onHub.getByRole('button', { name: 'Password of ann@example.com' }).click();
  await onHub.getByLabel('Password', { exact: true }).fill('a better horse battery');
  await onHub.getByRole('button', { name: 'Change the password' }).click();
  await onHub.getByRole('dialog').waitFor({ state: 'detached' });
  const signIn = password => hub.call('POST', '/api/v1/hub/sessions', { email: 'ann@example.com', password });
  await assert.rejects(signIn('correct horse battery'));
  await signIn('a better horse battery');
  const { organisations } = await hub.call('GET', '/api/v1/hub/organisations');
  await hub.call('POST', '/api/v1/hub/keys', { organisation: organisations[0].id, name: EVIL });
  await onHub.getByText(EVIL).first().waitFor();
  await hub.call('POST', '/api/v1/hub/organisations', { name: EVIL });
  await onHub.getByRole('link', { name: EVIL }).waitFor();
  assert.equal(await onHub.evaluate('window.ran'), undefined);
  await hub.call('DELETE', `/api/v1/hub/keys/${encodeURIComponent(EVIL)}`);
  await onHub.getByRole('link', { name: EVIL }).click();
  await onHub.getByRole('button', { name: `Remove the organisation: ${EVIL}` }).click();
  await onHub.getByRole('dialog').getByRole('button', { name: 'Remove the organisation' }).click();
  await onHub.getByRole('link', { name: EVIL }).waitFor({ state: 'detached' });
  await row(onHub, 'Nodes of acme', 'bert').getByText('online').waitFor();
  await accessible(onHub);
  await picture(onHub, 'hub', { fullPage: true });
});

test('all of it fits a phone, and the dark', async () => {
  await onHub.setViewportSize({ width: 360, height: 740 });
  assert.ok(await onHub.evaluate('document.documentElement.scrollWidth <= 360'), 'nothing sticks out');
  await onHub.emulateMedia({ colorScheme: 'dark' });
  await accessible(onHub);
  await picture(onHub, 'hub-phone');
});
