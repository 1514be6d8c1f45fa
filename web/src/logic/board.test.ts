import { describe, expect, test } from 'vitest';
import type { BoardNode, FieldConflict, Project, SyncHealth, Task, TaskLogEntry, TaskStatus } from '../api/boardTypes';
import { carried, columns, isHeld, labels, mayBecome, STATUSES, stepped, waitsFor, whyNot } from './board';
import { canMerge, changedMeanwhile, changes, merged, read } from './fields';
import { fixAll, issueSays, swarmHealth } from './health';
import { LOG_LINES_MAX, logLines, readDirectly, withDirect, withMore } from './taskLog';
import { leaseSays, reported } from './work';

let made = 0;
const task = (title: string, set: Partial<Task> = {}): Task => ({
  id: title, project_id: 'p', title, status: 'todo', priority: 2, labels: [], depends_on: [], assignee: null, assigned_node: null, assigned_alone: false, external_id: null, created_at: `2026-01-01T00:00:${String(made++).padStart(2, '0')}Z`,
  updated_at: '2026-01-01T00:00:00Z', version: 1, deleted: false, conflicts: 0, claim: null, holder: null, lease_until: null, shared_task_id: null, ...set,
});
const titles = (tasks: Task[]) => tasks.map(each => each.title);

describe('columns', () => {
  test('what waits is ordered by urgency and then age, what has ended by when', () => {
    const shown = columns([task('b'), task('a', { priority: 0 }), task('c'), task('old', { status: 'done', updated_at: '2026-01-01T00:00:01Z' }), task('new', { status: 'done', updated_at: '2026-01-02T00:00:00Z' }), task('gone', { deleted: true })]);
    expect([titles(shown.todo), titles(shown.done), titles(shown.cancelled)]).toEqual([['a', 'b', 'c'], ['new', 'old'], []]);
  });

  test('a filter finds all of its words, in titles, people, labels and ids of other trackers', () => {
    const all = [task('Dig a pond', { labels: ['soil'], assignee: 'Anna' }), task('Dig beds', { external_id: 'bd-17' }), task('Sow')];
    const found = (text: string, label = '') => titles(columns(all, { text, label }).todo);
    expect([found('DIG'), found('anna dig'), found('bd-17'), found('dig sow'), found('', 'soil'), found('beds', 'soil')]).toEqual([['Dig a pond', 'Dig beds'], ['Dig a pond'], ['Dig beds'], [], ['Dig a pond'], []]);
    expect(labels([task('x', { labels: ['b', 'a'] }), task('y', { labels: ['b'] })])).toEqual(['b', 'a']);
  });

  test('a task waits for what it needs and is known not to be done', () => {
    const all = new Map([task('done', { status: 'done' }), task('dropped', { status: 'cancelled' }), task('open'), task('x', { depends_on: ['done', 'dropped', 'open', 'unknown'] })].map(each => [each.id, each]));
    expect(waitsFor(all.get('x')!, all)).toBe(1);
  });

  test('a claim holds while its lease runs', () => {
    const held = { holder: 'n', lease_until: '2026-01-01T00:00:10Z' };
    expect([isHeld(held, Date.parse('2026-01-01T00:00:09Z')), isHeld(held, Date.parse('2026-01-01T00:00:10Z')), isHeld({ ...held, holder: null }, 0)]).toEqual([true, false, false]);
  });
});

