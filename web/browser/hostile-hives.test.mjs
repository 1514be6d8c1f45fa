import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Browser, visit } from './support/browser.mjs';
import { names, packed, quiet, seen, shows, showsNow, TEXTS } from './support/hostile.mjs';
import { Place } from './support/nodes.mjs';

// Names of hives, of those who belong to them and of what was joined; and what is explained of posts and comments.
const place = new Place();
const MEMBERS = names(80);
const HIVES = MEMBERS.map(name => name.replaceAll(/[/\\]|\p{Cf}/gu, ''));       // as every name of a space is cleaned
const SHAPES = 25;
const SAID = packed(199);                                                        // an explanation says so many characters of a field
let browser, a, b, link, onA, onB, hive;

before(async () => {
  [browser, { node: a, hive }, b] = await Promise.all([Browser.open(), place.hives('a', ['bees', ...HIVES], MEMBERS), place.node('b')]);
  link = await place.link(a.up.listen);
  [onA, onB] = await Promise.all([browser.page(a), browser.page(b)]);
});
after(async () => {
  await place.close();
  await browser.close();                                                     // fails on any script error, dialog and breach of the content policy
});

test('names of hives in the list, and of the members of one, are text', async () => {
  await visit(onA, a, '#/hives');
  await shows(onA, HIVES);
  await visit(onA, a, `#/hives/${hive}/about`);
  for (const more = onA.getByRole('button', { name: /^Show more/ }); await more.count() > 0;) {
    const rows = await onA.locator('tbody tr').count();
    await more.click();
    await onA.waitForFunction(rows => document.querySelectorAll('tbody tr').length > rows, rows, { polling: 20 });
  }
  await shows(onA, MEMBERS);
});

test('the name of what was joined is text, one of every shape', async () => {
  const hives = new Map((await a.call('GET', '/api/v1/hives')).hives.map(each => [each.name, each.id]));
  await visit(onB, b, '#/hives');
  for (let i = 0; i < SHAPES; i++) {
    const name = HIVES[i % (TEXTS.length / SHAPES) * SHAPES + i];
    const { ticket } = await a.call('POST', '/api/v1/invite', { space: hives.get(name), addresses: [link.address] });
    await onB.getByRole('button', { name: 'Join with a ticket' }).click();
    await onB.getByLabel('Ticket').fill(ticket);
    await onB.getByRole('button', { name: 'Join', exact: true }).click();
    assert.equal(await onB.locator('.modal strong').textContent(), seen(name));
    await quiet(onB);
    await onB.keyboard.press('Escape');
    await onB.locator('.modal').waitFor({ state: 'detached' });
  }
});

test('what is explained of a post and of a comment is text while it changes', async () => {
  await a.call('POST', '/api/v1/agents', { name: 'ann', key: false });
  const post = await a.call('POST', `/api/v1/hives/${hive}/posts`, { title: 'Clover', content: 'behind the hill', agent: 'ann' });
  const comment = await a.call('POST', `/api/v1/posts/${post.id}/comments`, { content: 'Linden', agent: 'ann' });
  await visit(onA, a, `#/explain/post/${post.id}`);
  await visit(onB, a, `#/explain/comment/${comment.id}`);
  for (let i = 0; i < SAID.length; i += 3) {                                       // one component draws them all: each string in one of the three
    const [title, content, answer] = [0, 1, 2].map(next => SAID[(i + next) % SAID.length]);
    await Promise.all([a.call('PATCH', `/api/v1/posts/${post.id}`, { title, content, agent: 'ann' }), a.call('PATCH', `/api/v1/comments/${comment.id}`, { content: answer, agent: 'ann' })]);
    await Promise.all([[onA, `title is “${title}”`], [onA, `content is “${content}”`], [onB, `content is “${answer}”`]].map(([page, says]) => showsNow(page, says)));
  }
  await quiet(onA);
  await quiet(onB);
});
