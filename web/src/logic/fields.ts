// The fields of a task: how they read, what was changed meanwhile, how two values become one.

import type { FieldConflict, FieldValue, TaskFields, TaskInFull } from '../api/boardTypes';
import { PRIORITIES, STATUS_NAMES, STATUSES } from './board';
import { brief } from './text';

export const FIELD_NAMES: Record<string, string> = {
  title: 'Title', description: 'Description', status: 'Status', priority: 'Priority', labels: 'Labels', depends_on: 'Needs', assignee: 'Assignee', assigned_node: 'Node', external_id: 'Id elsewhere',
};

/// Before the id of a node that is asked first and not alone.
const FIRST = 'first:';

/// A value for people.
///
/// @param named what tasks are called, by their id here or in the swarm
export function read(field: string, value: FieldValue, named: (id: string) => string = brief): string {
  if (value === null || value === '') return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'nothing' : value.map(each => field === 'depends_on' ? named(each) : each).join(', ');
  if (field === 'status') return STATUS_NAMES[STATUSES.find(status => status === value) ?? 'todo'];
  if (field === 'priority') return PRIORITIES[Number(value)] ?? String(value);
  if (field === 'assigned_node') {
    const node = String(value);
    return node.startsWith(FIRST) ? `${brief(node.slice(FIRST.length))}, others while it is away` : brief(node);
  }
  return String(value);
}

/// Whether both values can be kept in one.
export function canMerge(conflict: FieldConflict): boolean {
  return ['title', 'description', 'labels', 'depends_on', 'assignee'].includes(conflict.field);
}

/// A first proposal for one value out of two: all that either has, once. A person goes on from there.
export function merged(conflict: FieldConflict): FieldValue {
  const { shown, other } = conflict;
  if (Array.isArray(shown) || Array.isArray(other)) return [...new Set([...Array.isArray(shown) ? shown : [], ...Array.isArray(other) ? other : []])];
  const [one, two] = [String(shown ?? ''), String(other ?? '')];
  if (conflict.field !== 'description') return one === '' ? two : one;
  const known = new Set(one.split('\n'));
  return [...one === '' ? [] : [one], ...two.split('\n').filter(line => !known.has(line))].join('\n');
}

export function fieldsOf(task: TaskInFull): TaskFields {
  return { title: task.title, description: task.description, priority: task.priority, labels: task.labels, depends_on: task.depends_on, assignee: task.assignee };
}

/// What was changed in a form: only this is written, so that what others change meanwhile stays.
export function changes(before: TaskFields, now: TaskFields): Partial<TaskFields> {
  return Object.fromEntries(Object.entries(now).filter(([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field as keyof TaskFields])));
}

/// The fields that a form changes and that somebody else has changed since it was opened.
export function changedMeanwhile(before: TaskFields, node: TaskFields, mine: Partial<TaskFields>): (keyof TaskFields)[] {
  return (Object.keys(mine) as (keyof TaskFields)[]).filter(field => JSON.stringify(before[field]) !== JSON.stringify(node[field]) && JSON.stringify(node[field]) !== JSON.stringify(mine[field]));
}
