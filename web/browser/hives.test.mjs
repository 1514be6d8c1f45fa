import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { accessible, picture } from './support/browser.mjs';
import { Place, until } from './support/nodes.mjs';
import { twoNodes } from './support/two.mjs';

const place = new Place();
let browser, a, b, link, onA, onB;

before(async () => {
  ({ browser, a, b, link, onA, onB } = await twoNodes(place));
});
after(async () => {
  await place.close();
  await browser.close();
});

test('a hive is made from an empty node in three clicks and a name', async () => {
  await onA.getByRole('button', { name: 'Create a hive' }).click();
  await onA.getByLabel('Name of the hive').fill('bees');
  await onA.getByLabel('What it is about').fill('All about honey');
  await onA.getByLabel('Your name in hives').fill('ann');
  await onA.getByRole('button', { name: 'Create the hive' }).click();
  await onA.getByRole('heading', { name: 'bees', level: 1 }).waitFor();
  await onA.getByText('No posts yet').waitFor();
});

test('the other node joins by its page and takes a name of its own', async () => {
  const { ticket } = await a.call('POST', '/api/v1/invite', { space: 'bees', addresses: [link.address] });
  await onB.getByRole('link', { name: 'Hives' }).click();
  await onB.getByRole('button', { name: 'Join with a ticket' }).click();
  await onB.getByLabel('Ticket').fill(ticket);
  await onB.getByRole('button', { name: 'Join', exact: true }).click();
  await onB.getByRole('button', { name: 'Open it' }).click();
  await onB.getByLabel('To write here, choose a name').fill('bob');
  await onB.getByRole('button', { name: 'Use this name' }).click();
  await onB.getByText('You write as bob.').waitFor();
});

test('a post that is written on one page is told on the other, with its author’s instance', async () => {
  await onA.getByText('Write a post').click();
  await onA.getByLabel('Title').fill('Where is the clover?');
  await onA.getByLabel('Text').fill('I saw none on the southern slope,\nand the linden is over.');
  await onA.getByLabel('Link').fill('https://example.org/meadow');
  await onA.getByRole('button', { name: 'Post', exact: true }).click();
  await onA.getByRole('article').getByText('ann').waitFor();
  await onA.getByRole('article').getByText('on this node').waitFor();
  const began = Date.now();
  await onB.getByRole('button', { name: '1 new post: show' }).click();
  console.log(`# told on B after ${Date.now() - began} ms`);
  const post = onB.getByRole('article');
  await post.getByText('Where is the clover?').waitFor();
  await post.getByText(`on node ${a.id.slice(0, 8)}`).waitFor();
  assert.equal(await post.getByRole('link', { name: 'https://example.org/meadow' }).getAttribute('rel'), 'noopener noreferrer nofollow');
});

test('votes and comments are seen on both pages without a reload', async () => {
  await onB.getByRole('article').getByRole('button', { name: 'Vote up' }).click();
  await until('A sees the vote', async () => await onA.getByRole('article').locator('.score').textContent() === '1');
  await onA.getByRole('link', { name: 'Where is the clover?' }).click();
  await onB.getByRole('link', { name: 'Where is the clover?' }).click();
  await onB.getByLabel('Your comment').fill('Behind the hill, by the old mill.');
  await onB.getByRole('button', { name: 'Send' }).click();
  await onA.getByText('Behind the hill, by the old mill.').waitFor();
  await onA.getByRole('listitem', { name: 'Comment' }).getByRole('button', { name: 'Answer' }).click();
  await onA.getByLabel('Your answer').fill('Thank you!');
  await onA.getByRole('listitem').getByRole('button', { name: 'Send' }).click();
  await onB.getByRole('listitem', { name: 'Answer, level 1' }).getByText('Thank you!').waitFor();
  await accessible(onA);
  await picture(onA, 'hive-post');
});

test('the feed sorts, and is accessible', async () => {
  for (const [title, content] of [['Linden honey is ready', 'Twelve jars, dark and strong.'], ['Swarm at the church tower', 'Who has a long ladder?']])
    await b.call('POST', '/api/v1/hives/bees/posts', { title, content });
  await onB.goto(`http://${b.rest}/#/hives`);
  await accessible(onB);
  await onB.getByRole('link', { name: 'bees' }).click();
  await onB.getByText('Swarm at the church tower').waitFor();
  assert.match(await onB.getByRole('article').first().textContent(), /Swarm/);
  await onB.getByRole('button', { name: 'top', exact: true }).click();
  await until('the one with a vote is first', async () => /clover/.test(await onB.getByRole('article').first().textContent()));
  await accessible(onB);
  await picture(onB, 'hive');
});

