import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { card, column, open, shareGarden, task } from './support/boards.mjs';
import { accessible, picture } from './support/browser.mjs';
import { Place, until } from './support/nodes.mjs';
import { twoNodes } from './support/two.mjs';

const place = new Place();
let browser, a, b, link, onA, onB, garden, remote;

before(async () => {
  writeFileSync(place.file('work.sh'), `echo "digging $WAGGLE_TASK_TITLE"; while ! test -e ${place.file('go')}; do sleep 0.1; done; echo "hit a stone"; exit 3\n`);
  ({ browser, a, b, link, onA, onB } = await twoNodes(place, { board: { node_name: 'mill' } },
    { board: { node_name: 'barn', executor: { enabled: true, slots: 2, settle_ms: 0, lease_ms: 20_000, commands: { work: ['/bin/sh', place.file('work.sh')] } } } }));
  ({ garden, remote } = await shareGarden(a, b, link));
});
after(async () => {
  await place.close();
  await browser.close();
});

/// What both do while they do not hear each other.
async function apart(work) {
  link.cut();
  await work();
  await link.heal();
  await b.job('/api/v1/sync/now', {});
}

test('a log is read while the other node’s command writes it, with who works and until when', async () => {
  await open(onA, a, 'projects', garden);
  const { id } = await a.board('POST', `/api/projects/${garden}/tasks`, { title: 'Dig a pond', labels: ['run:work'], description: 'Three feet deep, with a ledge for reeds.\nKeep the earth for the beds.', depends_on: [(await task(a, garden, 'Paint the shed')).id] });
  await column(onA, 'In progress').getByText('barn works on it').waitFor();
  await onA.evaluate(() => document.activeElement?.blur?.());
  await picture(onA, 'board');
  await onA.emulateMedia({ colorScheme: 'dark' });
  await picture(onA, 'board-dark');
  await onA.emulateMedia({ colorScheme: 'light' });
  await open(onA, a, 'projects', garden, 'tasks', id);
  const log = onA.getByRole('region', { name: 'Lines of the log, oldest first' });
  await log.getByText('digging Dig a pond').waitFor();
  await onA.getByText(/barn .* works on it\. Its lease ends in \d+ s\./).waitFor();
  assert.equal(await log.getByText('hit a stone').count(), 0);
  writeFileSync(place.file('go'), '');
  await log.getByText('hit a stone').waitFor();
  await onA.getByRole('cell', { name: 'result: it failed (exit code 3)' }).waitFor();
  await until('it is in review', async () => await onA.getByRole('button', { name: 'In review' }).getAttribute('aria-pressed') === 'true');
  await onA.getByLabel('A line for the log').fill('a heavy stone; fetch the tractor');
  await onA.getByRole('button', { name: 'Write', exact: true }).click();
  await log.getByText('a heavy stone').waitFor();
  await onA.getByText('3 lines').waitFor();
  await accessible(onA);
  await picture(onA, 'board-task', { fullPage: true });
});

test('a task is given to one node alone, to one first, and to any again', async () => {
  const { id } = await a.board('POST', `/api/projects/${garden}/tasks`, { title: 'Shear the sheep' });
  await open(onA, a, 'projects', garden, 'tasks', id);
  const may = onA.getByLabel('May be claimed by');
  const says = wanted => until(wanted, async () => await may.locator('option:checked').textContent() === wanted);
  await says('any node');
  await may.selectOption('choose: here now, least to do');
  await says('barn, others while it is away');
  const there = await until('B has it', () => task(b, remote, 'Shear the sheep'));
  await until('B knows whose it is', async () => (await b.board('GET', `/api/tasks/${there.id}`)).assigned_node === b.id);
  assert.equal((await b.board('GET', `/api/tasks/${there.id}`)).assigned_alone, false);
  await accessible(onA);
  await may.selectOption('barn');
  await says('barn');
  assert.equal((await a.board('GET', `/api/tasks/${id}`)).assigned_alone, true);
  await may.selectOption('any node');
  await says('any node');
});