describe('moves', () => {
  test('are those of the node’s state machine, and a no has its reason', () => {
    const allowed = Object.fromEntries(STATUSES.map(from => [from, STATUSES.filter(to => mayBecome(from, to))]));
    expect(allowed).toEqual({ todo: ['inprogress', 'inreview', 'done', 'cancelled'], inprogress: ['todo', 'inreview', 'done', 'cancelled'], inreview: ['todo', 'inprogress', 'done', 'cancelled'], done: ['todo', 'inprogress'], cancelled: ['todo'] });
    expect([whyNot('done', 'cancelled'), whyNot('done', 'done'), whyNot('todo', 'done')]).toEqual(['What is done becomes to do or in progress first.', '', '']);
  });

  test('arrow keys go from card to card, over empty columns, and stop at the ends', () => {
    const shown = columns([task('a'), task('b'), task('c', { status: 'inreview' }), task('d', { status: 'done' })]);
    const go = (column: TaskStatus, index: number, key: string) => { const to = stepped(shown, { column, index }, key); return `${to.column} ${to.index}`; };
    expect([go('todo', 0, 'ArrowDown'), go('todo', 1, 'ArrowDown'), go('todo', 1, 'ArrowRight'), go('inreview', 0, 'ArrowLeft'), go('todo', 0, 'ArrowLeft'), go('done', 0, 'ArrowRight'), go('todo', 0, 'End'), go('todo', 1, 'Home'), go('todo', 1, 'PageUp')])
      .toEqual(['todo 1', 'todo 1', 'inreview 0', 'todo 0', 'todo 0', 'done 0', 'todo 1', 'todo 0', 'todo 0']);
    expect(go('todo', 1, 'x')).toBe('todo 1');
  });

  test('a card that is carried comes over columns that take it, and back to its own', () => {
    expect([carried('todo', 'todo', 'ArrowRight'), carried('done', 'done', 'ArrowRight'), carried('done', 'done', 'ArrowLeft'), carried('done', 'inprogress', 'ArrowRight'), carried('cancelled', 'cancelled', 'ArrowLeft'), carried('todo', 'inreview', 'x')])
      .toEqual(['inprogress', 'done', 'inprogress', 'done', 'todo', 'inreview']);
  });
});

describe('fields', () => {
  const conflict = (field: string, shown: FieldConflict['shown'], other: FieldConflict['other']): FieldConflict => ({ id: 'c', task_id: 't', title: 'T', field, shown, other, node: 'n', at: '' });

  test('read as people say them', () => {
    expect([read('status', 'inreview'), read('priority', 0), read('labels', ['a', 'b']), read('labels', []), read('assignee', null), read('depends_on', ['x'], id => `task ${id}`), read('priority', 9)])
      .toEqual(['In review', '0, most urgent', 'a, b', 'nothing', 'nothing', 'task x', '9']);
  });

  test('are merged to all that either of two values has', () => {
    expect(merged(conflict('labels', ['a', 'b'], ['b', 'c']))).toEqual(['a', 'b', 'c']);
    expect(merged(conflict('description', 'one\ntwo', 'one\nthree'))).toBe('one\ntwo\nthree');
    expect([merged(conflict('description', '', 'x')), merged(conflict('title', 'x', 'y')), merged(conflict('assignee', null, 'Bert'))]).toEqual(['x', 'x', 'Bert']);
    expect(['title', 'labels', 'status', 'priority', 'assigned_node'].map(field => canMerge(conflict(field, '', '')))).toEqual([true, true, false, false, false]);
  });

  test('only what was changed is written, and what others changed meanwhile is noticed', () => {
    const before = { title: 'a', description: 'd', priority: 2, labels: ['x'], depends_on: [], assignee: null };
    expect(changes(before, { ...before, labels: ['x', 'y'], assignee: 'Anna' })).toEqual({ labels: ['x', 'y'], assignee: 'Anna' });
    expect(changes(before, { ...before, labels: ['x'] })).toEqual({});
    const node = { ...before, title: 'b', priority: 0, assignee: 'Anna' };
    expect(changedMeanwhile(before, node, { title: 'c', description: 'e', assignee: 'Anna' })).toEqual(['title']);
  });
});

describe('swarm health', () => {
  const health = (orphaned_task_count: number): SyncHealth => ({ is_linked: true, remote_project_id: 'r', orphaned_task_count, has_sync_issues: orphaned_task_count > 0, issues: [] });
  const project = (id: string) => ({ id, name: `project ${id}` }) as Project;

  test('counts over all projects, and is loading until all are known', () => {
    expect(swarmHealth([project('a'), project('b'), project('c')], [health(0), health(3), health(2)])).toEqual({ totalProjects: 3, projectsWithIssues: 2, totalOrphanedTasks: 5, isHealthy: false, isLoading: false });
    expect(swarmHealth([project('a')], [undefined])).toMatchObject({ isHealthy: true, isLoading: true });
    expect(swarmHealth(undefined, [])).toMatchObject({ totalProjects: 0, isLoading: true });
  });

  test('all projects with issues are unlinked, one that fails keeps none of the others from it, and the result counts both', async () => {
    const unlinked: string[] = [];
    const steps: string[] = [];
    const result = await fixAll(['a', 'b', 'c', 'd'].map(project), async id => health(id === 'b' ? 0 : 1), async id => {
      if (id === 'c') throw new Error('The node is stopping.');
      unlinked.push(id);
    }, (done, total) => steps.push(`${done}/${total}`));
    expect([unlinked, steps, result]).toEqual([['a', 'd'], ['0/3', '1/3', '2/3', '3/3'], { fixed: 2, failed: [{ name: 'project c', why: 'The node is stopping.' }] }]);
  });

  test('issues are said in words', () => {
    expect([issueSays({ OrphanedTasks: { count: 1 } }), issueSays({ OrphanedTasks: { count: 5 } })]).toEqual(['1 task of it is orphaned: shared with nobody any more.', '5 tasks of it are orphaned: shared with nobody any more.']);
    expect(issueSays('ProjectNotLinked')).toMatch('not linked');
  });
});

