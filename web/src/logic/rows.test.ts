import { expect, test } from 'vitest';
import { blocksOf, cellSays, explainHref } from './rows';

test('a cell says what is in it', () => {
  expect(cellSays('<b>')).toEqual({ text: '<b>', soft: false });
  expect(cellSays(7)).toEqual({ text: '7', soft: false });
  expect(cellSays('')).toEqual({ text: '', soft: false });
  expect(cellSays(null)).toEqual({ text: 'NULL', soft: true });
  expect(cellSays({ blob: 3_000_000 })).toEqual({ text: '3.0 MB of data', soft: true });
  expect(cellSays({ text: 'Once', bytes: 1_801 })).toEqual({ text: 'Once… (1.8 KB)', soft: false });
  expect(cellSays('~i:9223372036854775807').text).toBe('9223372036854775807');
  expect(cellSays('~s:~tilde').text).toBe('~tilde');
  expect(cellSays('~r:4000000000000000').text).toBe('2.0');
  expect(cellSays('~r:7ff0000000000000').text).toBe('Infinity');
  expect(cellSays('~t:/w==')).toEqual({ text: 'text that is no Unicode', soft: true });
});

test('a row leads to its explanation, whatever its key is', () => {
  expect(explainHref('s', '..', { key: ['a/b', ''], cells: [] })).toBe('#/explain/row/s/../%3Da%2Fb/%3D');
  expect(explainHref('s', 't', { key: null, cells: [] })).toBeNull();
});

test('only the pieces in sight are asked for', () => {
  expect(blocksOf(0, 40, 1_000)).toEqual([0]);
  expect(blocksOf(95, 130, 1_000)).toEqual([0, 1]);
  expect(blocksOf(980, 1_020, 1_000)).toEqual([9]);
  expect(blocksOf(0, 0, 0)).toEqual([]);
});