test('a result that comes too late is shown as refused', async () => {
  const { id } = await a.board('POST', `/api/projects/${garden}/tasks`, { title: 'Catch the goat' });
  const first = (await a.board('POST', `/api/tasks/${id}/claim`, { lease_ms: 1_000 })).claim;
  await open(onA, a, 'projects', garden, 'tasks', id);
  await onA.getByText(/mill .*works on it\./).waitFor();
  const there = await until('B has it', () => task(b, remote, 'Catch the goat'));
  await until('B may claim it', () => b.board('POST', `/api/tasks/${there.id}/claim`, { lease_ms: 60_000 }).catch(() => null));
  await onA.getByText(/barn .*works on it\./).waitFor();
  await a.board('POST', `/api/tasks/${id}/finish`, { claim: first.id, token: first.token, exit_code: 0, note: 'it is in the shed' });
  const refused = onA.getByRole('list', { name: 'Refused reports' });
  await refused.getByText('it is in the shed').waitFor();
  await refused.getByText(/under token 1/).waitFor();
  assert.equal((await task(a, garden, 'Catch the goat')).status, 'inprogress');
  await accessible(onA);
});

test('conflicts are merged and decided by field, on all nodes', async () => {
  const { id } = await a.board('POST', `/api/projects/${garden}/tasks`, { title: 'Build a hive', description: 'Pine wood.', labels: ['wood'] });
  const there = await until('B has it', () => task(b, remote, 'Build a hive'));
  await apart(async () => {
    await a.board('PATCH', `/api/tasks/${id}`, { title: 'Build two hives', description: 'Pine wood.\nA tin roof.', labels: ['wood', 'bees'] });
    await b.board('PATCH', `/api/tasks/${there.id}`, { title: 'Build a big hive', description: 'Pine wood.\nA window.', labels: ['wood', 'spring'] });
  });
  await open(onA, a, 'projects', garden);
  await onA.getByRole('link', { name: '3 conflicts' }).click();
  await onA.getByRole('article').nth(2).waitFor();
  await accessible(onA);
  await picture(onA, 'board-conflicts');
  await onA.getByRole('article', { name: /description/ }).getByRole('button', { name: 'Merge…' }).click();
  const text = onA.getByRole('dialog').getByLabel('Description');
  assert.deepEqual((await text.inputValue()).split('\n').sort(), ['A tin roof.', 'A window.', 'Pine wood.']);
  await text.fill('Pine wood, a tin roof and a window.');
  await accessible(onA);
  await onA.getByRole('button', { name: 'Use this on all nodes' }).click();
  await onA.getByRole('article', { name: /description/ }).waitFor({ state: 'detached' });
  await onA.getByRole('article', { name: /labels/ }).getByRole('button', { name: 'Merge…' }).click();
  await onA.getByRole('button', { name: 'Use this on all nodes' }).click();
  await onA.getByRole('article', { name: /labels/ }).waitFor({ state: 'detached' });
  const shown = await onA.getByRole('article', { name: /title/ }).locator('.shown p').textContent();
  await open(onB, b, 'projects', remote, 'tasks', there.id);
  await onB.getByRole('article', { name: /title/ }).waitFor();
  await onA.getByRole('article', { name: /title/ }).getByRole('button', { name: 'Take the other' }).click();
  await onA.getByText('No conflicts', { exact: true }).waitFor();
  await onB.getByRole('article', { name: /title/ }).waitFor({ state: 'detached' });
  const now = await b.board('GET', `/api/tasks/${there.id}`);
  assert.notEqual(now.title, shown);
  assert.deepEqual([now.description, [...now.labels].sort(), now.conflicts], ['Pine wood, a tin roof and a window.', ['bees', 'spring', 'wood'], 0]);
});

