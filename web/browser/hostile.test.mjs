import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Browser, visit } from './support/browser.mjs';
import { quiet, STRINGS } from './support/hostile.mjs';
import { pair, Place, sql, until } from './support/nodes.mjs';

const place = new Place();
let browser, world, onA;

const quoted = text => `'${text.replaceAll('\u0000', '').replaceAll("'", "''")}'`;

before(async () => {
  [browser, world] = await Promise.all([Browser.open(), pair(place, undefined, { board: { node_name: '<img src=x onerror=window.ran=1>', public_url: 'https://x/"><script>window.ran=1</script>', executor: { commands: { '<script>window.ran=1</script>': ['/bin/<script>window.ran=1</script>'] } } } })]);
  const { a, files } = world;
  sql(files[0], 'BEGIN', ...STRINGS.map((text, i) => `INSERT INTO notes VALUES (${quoted(text + i)}, 'first', '')`), 'COMMIT');
  await until('B has the rows', () => sql(files[1], 'SELECT count(*) FROM notes').trim() === String(STRINGS.length));
  world.link.cut();
  sql(files[0], 'BEGIN', ...STRINGS.map((text, i) => `UPDATE notes SET title = ${quoted('A ' + text)} WHERE id = ${quoted(text + i)}`), 'COMMIT');
  sql(files[1], 'BEGIN', ...STRINGS.map((text, i) => `UPDATE notes SET title = ${quoted('B ' + text)} WHERE id = ${quoted(text + i)}`), 'COMMIT');
  await until('both have logged', async () => (await Promise.all([world.a, world.b].map(node => node.call('GET', '/api/v1/sync/status')))).every(status => status.spaces[0].queue === 0));
  await world.link.heal();
  await world.b.job('/api/v1/sync/now', {});

  await a.call('POST', '/api/v1/agents', { name: 'ann', key: false });
  const hive = await a.call('POST', '/api/v1/hives', { name: '<img src=x onerror=window.ran=1>', description: STRINGS[1] });
  world.hive = hive.id;
  const clean = text => text.replaceAll('\u0000', '');
  const lines = [];
  STRINGS.forEach((text, i) => {
    const id = `0-${i}`;
    lines.push({ type: 'post', id, title: clean(text).slice(0, 300), content: clean(text), author: { id, name: clean(text).slice(0, 80) } });
    lines.push({ type: 'comment', id: `c${id}`, post_id: '0-0', content: clean(text), author: { id, name: clean(text).slice(0, 80) } });
  });
  writeFileSync(place.file('hostile.jsonl'), lines.map(line => JSON.stringify(line)).join('\n'));
  const report = await a.job(`/api/v1/hives/${hive.id}/import`, { file: place.file('hostile.jsonl') });
  assert.ok(report.posts >= 500 && report.comments >= 500, JSON.stringify(report));
  sql(place.file('evil.sqlite'), `CREATE TABLE "<img src=x onerror='window.ran=1'>" (id TEXT PRIMARY KEY, "<script>window.ran=1</script>" TEXT)`);
  await a.job('/api/v1/track', { file: place.file('evil.sqlite'), name: '"><svg onload=window.ran=1>' });
  await a.call('POST', '/api/v1/sync/peers', { name: '<img src=x onerror=window.ran=1>', sync_endpoint: 'https://127.0.0.1:9/sync/v1' });
  onA = await browser.page(a);
});
after(async () => {
  await place.close();
  await browser.close();                                                     // fails on any script error, dialog and breach of the content policy
});

async function look(where, visible) {
  await visit(onA, world.a, where);
  if (visible) await onA.getByText(visible).first().waitFor();
  await quiet(onA);
}

