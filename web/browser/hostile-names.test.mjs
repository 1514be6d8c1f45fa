import { after, before, test } from 'node:test';
import { Browser, visit } from './support/browser.mjs';
import { forAll, names, shows, TEXTS } from './support/hostile.mjs';
import { Place } from './support/nodes.mjs';

// What there is only one of, or few: names of projects, organisations and keys, commands of the settings. Each takes every one of the 500 strings, side by side.
const place = new Place();
const NAMES = names(80);
let browser, hub, a, onHub, onA;

before(async () => {
  const commands = Object.fromEntries(TEXTS.map((text, i) => [`${i} ${text}`, [`/bin/${text}`]]));
  [browser, hub, a] = await Promise.all([Browser.open(), place.node('hub', { hub: true }), place.node('a', { board: { executor: { enabled: true, commands, projects: NAMES } } })]);
  [onHub, onA] = await Promise.all([browser.page(hub), browser.page(a)]);
});
after(async () => {
  await place.close();
  await browser.close();                                                     // fails on any script error, dialog and breach of the content policy
});

test('commands and projects of the settings are text', async () => {
  await visit(onA, a, '#/swarm');
  await shows(onA, [...TEXTS, ...NAMES]);
});

test('names of projects and swarm projects are text', async () => {
  await onA.goto('about:blank');                                              // a page that looks on asks again after each of them
  await forAll(NAMES, name => a.board('POST', '/api/projects', { name }));
  await visit(onA, a, '#/projects');
  await shows(onA, NAMES);
  await visit(onA, a, '#/swarm');
  await shows(onA, NAMES);
});

test('names of organisations and API keys of a hub, and its audit log, are text', async () => {
  await onHub.goto('about:blank');
  await forAll(NAMES, name => hub.call('POST', '/api/v1/hub/organisations', { name }));
  await visit(onHub, hub, '#/hub');
  await shows(onHub, NAMES);
  const [first] = (await hub.call('GET', '/api/v1/hub/organisations?limit=1')).organisations;
  await onHub.goto('about:blank');
  await forAll(NAMES, name => hub.call('POST', '/api/v1/hub/keys', { organisation: first.id, name }));
  await visit(onHub, hub, `#/hub/${first.id}`);
  await shows(onHub, NAMES);
});