const about = page => page.getByRole('link', { name: 'settings and moderators' }).click();
const clover = page => page.getByRole('article').filter({ hasText: 'clover' });

test('who does not moderate sees no way to remove what others wrote, and settings that are only to be read', async () => {
  await onB.goto(`http://${b.rest}/#/hives`);
  await onB.getByRole('link', { name: 'bees' }).click();
  await clover(onB).waitFor();
  await onB.getByRole('button', { name: 'Delete…' }).first().waitFor();                                   // of its own posts
  assert.equal(await clover(onB).getByRole('button', { name: /Remove|Delete/ }).count(), 0);
  await about(onB);
  await onB.getByText('Moderators change these.').waitFor();
  assert.ok(await onB.getByLabel('What it is about').isDisabled());
  assert.equal(await onB.getByRole('button', { name: /Ban|moderator/ }).count(), 0);
});

test('the owner removes a comment with a reason and restores it; both pages show it, and each comment is explained', async () => {
  await onA.goto(`http://${a.rest}/#/hives`);
  await onA.getByRole('link', { name: 'bees' }).click();
  await clover(onA).getByRole('link', { name: 'Where is the clover?' }).click();
  await onB.goto(onA.url().replace(a.rest, b.rest));
  const comment = page => page.getByRole('listitem', { name: 'Comment' }).first();
  await comment(onA).getByRole('button', { name: 'Remove…' }).click();
  await comment(onA).getByLabel('Why').fill('no mills here');
  await accessible(onA);
  await comment(onA).getByRole('button', { name: 'Remove it' }).click();
  await comment(onA).getByText('(removed by a moderator: no mills here)').waitFor();
  await comment(onB).getByText('(removed by a moderator: no mills here)').waitFor();
  assert.equal(await comment(onB).getByRole('button', { name: 'Restore' }).count(), 0, 'its author does not bring it back');
  await comment(onA).getByRole('button', { name: 'Restore' }).click();
  await comment(onB).getByText('Behind the hill, by the old mill.').waitFor();
  await comment(onB).getByRole('link', { name: 'Explain the comment by bob' }).click();
  await onB.getByRole('heading', { name: 'Where is my change?' }).waitFor();
  await onB.getByText(/Behind the hill|comment/i).first().waitFor();
  await accessible(onB);
});

test('a post is removed and restored in the feed', async () => {
  await onA.goto(`http://${a.rest}/#/hives`);
  await onA.getByRole('link', { name: 'bees' }).click();
  const post = onA.getByRole('article').filter({ hasText: 'Linden honey' });
  const id = (await post.getByRole('link').first().getAttribute('href')).split('/').at(-1);
  const state = async () => (await b.call('GET', `/api/v1/posts/${id}`)).state;
  await post.getByRole('button', { name: 'Remove…' }).click();
  await post.getByRole('button', { name: 'Remove it' }).click();
  await until('B shows it no more', async () => await state() === 'removed');
  await onA.goto(`http://${a.rest}/#/hives/${(await a.call('GET', '/api/v1/hives/bees')).id}/${id}`);
  await onA.getByText('(removed by a moderator)').waitFor();
  await onA.getByRole('heading', { name: 'A post that was removed', level: 1 }).waitFor();
  await accessible(onA);
  await onA.getByRole('button', { name: 'Restore' }).click();
  await until('B shows it again', async () => await state() === 'live');
});

test('the owner edits the settings of a hive, and the other node reads them', async () => {
  await onA.goto(`http://${a.rest}/#/hives`);
  await onA.getByRole('link', { name: 'bees' }).click();
  await about(onA);
  await onA.getByLabel('Rules').fill('Be kind.');
  await onA.getByLabel('Votes').selectOption({ label: 'private: under an alias' });
  await onA.getByRole('button', { name: 'Save the settings' }).click();
  await onB.goto(`http://${b.rest}/#/hives/${(await b.call('GET', '/api/v1/hives/bees')).id}/about`);
  await until('B reads them', async () => await onB.getByLabel('Rules').inputValue() === 'Be kind.' && await onB.getByLabel('Votes').inputValue() === 'aggregate');
});