test('home, spaces, mesh and every space show hostile names as text', async () => {
  await look('#/', 'svg onload=window.ran=1');
  await look('#/spaces', 'svg onload=window.ran=1');
  await look('#/mesh', '<img src=x onerror=window.ran=1>');
  for (const space of (await world.a.call('GET', '/api/v1/spaces')).spaces) {
    await look(`#/spaces/${space.id}`);
    await look(`#/spaces/${space.id}/log`);
    await onA.locator('.entry button').first().click();
    await onA.getByLabel('What was signed').waitFor();
    await quiet(onA);
  }
});

test('policies, settings of the node and of a hive, and reasons of moderators show hostile words as text', async () => {
  const { a } = world;
  const evil = (await a.call('GET', '/api/v1/spaces')).spaces.find(space => space.name.includes('svg'));
  await look(`#/spaces/${evil.id}`, "<img src=x onerror='window.ran=1'>");
  await onA.getByLabel("Policy of <img src=x onerror='window.ran=1'>").selectOption('union');
  await quiet(onA);

  await a.call('PATCH', '/api/v1/settings', { name: 'sync.alert_webhook', value: 'https://x/<script>window.ran=1</script>'.replace(/[<>]/g, encodeURIComponent) });
  await look('#/settings');
  assert.equal(await onA.getByLabel('Name of this node', { exact: true }).inputValue(), '<img src=x onerror=window.ran=1>');
  await onA.getByLabel('Addresses that may connect').fill('<script>window.ran=1</script>');
  await onA.getByRole('button', { name: 'Save: Addresses that may connect' }).click();
  await onA.getByRole('alert').getByText('<script>window.ran=1</script>').waitFor();
  await quiet(onA);

  const agent = 'ann';
  for (const [key, value] of [['rules', STRINGS[2]], ['own_words', STRINGS[0]], ['more', { '<script>window.ran=1</script>': STRINGS[3] }]]) await a.call('POST', `/api/v1/hives/${world.hive}/settings`, { key, value, agent });
  await look(`#/hives/${world.hive}/about`, STRINGS[0]);
  assert.equal(await onA.getByLabel('Rules').inputValue(), STRINGS[2]);
  await until('authors can be chosen', async () => await onA.getByLabel('Somebody else who wrote here').locator('option').count() > 20);
  await quiet(onA);

  const victim = (await a.call('GET', `/api/v1/hives/${world.hive}/feed?limit=1`)).data[0].id;
  await a.call('DELETE', `/api/v1/posts/${victim}`, { reason: STRINGS[1], agent });
  await look(`#/hives/${world.hive}/${victim}`, STRINGS[1]);
  await a.call('POST', `/api/v1/posts/${victim}/restore`, { agent });
  const post = (await a.call('GET', `/api/v1/hives/${world.hive}/feed?limit=500`)).data.find(each => each.comment_count >= 500).id;
  const comment = (await a.call('GET', `/api/v1/posts/${post}/comments?limit=1`)).data[0].id;
  await look(`#/explain/comment/${comment}`, 'Where is my change?');
});

test('conflicts show hostile keys and values as text', async () => {
  await look('#/conflicts', "A <script>window.ran=1</script>");
  for (let shown = 25; shown < STRINGS.length; shown += 25) {
    await until(`${shown} are shown`, async () => await onA.getByRole('article').count() === shown);
    await onA.getByRole('button', { name: /^Show more/ }).click();
  }
  await until('all are shown', async () => await onA.getByRole('article').count() === STRINGS.length);
  await quiet(onA);
});

