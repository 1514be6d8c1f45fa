import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { open } from './support/boards.mjs';
import { Browser, visit } from './support/browser.mjs';
import { names, packed, quiet, seen, shows, showsNow, TEXTS } from './support/hostile.mjs';
import { Place } from './support/nodes.mjs';

// What is said of work: notes of claims in every state, lines of logs; and what stands on the cards of a board. Each takes every one of the 500 strings.
const place = new Place();
const NOTE_CHARS = 2_000;
const NOTES = packed(NOTE_CHARS - 8);
let browser, a, onA, project;

before(async () => {
  [browser, a] = await Promise.all([Browser.open(), place.node('a')]);
  onA = await browser.page(a);
  project = (await a.board('POST', '/api/projects', { name: 'garden' })).id;
});
after(async () => {
  await place.close();
  await browser.close();                                                     // fails on any script error, dialog and breach of the content policy
});

/// All that a list shows of which only what is in sight is in the page: it is moved through once.
async function readThrough(list) {
  const all = [];
  for (let end = false; !end;) {
    all.push(await list.textContent());
    end = await list.evaluate(async box => {
      const before = box.scrollTop;
      box.scrollTop += box.clientHeight * 0.8;
      await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      return box.scrollTop === before;
    });
    await quiet(list.page());
  }
  return all.join('\n');
}

const missing = (text, wanted) => wanted.filter(each => !text.includes(seen(each))).slice(0, 3);

test('titles, people and labels on the cards of a board are text', async () => {
  writeFileSync(place.file('tasks.jsonl'), TEXTS.map((text, i) => JSON.stringify({ id: `${i} ${text}`.slice(0, 200), title: text, description: text, labels: [names(80)[i]], assignee: `for ${text}`.slice(0, 80),
    status: ['open', 'in_progress', 'in_review', 'closed', 'canceled'][i % 5] })).join('\n'));
  assert.equal((await a.board('POST', `/api/projects/${project}/import`, { file: place.file('tasks.jsonl') })).tasks, TEXTS.length);
  await visit(onA, a, `#/projects/${project}`);
  await onA.locator('.task-card').first().waitFor();
  let all = '';
  for (const column of await onA.locator('.cards').all()) all += await readThrough(column);
  assert.deepEqual(missing(all, [...TEXTS, ...names(80), ...TEXTS.map(text => `for ${text}`.slice(0, 80))]), []);
});

test('notes of claims that run, that were given back, that ended and that were refused are text', async () => {
  const { id } = await a.board('POST', `/api/projects/${project}/tasks`, { title: 'Dig' });
  await open(onA, a, 'projects', project, 'tasks', id);
  await onA.getByText('No node works on it now.').waitFor();
  const claim = async () => {
    const { claim } = await a.board('POST', `/api/tasks/${id}/claim`, {});
    return (what, more) => a.board('POST', `/api/tasks/${id}/${what}`, { claim: claim.id, token: claim.token, ...more });
  };
  const notes = kind => NOTES.map(note => `${kind} ${note}`.slice(0, NOTE_CHARS));
  let last;
  for (const i of NOTES.keys()) {
    last = await claim();
    await last('progress', { percent: 50, note: notes('runs')[i] });
    await showsNow(onA, notes('runs')[i]);
    await last('release', { note: notes('given')[i] });
    await showsNow(onA, notes('given')[i]);
    await (await claim())('finish', { exit_code: 1, status: 'todo', note: notes('ended')[i] });
    await showsNow(onA, notes('ended')[i]);
    await last('progress', { note: notes('late')[i] });
    await showsNow(onA, notes('late')[i]);
    await quiet(onA);
  }
});

test('lines of a log are text, from the first to the last', async () => {
  const { id } = await a.board('POST', `/api/projects/${project}/tasks`, { title: 'Sow' });
  await a.board('POST', `/api/tasks/${id}/log`, { lines: TEXTS.map((text, i) => `${i} ${text}`) });
  await open(onA, a, 'projects', project, 'tasks', id);
  const lines = onA.getByRole('region', { name: 'Lines of the log, oldest first' });
  await lines.getByText('499 ', { exact: false }).first().waitFor();
  await lines.evaluate(box => { box.scrollTop = 0; });
  assert.deepEqual(missing(await readThrough(lines), TEXTS.map((text, i) => `${i} ${text}`)), []);
});

test('the explanation of a task tells each of its fields as text', async () => {
  const { id } = await a.board('POST', `/api/projects/${project}/tasks`, { title: 'Mow', assignee: TEXTS[0].slice(0, 80), labels: TEXTS.slice(0, 3).map(text => text.slice(0, 80)) });
  await visit(onA, a, `#/explain/task/${id}`);
  await shows(onA, [TEXTS[0].slice(0, 80), TEXTS[1].slice(0, 40)]);
});