describe('a task’s log', () => {
  const entry = (cursor: string, ...lines: string[]): TaskLogEntry => ({ node: 'n', at: '2026-01-01T00:00:00Z', lines, token: null, refused: false, cursor });

  test('is lines, each with who wrote it when', () => {
    expect(logLines([entry('1', 'a', 'b'), { ...entry('2', 'c'), node: 'm' }]).lines.map(line => [line.text, line.node])).toEqual([['a', 'n'], ['b', 'n'], ['c', 'm']]);
  });

  test('takes what comes once, and keeps no more than can be shown', () => {
    expect(withMore([entry('1', 'a')], [entry('1', 'a'), entry('2', 'b')]).map(each => each.cursor)).toEqual(['1', '2']);
    const long = Array.from({ length: 100 }, (_, index) => entry(String(index), ...new Array<string>(100).fill('x')));
    const kept = withMore(long, [entry('last', 'y')]);
    const { lines, left } = logLines(kept);
    expect([lines.length, lines.at(-1)!.text, left]).toEqual([LOG_LINES_MAX, 'y', kept.reduce((sum, each) => sum + each.lines.length, 0) - LOG_LINES_MAX]);
    expect(kept.length).toBeLessThan(55);
  });
});

test('leases and reports are said in words', () => {
  expect([leaseSays('2026-01-01T00:01:00Z', Date.parse('2026-01-01T00:00:18.5Z')), leaseSays('2026-01-01T01:00:00Z', Date.parse('2026-01-01T00:00:00Z')), leaseSays('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:00:01Z')), leaseSays(null, 0)])
    .toEqual(['ends in 42 s', 'ends in 60 min', 'is over', 'is over']);
  const effect = { node: 'n', at: '', token: 1, note: '' };
  expect([reported({ ...effect, kind: 'result', exit_code: 0 }), reported({ ...effect, kind: 'result', exit_code: 3 }), reported({ ...effect, kind: 'progress', percent: 40 }), reported({ ...effect, kind: 'released' })])
    .toEqual(['result: it worked (exit code 0)', 'result: it failed (exit code 3)', 'progress: 40 %', 'given back']);
});

describe('lines that the working node says itself', () => {
  const entry = (cursor: string, via: 'log' | 'direct'): TaskLogEntry => ({ node: 'n', at: '2026-01-01T00:00:00Z', lines: [cursor], refused: false, cursor, via });

  test('stand behind the log and are marked, until they are in the log, too', () => {
    const shownOf = (log: TaskLogEntry[], direct: TaskLogEntry[]) => logLines(withDirect(log, direct)).lines.map(line => line.text + (line.direct ? '!' : ''));
    expect(shownOf([entry('1', 'log')], [entry('1', 'direct'), entry('2', 'direct')])).toEqual(['1', '2!']);
    expect(shownOf([entry('1', 'log'), entry('2', 'log')], [entry('2', 'direct')])).toEqual(['1', '2']);
  });

  test('are looked for only where they do not come over a connection and it is said where', () => {
    const node = { node: 'n', self: false, public_url: 'https://x' } as BoardNode;
    expect(readDirectly('n', [node], [])).toBe(node);
    expect(readDirectly('n', [node], [{ node: 'n', state: 'waiting' }])).toBe(node);
    expect(readDirectly('n', [node], [{ node: 'n', state: 'connected' }])).toBe(null);
    expect(readDirectly('n', [{ ...node, public_url: null }], [])).toBe(null);
    expect(readDirectly('n', [{ ...node, self: true }], [])).toBe(null);
    expect(readDirectly(null, [node], [])).toBe(null);
  });
});

test('a node that is asked first is told from one that is asked alone', () => {
  expect([read('assigned_node', '0123456789abcdef'), read('assigned_node', 'first:0123456789abcdef'), read('assigned_node', null)]).toEqual(['01234567', '01234567, others while it is away', 'nothing']);
});