test('500 hostile posts and 500 hostile comments, their authors and links, are text', async () => {
  await look(`#/hives`, '<img src=x onerror=window.ran=1>');
  await look(`#/hives/${world.hive}`, '<script>');
  for (let page = 1; page < STRINGS.length / 50; page++) await onA.getByRole('button', { name: 'Older posts' }).click();
  await until('all posts', async () => await onA.getByRole('article').count() === STRINGS.length);
  await quiet(onA);
  await onA.getByText('‹U+202E›').first().waitFor();
  const post = (await world.a.call('GET', `/api/v1/hives/${world.hive}/feed?limit=500`)).data.find(each => each.comment_count >= 500).id;
  await look(`#/hives/${world.hive}/${post}`, '<script>');
  const comments = STRINGS.length;
  const listed = number => until(`${number} comments`, async () => await onA.locator('.thread > li').count() === number);
  for (let shown = 200; shown < comments; shown += 200) {
    await listed(shown);
    await onA.getByRole('button', { name: 'More comments' }).click();
  }
  await listed(comments);
  await onA.getByRole('button', { name: 'More comments' }).waitFor({ state: 'detached' });
  await quiet(onA);
});

test('a project of hostile tasks, people, labels, log lines, nodes and conflicts shows them as text', async () => {
  const { a, b, link } = world;
  const clean = text => text.replaceAll('\u0000', '');
  const project = await a.board('POST', '/api/projects', { name: '"><svg onload=window.ran=1>' });
  writeFileSync(place.file('tasks.jsonl'), STRINGS.map((text, i) => JSON.stringify({ id: `${i}${clean(text)}`.slice(0, 200), title: clean(text), description: clean(text), labels: [clean(text).slice(0, 80)], assignee: clean(text).slice(0, 80),
    status: ['open', 'in_progress', 'in_review', 'closed', 'canceled'][i % 5], depends_on: i > 0 ? [`0${clean(STRINGS[0])}`.slice(0, 200)] : [] })).join('\n'));
  const report = await a.board('POST', `/api/projects/${project.id}/import`, { file: place.file('tasks.jsonl') });
  assert.equal(report.tasks, STRINGS.length, JSON.stringify(report));
  const { space } = await a.board('POST', `/api/projects/${project.id}/share`, {});
  const { ticket } = await a.call('POST', '/api/v1/invite', { space, addresses: [link.address] });
  const there = await b.board('POST', '/api/projects/join', { ticket });
  const of = async (node, id) => (await node.board('GET', `/api/projects/${id}/tasks?limit=500`)).tasks;
  const mine = (await of(a, project.id)).find(each => each.depends_on.length > 0);
  const theirs = await until('B has them', async () => (await of(b, there.id)).find(each => each.external_id === mine.external_id));
  await a.board('POST', `/api/tasks/${mine.id}/log`, { lines: STRINGS.map(clean) });
  link.cut();
  for (const [node, id, who] of [[a, mine.id, 'A '], [b, theirs.id, 'B ']]) await node.board('PATCH', `/api/tasks/${id}`, { title: who + clean(STRINGS[0]), description: who + clean(STRINGS[1]), labels: [who + clean(STRINGS[3]).slice(0, 60)], assignee: who + clean(STRINGS[2]).slice(0, 60) });
  await link.heal();
  await b.job('/api/v1/sync/now', {});
  await until('the conflicts are known', async () => (await a.board('GET', `/api/projects/${project.id}`)).conflicts === 4);

  await look('#/projects', 'svg onload=window.ran=1');
  await look(`#/projects/${project.id}`);
  await onA.locator('.task-card', { hasText: '‹U+202E›' }).first().waitFor();
  await quiet(onA);
  await look(`#/projects/${project.id}/conflicts`, 'A <script>');
  await look(`#/projects/${project.id}/tasks/${mine.id}`, '<script>');
  await onA.getByRole('region', { name: 'Lines of the log, oldest first' }).getByText('<script>').first().waitFor();
  await quiet(onA);
  await onA.getByRole('button', { name: 'Edit' }).click();
  await onA.getByRole('searchbox', { name: 'Needs' }).fill('<script>');
  await onA.getByRole('list', { name: 'Tasks with these words' }).getByText('<script>').first().waitFor();
  await quiet(onA);
  await look(`#/projects/${project.id}/sharing`, '<img src=x onerror=window.ran=1>');
  await look('#/swarm', '/bin/<script>window.ran=1</script>');
});
