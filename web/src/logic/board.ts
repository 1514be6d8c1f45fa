// What a board shows where, and what may be done with a task: the rules of the page, not of the node, which decides.

import type { Task, TaskStatus } from '../api/boardTypes';

export const STATUSES: readonly TaskStatus[] = ['todo', 'inprogress', 'inreview', 'done', 'cancelled'];
export const STATUS_NAMES: Record<TaskStatus, string> = { todo: 'To do', inprogress: 'In progress', inreview: 'In review', done: 'Done', cancelled: 'Cancelled' };
export const PRIORITIES = ['0, most urgent', '1, high', '2, normal', '3, low', '4, some day'] as const;

/// Where a task may go. What has ended is opened again before anything else happens to it.
const NEXT: Record<TaskStatus, readonly TaskStatus[]> = {
  todo: ['inprogress', 'inreview', 'done', 'cancelled'], inprogress: ['todo', 'inreview', 'done', 'cancelled'], inreview: ['todo', 'inprogress', 'done', 'cancelled'],
  done: ['todo', 'inprogress'], cancelled: ['todo'],
};

export function mayBecome(from: TaskStatus, to: TaskStatus): boolean {
  return NEXT[from].includes(to);
}

/// Why a task cannot be put there; empty when it can, or is there.
export function whyNot(from: TaskStatus, to: TaskStatus): string {
  return from === to || mayBecome(from, to) ? '' : `What is ${STATUS_NAMES[from].toLowerCase()} becomes ${NEXT[from].map(each => STATUS_NAMES[each].toLowerCase()).join(' or ')} first.`;
}

export interface TaskFilter { text: string; label: string }
export const NO_TASK_FILTER: TaskFilter = { text: '', label: '' };
export type Columns = Record<TaskStatus, Task[]>;

function matches(task: Task, words: string[], label: string): boolean {
  if (label !== '' && !task.labels.includes(label)) return false;
  if (words.length === 0) return true;
  const said = [task.title, task.external_id ?? '', task.assignee ?? '', ...task.labels].join('\n').toLowerCase();
  return words.every(word => said.includes(word));
}

/// The tasks by column: what waits by urgency and then age, what has ended by when, the newest first.
export function columns(tasks: Iterable<Task>, filter: TaskFilter = NO_TASK_FILTER): Columns {
  const found: Columns = { todo: [], inprogress: [], inreview: [], done: [], cancelled: [] };
  const words = filter.text.toLowerCase().split(/\s+/).filter(word => word !== '');
  for (const task of tasks) if (!task.deleted && matches(task, words, filter.label)) found[task.status].push(task);
  for (const status of ['todo', 'inprogress', 'inreview'] as const) found[status].sort((a, b) => a.priority - b.priority || order(a.created_at, b.created_at) || order(a.id, b.id));
  for (const status of ['done', 'cancelled'] as const) found[status].sort((a, b) => order(b.updated_at, a.updated_at) || order(a.id, b.id));
  return found;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/// All labels, the most used first.
export function labels(tasks: Iterable<Task>, most = 100): string[] {
  const times = new Map<string, number>();
  for (const task of tasks) for (const label of task.labels) times.set(label, (times.get(label) ?? 0) + 1);
  return [...times].sort((a, b) => b[1] - a[1] || order(a[0], b[0])).slice(0, most).map(([label]) => label);
}

/// Whether a node's claim runs now.
export function isHeld(task: { holder: string | null; lease_until: string | null }, nowMs: number): boolean {
  return task.holder !== null && task.lease_until !== null && Date.parse(task.lease_until) > nowMs;
}

/// How many of the tasks that a task needs are not done yet, as far as they are known here.
export function waitsFor(task: Task, all: ReadonlyMap<string, Task>): number {
  return task.depends_on.filter(id => { const needed = all.get(id); return needed !== undefined && needed.status !== 'done' && needed.status !== 'cancelled'; }).length;
}

/// Where the keyboard is: a card of a column.
export interface Place { column: TaskStatus; index: number }

const PAGE_STEP = 10;

/// Where a key leads from a card to another; the same place when there is none that way.
export function stepped(shown: Columns, at: Place, key: string): Place {
  const last = shown[at.column].length - 1;
  const to = (index: number): Place => ({ column: at.column, index: Math.max(0, Math.min(last, index)) });
  switch (key) {
    case 'ArrowDown': return to(at.index + 1);
    case 'ArrowUp': return to(at.index - 1);
    case 'PageDown': return to(at.index + PAGE_STEP);
    case 'PageUp': return to(at.index - PAGE_STEP);
    case 'Home': return to(0);
    case 'End': return to(last);
    case 'ArrowLeft': case 'ArrowRight': {
      const step = key === 'ArrowLeft' ? -1 : 1;
      for (let i = STATUSES.indexOf(at.column) + step; i >= 0 && i < STATUSES.length; i += step) {
        const length = shown[STATUSES[i]!].length;
        if (length > 0) return { column: STATUSES[i]!, index: Math.min(at.index, length - 1) };
      }
      return at;
    }
    default: return at;
  }
}

/// Over which column a task that is picked up comes: only where it may be put, and where it came from.
export function carried(from: TaskStatus, over: TaskStatus, key: string): TaskStatus {
  const step = key === 'ArrowLeft' ? -1 : key === 'ArrowRight' ? 1 : 0;
  if (step === 0) return over;
  for (let i = STATUSES.indexOf(over) + step; i >= 0 && i < STATUSES.length; i += step) if (STATUSES[i] === from || mayBecome(from, STATUSES[i]!)) return STATUSES[i]!;
  return over;
}
