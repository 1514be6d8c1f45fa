import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { visit } from './support/browser.mjs';
import { packed, quiet, shows, showsNow, TEXTS } from './support/hostile.mjs';
import { hostileHub } from './support/hostileHub.mjs';
import { Place } from './support/nodes.mjs';
import { twoNodes } from './support/two.mjs';

// Why a peer and a hub refuse this node is said in their words, which take every one of the 500 strings.
const REMARKS = packed(480);                                                      // a refusal has at most 512 bytes
const place = new Place();
let browser, hub, a, b, link, onA, onB;

before(async () => {
  hub = await hostileHub(TEXTS.join(' '));
  writeFileSync(place.file('node.key'), `waggle_node_${'0'.repeat(64)}\n`, { mode: 0o600 });
  ({ browser, a, b, link, onA, onB } = await twoNodes(place, { hub_url: hub.url, node_api_key_file: place.file('node.key') }));
});
after(async () => {
  hub.close();
  await place.close();
  await browser.close();                                                     // fails on any script error, dialog and breach of the content policy
});

test('what a hub refuses a node with is text', async () => {
  await visit(onA, a, '#/mesh');
  await shows(onA, [`The hub refuses: ${TEXTS[0]}`, ...TEXTS]);
});

test('what a peer refuses with is text, at home and in the mesh', async () => {
  await a.call('POST', '/api/v1/agents', { name: 'ann', key: false });
  const hive = await a.call('POST', '/api/v1/hives', { name: 'bees' });
  const { ticket } = await a.call('POST', '/api/v1/invite', { space: hive.id, addresses: [link.address] });
  await b.job('/api/v1/hives/join', { ticket });
  await onB.close();
  await b.stop();
  const says = await place.hostilePeer('b', a.up.listen);
  const onHome = await browser.page(a);
  for (const words of REMARKS) {
    says(words);
    for (const page of [onA, onHome]) await showsNow(page, words);
  }
  await quiet(onA);
  await quiet(onHome);
});
