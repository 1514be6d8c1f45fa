import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { open } from './support/boards.mjs';
import { accessible, Browser, picture } from './support/browser.mjs';
import { Place, until } from './support/nodes.mjs';

// A node in the middle that two others share a project with. The two do not know of each other's addresses, but by what the worker says on the board.
const place = new Place();
const sync = { discovery: 'manual', gossip: { enabled: false, allow_loopback: true } };
let browser, middle, looker, worker, toLooker, toWorker, onLooker, remote;

before(async () => {
  const wait = name => `while ! test -e ${place.file(name)}; do sleep 0.05; done`;
  writeFileSync(place.file('work.sh'), `echo "first sod"; ${wait('second')}; echo "second sod"; ${wait('third')}; echo "third sod"; ${wait('end')}\n`);
  const executor = { enabled: true, settle_ms: 0, lease_ms: 600_000, commands: { work: ['/bin/sh', place.file('work.sh')] } };
  [browser, middle, looker, worker] = await Promise.all([Browser.open(), place.node('middle', { sync: { ...sync, gossip: { enabled: false } } }), place.node('looker', { sync, board: { node_name: 'mill' } }),
    place.node('worker', { sync, board: { node_name: 'barn', executor } })]);
  [toLooker, toWorker] = [await place.link(middle.up.listen), await place.link(middle.up.listen)];
  const garden = (await middle.board('POST', '/api/projects', { name: 'garden' })).id;
  const { space } = await middle.board('POST', `/api/projects/${garden}/share`, {});
  for (const [node, link] of [[looker, toLooker], [worker, toWorker]]) {
    const { ticket } = await middle.call('POST', '/api/v1/invite', { space, addresses: [link.address] });
    const { id } = await node.board('POST', '/api/projects/join', { ticket });
    if (node === looker) remote = id;
  }
  await worker.call('PATCH', '/api/v1/settings', { name: 'board.public_url', value: `http://${worker.up.listen}` });
  await until('the looker knows where the worker is', async () => (await looker.board('GET', `/api/projects/${remote}/nodes`)).some(node => node.public_url === `http://${worker.up.listen}`), 30_000);
  onLooker = await browser.page(looker);
});
after(async () => {
  await place.close();
  await browser.close();
});

test('while the worker is cut off from the middle its lines come from the worker itself, and each is shown once when it is back', async () => {
  const { id } = await looker.board('POST', `/api/projects/${remote}/tasks`, { title: 'Dig a pond', labels: ['run:work'] });
  await open(onLooker, looker, 'projects', remote, 'tasks', id);
  const log = onLooker.getByRole('region', { name: 'Lines of the log, oldest first' });
  await log.getByText('first sod').waitFor({ timeout: 30_000 });
  toWorker.cut();
  writeFileSync(place.file('second'), '');
  await log.getByRole('listitem').filter({ hasText: 'second sod' }).getByText('direct').waitFor({ timeout: 30_000 });
  await onLooker.getByText(`barn is not connected to this node, which reads its lines at http://${worker.up.listen} where it can`).waitFor();
  assert.ok(!(await looker.board('GET', `/api/tasks/${id}/log`)).entries.some(entry => entry.lines.includes('second sod')), 'it is not in the log yet');
  await accessible(onLooker);
  await picture(onLooker, 'board-direct', { fullPage: true });
  writeFileSync(place.file('third'), '');
  await log.getByText('third sod').waitFor();

  await toWorker.heal();
  await worker.job('/api/v1/sync/now', {});
  await until('no line is marked any more', async () => await log.getByText('direct', { exact: true }).count() === 0, 30_000);
  for (const sod of ['first', 'second', 'third']) assert.equal(await log.getByText(`${sod} sod`).count(), 1, sod);
  writeFileSync(place.file('end'), '');
});

test('the page itself speaks to its own node alone', async () => {
  const asked = [];
  onLooker.on('request', request => asked.push(new URL(request.url()).host));
  await onLooker.reload();
  await onLooker.getByText('third sod').waitFor();
  assert.deepEqual([...new Set(asked)], [looker.rest]);
});
