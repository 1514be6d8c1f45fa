import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { card, open, shareGarden } from './support/boards.mjs';
import { accessible, Browser, picture } from './support/browser.mjs';
import { Place } from './support/nodes.mjs';

const place = new Place();
let browser, a, b, onA, onB, garden, remote;

before(async () => {
  [browser, a, b] = await Promise.all([Browser.open(), place.node('a', { board: { node_name: 'mill' } }),
    place.node('b', { board: { node_name: 'barn', executor: { enabled: true, slots: 2, commands: { default: ['/usr/local/bin/do-task'], test: ['/usr/bin/make', '-C', '/srv/garden', 'test'] }, projects: ['orchard'] } } })]);
  [onA, onB] = await Promise.all([browser.page(a), browser.page(b)]);
  ({ garden, remote } = await shareGarden(a, b, await place.link(a.up.listen)));
});
after(async () => {
  await place.close();
  await browser.close();
});

test('settings show what is set, and nothing there can be changed', async () => {
  await open(onB, b, 'swarm');
  await onB.getByRole('heading', { name: 'Swarm settings of this node' }).waitFor();
  await onB.getByText('barn', { exact: true }).waitFor();
  await onB.getByText('on', { exact: true }).waitFor();
  await onB.getByRole('cell', { name: '/usr/bin/make -C /srv/garden test' }).waitFor();
  await accessible(onB);
  await picture(onB, 'board-settings');
});

test('the unlink dialog warns, and leaves a project of this node alone', async () => {
  await open(onB, b, 'projects', remote, 'sharing');
  await onB.getByRole('button', { name: 'Unlink…' }).click();
  const dialog = onB.getByRole('dialog');
  await dialog.getByText('Are you sure you want to unlink garden from Swarm?').waitFor();
  await dialog.getByText('This will clear all sync state for this project.').waitFor();
  await dialog.getByText('Tasks will no longer be shared with other nodes.').waitFor();
  assert.equal(await dialog.getByRole('checkbox', { name: /Tell the hub/ }).isChecked(), false);
  await accessible(onB);
  await picture(onB, 'board-unlink');
  await dialog.getByRole('checkbox', { name: /Tell the hub/ }).check();
  await dialog.getByRole('button', { name: 'Unlink', exact: true }).click();
  await onB.getByRole('heading', { name: 'A project of this node alone' }).waitFor();
  await open(onB, b, 'projects', remote);
  await card(onB, 'To do', 'Mend the fence').waitFor();
  await open(onA, a, 'projects', garden, 'sharing');
  await onA.getByRole('cell', { name: /^mill/ }).waitFor();
  await onA.getByRole('cell', { name: /^barn/ }).waitFor({ state: 'detached' });
});

test('the page says whose order decides, and that somebody’s does', async () => {
  await open(onA, a, 'projects', garden, 'sharing');
  await onA.getByText('Of two changes that did not know each other, the one with the later time').waitFor();
  await a.board('POST', `/api/projects/${garden}/sequencer`, { node: 'me' });
  await onA.reload();
  await onA.getByText('Of two changes that did not know each other, the one that reached').getByText('(this node)').waitFor();
  await a.board('POST', `/api/projects/${garden}/sequencer`, { node: 'none' });
});

test('a project that was unlinked is linked again', async () => {
  await open(onB, b, 'projects', remote, 'sharing');
  await onB.getByRole('button', { name: 'Link…' }).click();
  await onB.getByRole('dialog').getByRole('combobox').selectOption({ index: 1 });
  await onB.getByRole('dialog').getByRole('button', { name: 'Link', exact: true }).click();
  await onB.getByRole('heading', { name: 'A swarm project' }).waitFor();
});

test('the health section is not there while all is well, shows what is wrong, fixes all of it and says what came of it', async () => {
  await open(onB, b, 'projects');
  await onB.getByRole('link', { name: 'garden' }).waitFor();
  assert.equal(await onB.getByRole('heading', { name: 'Swarm health' }).count(), 0);
  assert.equal(await onB.getByText(/Sync issues/).count(), 0);
  await open(onA, a, 'projects', garden, 'sharing');
  await onA.getByRole('button', { name: 'Close for all…' }).click();
  await onA.getByRole('button', { name: 'Close it for all' }).click();
  const section = onB.getByRole('region', { name: 'Swarm health' });
  await section.getByText(/1 project with sync issues, \d+ orphaned tasks/).waitFor();
  await onB.getByRole('listitem').getByText(/Sync issues: \d+ orphaned tasks/).waitFor();
  await accessible(onB);
  await picture(onB, 'board-health');
  let answer;
  const asked = new Promise(resolve => { answer = resolve; });
  await onB.route('**/unlink-swarm', async route => {
    await asked;
    await route.fulfill({ status: 503, contentType: 'application/json', body: JSON.stringify({ error: { code: 'not_ready', message: 'The node is stopping.', remedy: '' } }) });
  });
  await section.getByRole('button', { name: 'Fix all issues' }).click();
  await section.getByRole('progressbar', { name: 'Unlinking projects' }).waitFor();
  await section.getByText('0 of 1').waitFor();
  assert.ok(await section.getByRole('button', { name: 'Fixing…' }).isDisabled(), 'not twice');
  answer();
  await section.getByText('0 fixed, 1 error.').waitFor();
  await section.getByRole('listitem').getByText('The node is stopping.').waitFor();
  await onB.unroute('**/unlink-swarm');
  await section.getByRole('button', { name: 'Fix all issues' }).click();
  await section.getByText('1 fixed, 0 errors.').waitFor();
  await onB.getByText(/Sync issues/).waitFor({ state: 'detached' });
  await section.getByRole('button', { name: 'Put this away' }).click();
  await section.waitFor({ state: 'detached' });
  assert.equal((await b.board('GET', '/api/projects'))[0].is_linked, false);
});
