import type { Conflict, Version } from '../api/types';
import { cell } from './text';

/// One line of the comparison: a field with what each version says of it.
export interface FieldRow { field: string; values: string[]; differs: boolean; concerned: boolean }

/// The versions of a conflict, the shown one first.
export function versions(conflict: Conflict): { version: Version; shown: boolean }[] {
  return [...(conflict.shown ? [{ version: conflict.shown, shown: true }] : []), ...conflict.other.map(version => ({ version, shown: false }))];
}

/// The fields side by side: those that the conflict is about first, then by name.
export function fieldRows(conflict: Conflict): FieldRow[] {
  const all = versions(conflict);
  const fields = [...new Set([...conflict.fields, ...all.flatMap(({ version }) => Object.keys(version.values))])];
  const rows = fields.map(field => {
    const values = all.map(({ version }) => version.deleted ? 'deleted' : field in version.values ? cell(version.values[field]) : '');
    return { field, values, differs: new Set(values).size > 1, concerned: conflict.fields.includes(field) };
  });
  return rows.sort((a, b) => Number(b.concerned) - Number(a.concerned) || a.field.localeCompare(b.field));
}

/// What can be done with one press, and what it is called.
export interface Choice { keep: 'shown' | 'other' | 'restore'; label: string; says: string }

export function choices(conflict: Conflict): Choice[] {
  const several = conflict.other.length > 1;
  switch (conflict.kind) {
    case 'same_field':
      return [{ keep: 'shown', label: 'Keep what is shown', says: 'The other value is dismissed.' },
        { keep: 'other', label: several ? 'Take the newest other' : 'Take the other', says: 'It is shown on all machines.' }];
    case 'delete_against_edit':
      return [{ keep: 'shown', label: 'Keep the row', says: 'The deletion is dismissed.' }, { keep: 'other', label: 'Delete the row', says: 'With the rows that refer to it.' }];
    case 'same_key':
      return [{ keep: 'restore', label: 'Restore under a new key', says: 'The row that was kept out gets the next free key.' },
        { keep: 'other', label: 'Give it the key', says: 'The row that holds the key gets another.' }, { keep: 'shown', label: 'Dismiss the row', says: 'It is deleted; the log keeps it.' }];
    case 'constraint':
      return [{ keep: 'shown', label: 'Dismiss the row', says: 'It is deleted; the log keeps it.' }];
  }
}

export const KINDS: Record<Conflict['kind'], string> = {
  same_field: 'two people changed one field', delete_against_edit: 'deleted here, changed there', same_key: 'two rows want one key', constraint: 'a row breaks a rule of its table',
};

/// Reads what a person typed for a cell: NULL, a number, or text.
export function typed(text: string): null | number | string {
  if (text === 'NULL') return null;
  return /^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(text) ? Number(text) : text;
}
