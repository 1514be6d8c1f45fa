import { expect, test } from 'vitest';
import { fromText, label, toText } from './settings';
import { bytes } from './text';

test('a setting comes out of a form as its kind wants it', () => {
  expect(fromText({ kind: 'number' }, ' 50 ')).toBe(50);
  expect(fromText({ kind: 'number' }, 'many')).toBe('many');
  expect(fromText({ kind: 'number' }, '')).toBe(null);
  expect(fromText({ kind: 'texts' }, 'a:1, b:2,')).toEqual(['a:1', 'b:2']);
  expect(fromText({ kind: 'texts' }, ' ')).toBe(null);
  expect(fromText({ kind: 'text' }, '')).toBe(null);
  expect(fromText({ kind: 'flag' }, 'false')).toBe(false);
});

test('what the node says is what a form shows', () => {
  for (const [value, text] of [[null, ''], [7, '7'], [['a', 'b'], 'a, b'], [true, 'true']] as const) expect(toText({ value: value as never })).toBe(text);
  expect(label('sync.push_rate')).toContain('push');
  expect(label('new.one')).toBe('new.one');
});

test('sizes are told in units that people read', () => {
  expect([0, 999, 1_536, 123_456, 5_000_000, 2_340_000_000].map(bytes)).toEqual(['0 bytes', '999 bytes', '1.5 KB', '123 KB', '5.0 MB', '2.3 GB']);
});
