import { after, before, test } from 'node:test';
import { open, shareGarden, task } from './support/boards.mjs';
import { visit } from './support/browser.mjs';
import { forAll, names, packed, quiet, shows, showsNow, TEXTS } from './support/hostile.mjs';
import { Place } from './support/nodes.mjs';
import { twoNodes } from './support/two.mjs';

// What there is only one of takes every one of the 500 strings, one after the other, while a page shows it.
const place = new Place();
let browser, a, b, link, onA, onB, garden, remote;

before(async () => {
  ({ browser, a, b, link, onA, onB } = await twoNodes(place));
});
after(async () => {
  await place.close();
  await browser.close();                                                     // fails on any script error, dialog and breach of the content policy
});

test('what a hive is set to, and the reasons of moderators, are text', async () => {
  await a.call('POST', '/api/v1/agents', { name: 'ann', key: false });
  const { id } = await a.call('POST', '/api/v1/hives', { name: 'bees' });
  await visit(onA, a, `#/hives/${id}`);
  for (const value of packed(2_000)) {
    await a.call('POST', `/api/v1/hives/${id}/settings`, { key: 'description', value, agent: 'ann' });
    await showsNow(onA, value);
  }
  for (const from of [0, 250]) await a.call('POST', `/api/v1/hives/${id}/settings`, { key: `words_${from}`, value: TEXTS.slice(from, from + 250), agent: 'ann' });
  await visit(onA, a, `#/hives/${id}/about`);
  await shows(onA, TEXTS.map(text => JSON.stringify(text)));
  const reasons = packed(300);
  const post = await a.call('POST', '/api/v1/hives/bees/posts', { title: 'Clover', agent: 'ann' });
  await forAll(reasons, async reason => {
    const comment = await a.call('POST', `/api/v1/posts/${post.id}/comments`, { content: 'Linden', agent: 'ann' });
    await a.call('DELETE', `/api/v1/comments/${comment.id}`, { reason, agent: 'ann' });
  });
  await visit(onA, a, `#/hives/${id}/${post.id}`);
  await shows(onA, reasons);
});

test('all that the page of a task shows is text while it changes', async () => {
  ({ garden, remote } = await shareGarden(a, b, link));
  const { id } = await task(a, garden, 'Sow carrots');
  await open(onA, a, 'projects', garden, 'tasks', id);
  const labels = Array.from({ length: 20 }, (_, i) => TEXTS.slice(i * 25, i * 25 + 25).map((text, n) => `${n} ${text}`.slice(0, 80)));
  for (const [i, title] of packed(500).entries()) {
    await a.board('PATCH', `/api/tasks/${id}`, { title, description: `${title} ${i}`, labels: labels[i % labels.length], assignee: TEXTS[i].slice(0, 80) });
    await showsNow(onA, `${title} ${i}`);
  }
  await quiet(onA);
});

test('the name of a node is text where it is set and where others see it', async () => {
  await open(onB, b, 'projects', remote, 'sharing');
  const address = onA.getByLabel('Name of this node', { exact: true });
  for (const [i, name] of names(80).entries()) {
    await a.call('PATCH', '/api/v1/settings', { name: 'board.node_name', value: name });
    await onA.evaluate(() => { location.hash = '#/hives'; });
    await address.waitFor({ state: 'detached' });
    await onA.evaluate(() => { location.hash = '#/settings'; });
    await onA.waitForFunction(name => [...document.querySelectorAll('input')].some(input => input.value === name), name, { polling: 20 });
    if (i % 20 === 19) await showsNow(onB, name);
  }
  await quiet(onA);
  await quiet(onB);
});
