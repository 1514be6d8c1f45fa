import { expect, test } from 'vitest';
import { eventHref, queryOf, rowHref, shownRowHref } from './explain';
import { parts } from './route';

test('what is asked about survives the address', () => {
  const asked = (address: string) => queryOf(parts(address).slice(1));
  expect(asked(eventHref('3fa1c2d4'))).toEqual({ event: '3fa1c2d4' });
  expect(asked(eventHref('3fa1c2d4', 'abc'))).toEqual({ event: '3fa1c2d4', space: 'abc' });
  expect(asked(rowHref('abc', 'my table/2', ['t 1', '', '=x', '["a"]']))).toEqual({ space: 'abc', table: 'my table/2', key: '["t 1","","=x","[\\"a\\"]"]' });
  expect(asked('#/explain/post/p1')).toEqual({ post: 'p1' });
  expect(asked('#/explain/comment/c1')).toEqual({ comment: 'c1' });
  expect(asked('#/explain/task/t1')).toEqual({ task: 't1' });
});

test('half a question is none', () => {
  for (const asked of [[], ['event'], ['row', 'abc'], ['row', 'abc', 'table'], ['nothing', 'x']]) expect(queryOf(asked)).toBeNull();
});

test('a key that a list shows cut is no link', () => {
  expect(shownRowHref('abc', 'notes', ['1'])).toBe(rowHref('abc', 'notes', ['1']));
  expect(shownRowHref('abc', 'notes', ['x'.repeat(60)])).toBeNull();
  expect(shownRowHref('abc', 'notes', [])).toBeNull();
});