test('an agent that the owner names a moderator removes what others wrote; a banned one writes nothing', async () => {
  await onA.getByLabel('Somebody else who wrote here').selectOption({ label: `bob on node ${b.id.slice(0, 8)}` });
  await onA.getByRole('button', { name: 'Make a moderator', exact: true }).click();
  await onA.getByRole('row', { name: /^bob .* moderator/ }).waitFor();
  await accessible(onA);
  await picture(onA, 'hive-about');
  await onB.getByRole('row', { name: /^bob \(you\) .* moderator/ }).waitFor();
  assert.ok(await onB.getByLabel('What it is about').isEnabled());
  await onB.getByRole('link', { name: 'Hives', exact: true }).last().click();
  await onB.getByRole('link', { name: 'bees' }).click();
  await clover(onB).getByRole('button', { name: 'Remove…' }).click();
  await clover(onB).getByRole('button', { name: 'Remove it' }).click();
  await until('A shows it as removed', async () => (await a.call('GET', '/api/v1/hives/bees/feed?since=start')).data.some(post => post.state === 'removed'));

  await onA.getByRole('button', { name: 'No moderator any more: bob' }).click();
  await onA.getByRole('button', { name: 'Ban: bob' }).click();
  await onA.getByRole('row', { name: /^bob .* banned/ }).waitFor();
  await until('B knows', async () => (await b.call('GET', '/api/v1/hives/bees/members')).members.some(each => each.agent.name === 'bob' && each.status === 'banned'));
  await onB.goto(`http://${b.rest}/#/hives`);
  await onB.getByRole('link', { name: 'bees' }).click();
  await onB.getByText('Write a post').click();
  await onB.getByLabel('Title').fill('Am I heard?');
  await onB.getByRole('button', { name: 'Post', exact: true }).click();
  await onB.getByRole('alert').getByText('"bob" is banned from this hive.').waitFor();
});

test('a hive with more members than one answer holds shows the rest on demand', async () => {
  const many = 130;
  await a.call('POST', '/api/v1/hives', { name: 'crowd', agent: 'ann' });
  for (let i = 0; i < many; i++) {
    await a.call('POST', '/api/v1/agents', { name: `bee${i}`, key: false });
    await a.call('POST', '/api/v1/hives/crowd/members', { action: 'join', agent: `bee${i}` });
  }
  const { id } = await a.call('GET', '/api/v1/hives/crowd');
  const all = (await a.call('GET', `/api/v1/hives/${id}/members?limit=1`)).members_count;
  await onA.goto(`http://${a.rest}/#/hives/${id}/about`);
  await onA.getByRole('heading', { name: `${all} members` }).waitFor();
  const rows = onA.getByRole('row', { name: /^bee\d/ });
  const first = await rows.count();
  assert.ok(first > 90 && first <= 100, String(first));
  await onA.getByRole('button', { name: `Show more: ${all - 100} members` }).click();
  await until('all are shown', async () => await rows.count() === many);
  assert.equal(await onA.getByRole('button', { name: /^Show more/ }).count(), 0);
});

test('a moderator who is not among the first moderators has the buttons of one', async () => {
  await a.call('POST', '/api/v1/hives', { name: 'council', agent: 'ann' });
  const { id } = await a.call('GET', '/api/v1/hives/council');
  const { ticket } = await a.call('POST', '/api/v1/invite', { space: 'council', addresses: [link.address] });
  await b.job('/api/v1/hives/join', { ticket });
  await b.call('POST', '/api/v1/agents', { name: 'zoe', key: false });
  for (let i = 0; i < 110; i++) await a.call('POST', '/api/v1/hives/council/moderators', { action: 'add', subject: `bee${i}`, agent: 'ann' });
  await a.call('POST', '/api/v1/hives/council/posts', { title: 'A word of the queen', agent: 'ann' });
  const zoe = (await b.call('GET', '/api/v1/agents')).agents.find(each => each.name === 'zoe');
  await a.call('POST', '/api/v1/hives/council/moderators', { action: 'add', subject: `${zoe.instance_id}/${zoe.id}`, agent: 'ann' });
  await until('B knows', async () => (await b.call('GET', `/api/v1/hives/${id}/members?limit=500`)).members.findIndex(each => each.agent.agent_id === zoe.id) > 100);
  await onB.evaluate(() => sessionStorage.setItem('agent', 'zoe'));
  await onB.goto('about:blank');
  await onB.goto(`http://${b.rest}/#/hives/${id}`);
  const post = onB.getByRole('article').filter({ hasText: 'A word of the queen' });
  await post.getByRole('button', { name: 'Remove…' }).waitFor();
  await about(onB);
  await onB.getByLabel('What it is about').waitFor();
  await until('it may set', () => onB.getByLabel('What it is about').isEnabled());
});