test('more conflicts of a project than one answer of the node holds are shown on demand', async () => {
  const number = 130;
  const made = [];
  for (let i = 0; i < number; i++) made.push((await a.board('POST', `/api/projects/${garden}/tasks`, { title: `Row ${i}` })).id);
  const there = await until('B has them', async () => {
    const rows = (await b.board('GET', `/api/projects/${remote}/tasks?limit=500`)).tasks.filter(each => each.title.startsWith('Row '));
    return rows.length === number && rows;
  });
  await apart(async () => {
    for (let i = 0; i < number; i++) await Promise.all([a.board('PATCH', `/api/tasks/${made[i]}`, { title: `Row ${i} of A` }), b.board('PATCH', `/api/tasks/${there.find(each => each.title === `Row ${i}`).id}`, { title: `Row ${i} of B` })]);
  });
  await until('all are known', async () => (await a.board('GET', `/api/projects/${garden}`)).conflicts === number);
  const seen = new Set();
  for (let cursor = '', more = true; more;) {
    const page = await a.board('GET', `/api/projects/${garden}/conflicts?limit=50&cursor=${cursor}`);
    for (const conflict of page.conflicts) seen.add(conflict.task_id);
    ({ cursor, has_more: more } = page);
    assert.equal(page.conflicts_count, number);
  }
  assert.deepEqual([...seen].sort(), [...made].sort());
  await open(onA, a, 'projects', garden, 'conflicts');
  await onA.getByText(`${number} values passed over.`).waitFor();
  for (let shown = 25; shown < number; shown += 25) {
    await until(`${shown} are shown`, async () => await onA.getByRole('article').count() === shown);
    await onA.getByRole('button', { name: /^Show more/ }).click();
  }
  await until('all are shown', async () => await onA.getByRole('article').count() === number);
  await onA.getByRole('article').first().getByRole('button', { name: 'Reject the other' }).click();
  await onA.getByText(`${number - 1} values passed over.`).waitFor();

  // one by one, and all that there are, those that are not shown among them
  await open(onA, a, 'projects', garden, 'conflicts');
  const many = onA.getByRole('group', { name: 'Many at once' });
  await onA.getByRole('checkbox', { name: /^Choose the conflict about title/ }).first().check();
  await many.getByText('1 chosen').waitFor();
  await many.getByRole('checkbox').check();
  await many.getByText(`${number - 1} chosen`).waitFor();
  const before = new Map((await a.board('GET', `/api/projects/${garden}/tasks?limit=500`)).tasks.map(each => [each.id, each.title]));
  await many.getByRole('button', { name: 'Take the other' }).click();
  await onA.getByText(`${number - 1} conflicts settled on all nodes.`).waitFor();
  await onA.getByText('No conflicts').waitFor();
  const after = (await a.board('GET', `/api/projects/${garden}/tasks?limit=500`)).tasks.filter(each => made.includes(each.id));
  assert.equal(after.filter(each => each.title !== before.get(each.id)).length, number - 1, 'each shows the other value');
  await until('B shows the same', async () => {
    const titles = (await b.board('GET', `/api/projects/${remote}/tasks?limit=500`)).tasks.map(each => each.title);
    return after.every(each => titles.includes(each.title));
  });
});

test('who edits what somebody else changed meanwhile is told before it is written over', async () => {
  const { id } = await task(a, garden, 'Sow carrots');
  await open(onA, a, 'projects', garden, 'tasks', id);
  await onA.getByRole('button', { name: 'Edit' }).click();
  await onA.getByLabel('Title').fill('Sow many carrots');
  await a.board('PATCH', `/api/tasks/${id}`, { title: 'Sow parsnips', priority: 4 });
  await onA.getByRole('button', { name: 'Save' }).click();
  await onA.getByRole('alert').getByText('Title: Sow parsnips').waitFor();
  assert.equal(await onA.getByLabel('Title').inputValue(), 'Sow many carrots');
  await onA.getByRole('button', { name: 'Save' }).click();
  await onA.getByRole('heading', { name: 'Sow many carrots', level: 1 }).waitFor();
  assert.equal((await a.board('GET', `/api/tasks/${id}`)).priority, 4, 'what was not changed in the form stays');
  await onA.getByRole('button', { name: 'Delete' }).click();
  await onA.getByText('This task was deleted.').waitFor();
  await onA.getByRole('button', { name: 'Restore it' }).click();
  await onA.getByRole('button', { name: 'Edit' }).waitFor();
});
