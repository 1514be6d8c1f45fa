import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Browser, visit } from './support/browser.mjs';
import { names, quiet, shows, TEXTS } from './support/hostile.mjs';
import { Place, until } from './support/nodes.mjs';

// What a hub knows of its nodes, users, keys and projects, and what a node is shown of them: each takes every one of the 500 strings, also those that the hub's own routes refuse.
const place = new Place();
const NAMES = names(80);
const ORGANISATION = '0a';
const ORGANISATION_NAME = TEXTS[12];                                               // one that would turn the text around it
const id = (kind, i, digits) => `${kind}${i.toString(16)}`.padStart(digits, '0');
let browser, hub, a, onHub, onA;

before(async () => {
  const organisation = ORGANISATION;
  const accounts = [{ kind: 'ORGANISATION', id: ORGANISATION, fields: { name: ORGANISATION_NAME, removed: false } }];
  TEXTS.forEach((text, i) => {
    const node = id('b', i, 64);
    accounts.push({ kind: 'KEY', id: id('d', i, 16), fields: { organisation, name: `k${i} ${text}`, removed: false } },
      { kind: 'NODE', id: node, fields: { organisation, key: id('d', i, 16), name: `n${i} ${text}`, public_url: `https://x/${text}`, removed: false } },
      { kind: 'PROJECT', id: id('c', i, 64), fields: { organisation, name: `p${i} ${text}`, node, open: i > 0, removed: false } },
      { kind: 'USER', id: id('e', i, 16), fields: { organisation, email: `u${i} ${text}@x`, password: '', role: 'member', removed: false } });
  });
  [browser, hub] = await Promise.all([Browser.open(), place.hub('hub', accounts)]);
  const { secret } = await hub.call('POST', '/api/v1/hub/keys', { organisation: ORGANISATION, name: 'berlin' });
  writeFileSync(place.file('berlin.key'), secret, { mode: 0o600 });
  a = await place.node('a', { hub_url: `http://${hub.up.listen}`, node_api_key_file: place.file('berlin.key'), board: { node_name: TEXTS[1].slice(0, 80) } });
  [onHub, onA] = await Promise.all([browser.page(hub), browser.page(a)]);
});
after(async () => {
  await place.close();
  await browser.close();                                                     // fails on any script error, dialog and breach of the content policy
});

const each = kind => TEXTS.map((text, i) => `${kind}${i} ${text}`);

test('a hub shows names of nodes, keys and projects, addresses of users, and its audit log as text', async () => {
  await visit(onHub, hub, `#/hub/${ORGANISATION}`);
  await shows(onHub, [ORGANISATION_NAME, ...each('n'), ...each('k'), ...each('p'), ...each('u').map(text => `${text}@x`)]);
  for (const [button, name] of [['Remove: ', `n7 ${TEXTS[7]}`], ['Take off: ', `p8 ${TEXTS[8]}`], ['Password of ', `u9 ${TEXTS[9]}@x`], ['Revoke: ', `k10 ${TEXTS[10]}`]]) {
    await onHub.evaluate(label => [...document.querySelectorAll('button')].find(each => each.getAttribute('aria-label') === label).click(), button + name);
    assert.equal(await onHub.locator('.modal strong').textContent(), name);
    await quiet(onHub);
    await onHub.keyboard.press('Escape');
    await onHub.locator('.modal').waitFor({ state: 'detached' });
  }
});

test('a node is shown the projects of its hub, and who brought them, as text', async () => {
  await until('the node is at its hub', async () => (await a.call('GET', '/api/v1/hub/link')).connected, 30_000);
  await visit(onA, a, '#/mesh');
  const projects = each('p').slice(1);                                       // the first is not open to all
  await shows(onA, [ORGANISATION_NAME, ...projects, ...each('n').slice(1)]);
});
