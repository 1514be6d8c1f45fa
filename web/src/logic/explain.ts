// What is asked about on the explanation's page, as it stands in the address: #/explain/event/ID/SPACE, #/explain/row/SPACE/TABLE/=KEY/=KEY, #/explain/post/ID.

import type { ExplainQuery, ExplainTone } from '../api/types';
import { href } from './route';

/// Marks that are told apart without colours.
export const TONES: Record<ExplainTone, { mark: string; name: string }> = {
  done: { mark: '✓', name: 'done' },
  open: { mark: '?', name: 'open or not known' },
  bad: { mark: '!', name: 'without effect, or passed over' },
  note: { mark: '·', name: 'note' },
};

/// In a table of conflicts a longer part of a key is cut, so the row cannot be asked for by it.
const KEY_CHARS_MAX = 59;

export function eventHref(id: string, space?: string): string {
  return space === undefined ? href('explain', 'event', id) : href('explain', 'event', id, space);
}

/// A key may be empty, and empty parts of an address are lost: each has a mark in front.
export function rowHref(space: string, table: string, key: string[]): string {
  return href('explain', 'row', space, table, ...key.map(part => `=${part}`));
}

/// The link to a row by a key as a list shows it; null where some of it is not shown whole.
export function shownRowHref(space: string, table: string, key: string[]): string | null {
  return key.length === 0 || key.some(part => part.length > KEY_CHARS_MAX) ? null : rowHref(space, table, key);
}

/// What the parts of the address behind `explain` ask for; null for nothing.
export function queryOf(asked: string[]): ExplainQuery | null {
  const [kind, first, second, ...key] = asked;
  if (first === undefined) return null;
  switch (kind) {
    case 'event': return second === undefined ? { event: first } : { event: first, space: second };
    case 'row': return second === undefined || key.length === 0 ? null : { space: first, table: second, key: JSON.stringify(key.map(part => part.slice(1))) };
    case 'post': return { post: first };
    case 'comment': return { comment: first };
    case 'task': return { task: first };
    default: return null;
  }
}
