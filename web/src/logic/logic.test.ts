import { describe, expect, test } from 'vitest';
import type { BoardNode } from '../api/boardTypes';
import type { Conflict, LogEntry, Peer, Run } from '../api/types';
import { activity } from './activity';
import { choices, fieldRows, typed, versions } from './conflict';
import { lanes, LANES_MAX, rowPicture } from './dag';
import { ofPeer, said, series } from './history';
import { layout, nodeNames } from './mesh';
import { href, parts } from './route';
import { cell, count, shown, webLink } from './text';
import { ago, duration } from './time';

const run = (ms: Partial<Run>): Run => ({ peer: 'p', space: 's', name: 'notes', started_ms: 0, duration_ms: 0, sent: 0, received: 0, accepted: 0, error: '', ...ms });

describe('text of others', () => {
  test('hidden characters become visible, ordinary ones stay', () => {
    expect(shown('a\u202eb\u0000\u200b')).toBe('a‹U+202E›b‹U+0000›‹U+200B›');
    expect(shown('Grüße 蜂蜜 🐝\n\tב')).toBe('Grüße 蜂蜜 🐝\n\tב');
  });

  test('only web addresses are links', () => {
    expect(webLink('https://example.org/a?b')).toBe('https://example.org/a?b');
    for (const bad of ['javascript:alert(1)', ' https://a', 'JAVASCRIPT:alert(1)//https://', 'data:text/html,x', 'https://', '//a', null]) expect(webLink(bad)).toBeNull();
  });

  test('cells and counts are for people', () => {
    expect([cell(null), cell(1.5), cell('x'), cell({ $: 1 })]).toEqual(['NULL', '1.5', 'x', '{"$":1}']);
    expect([count(1, 'event'), count(1200, 'event'), count(0, 'entry', 'entries')]).toEqual(['1 event', '1,200 events', '0 entries']);
  });
});

test('addresses keep any id whole', () => {
  expect(parts(href('spaces', 'a/b #%', 'log'))).toEqual(['spaces', 'a/b #%', 'log']);
  expect(parts('#/a/%zz')).toEqual(['a', '%zz']);
  expect([parts(''), parts('#token=1'), parts('#/')]).toEqual([[], [], []]);
});

test('times are said the short way', () => {
  expect([ago(0, 9e9), ago(1e6, 1e6), ago(1, 59_001), ago(1, 3_600_000), ago(1, 7_200_001), ago(1, 172_800_001)]).toEqual(['never', 'just now', '59 s ago', '1 h ago', '2 h ago', '2 d ago']);
  expect([duration(12), duration(1500), duration(120_000)]).toEqual(['12 ms', '1.5 s', '2 min']);
});

test('the history counts every exchange in the interval where it ended, and times only those that ended well', () => {
  const drawn = series([run({ started_ms: 900, duration_ms: 200, sent: 2, received: 1 }), run({ started_ms: 1100, duration_ms: 400, sent: 4 }), run({ started_ms: 1500, duration_ms: 9, sent: 1, error: 'cut' }),
    run({ started_ms: 2100, error: 'cut', received: 5 }), run({ started_ms: -5000, sent: 100 })], 2999, 1000, 3);
  expect(drawn).toEqual({ seconds: [0, 1, 2], events: [0, 8, 5], latency: [null, 300, null] });
});

test('the history of one peer is its own, and says in a sentence what it shows', () => {
  const hour = 3_600_000;
  const runs = [run({ peer: 'p', started_ms: hour - 100, duration_ms: 50, sent: 2 }), run({ peer: 'p', started_ms: hour - 600_000, duration_ms: 150, received: 1 }), run({ peer: 'q', started_ms: hour - 100, duration_ms: 9, sent: 100 }),
    run({ peer: 'r', started_ms: -hour, sent: 5 })];
  const drawn = ofPeer(runs, 'p', hour)!;
  expect([drawn.events, drawn.latency]).toEqual([[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2], [null, null, null, null, null, null, null, null, null, null, 150, 50]]);
  expect(said(drawn)).toBe('3 events exchanged in the last hour; an exchange took 100 ms on average');
  expect([ofPeer(runs, 'r', hour), ofPeer(runs, 'nobody', hour)]).toEqual([null, null]);
});

test('activity is one list, newest first, and repetitions are one line', () => {
  const entry = (offset: number, time: string, type: string): LogEntry => ({ offset, origin: offset === 3 ? 'me' : 'other', epoch: '', seq: offset, type, time, verdict: 'counts', says: '' });
  const lines = activity([run({ started_ms: Date.parse('2026-01-01T00:00:03Z'), received: 2, duration_ms: 80 })],
    [{ space: 's', name: 'notes', entries: [entry(1, '2026-01-01T00:00:01Z', 'batch'), entry(2, '2026-01-01T00:00:02Z', 'batch'), entry(3, '2026-01-01T00:00:04Z', 'new_kind'), entry(4, '', 'verdict_changed')] }], 'me', 10);
  expect(lines.map(line => [line.who, line.what])).toEqual([['', 'wrote new_kind'], ['p', 'gave 2 events in 80 ms'], ['other', 'changed rows, 2 times']]);
});

test('what another did, or elsewhere, or something else, is no repetition', () => {
  const entry = (origin: string, second: number, type = 'batch'): LogEntry => ({ offset: second, origin, epoch: '', seq: second, type, time: `2026-01-01T00:00:0${second}Z`, verdict: 'counts', says: '' });
  const lines = activity([], [{ space: 's', name: 'notes', entries: [entry('a', 1), entry('b', 2), entry('b', 3, 'vote_cast')] }, { space: 't', name: 'tags', entries: [entry('b', 4, 'vote_cast')] }], 'me', 10);
  expect(lines.map(line => [line.who, line.space, line.what])).toEqual([['b', 'tags', 'voted'], ['b', 'notes', 'voted'], ['b', 'notes', 'changed rows'], ['a', 'notes', 'changed rows']]);
});

test('an exchange that brought nothing says what it was', () => {
  expect(activity([run({ duration_ms: 1_100 })], [], 'me', 10).map(line => line.what)).toEqual(['compared its log with this node’s: nothing was missing on either side (took 1.1 s)']);
  expect(activity([run({ error: 'connection-broken: HttpClosedException' }), run({ peer: 'z', error: 'bad_request' })], [], 'me', 10).map(line => line.what)).toEqual(['exchange broke off: the connection was lost; it is tried again', 'exchange broke off: bad_request']);
});

test('a node is called as its peer was named here, else as it calls itself; the beginning of its id is no name', () => {
  const peer = (node: string, name: string) => ({ node, name }) as Peer;
  const member = (node: string, name: string) => ({ node, name }) as BoardNode;
  expect([...nodeNames([peer('aa11', 'kitchen'), peer('bb22', ''), peer('cc33', '')], [member('aa11', 'anna'), member('bb22', 'bert'), member('cc33', 'cc3')])]).toEqual([['aa11', 'kitchen'], ['bb22', 'bert']]);
});

describe('the picture of a log', () => {
  const chain = (origin: string, first_offset: number, last_offset: number, seq = last_offset - first_offset + 1, branch = 0) => ({ origin, epoch: 'e', branch, first_offset, last_offset, seq, id: origin, head: false });
  const entry = (offset: number, origin: string, seq: number, prev?: string, merges: [string, number][] = []): LogEntry => ({
    offset, origin, epoch: 'e', seq, id: `${origin}${seq}`, type: 'batch', verdict: 'counts', says: '', prev, merges: merges.map(([of, at]) => ({ id: `${of}${at}`, origin: of, epoch: 'e', seq: at })),
  });

  test('chains that live at the same time have lanes of their own, later ones take free lanes, and there are never too many', () => {
    const drawn = lanes([chain('a', 1, 10), chain('b', 3, 5), chain('c', 7, 9), chain('d', 6, 20)]);
    expect(['a', 'b', 'c', 'd'].map(origin => drawn.of.get(`${origin}/e`)!.lane)).toEqual([0, 1, 1, 2]);
    const many = lanes(Array.from({ length: 500 }, (_, index) => chain(`n${index}`, index + 1, 1000)));
    expect(rowPicture(entry(700, 'n1', 1), many, new Map()).lines.length).toBe(LANES_MAX);
    expect(many.count).toBe(LANES_MAX);
  });

  test('branches of one chain share its lane', () => {
    expect(lanes([chain('a', 1, 4, 4, 0), chain('a', 1, 6, 4, 1)]).of.get('a/e')).toEqual({ lane: 0, first: 1, last: 6 });
  });

  test('a merge is drawn to the very event that it names, however far below', () => {
    const drawn = lanes([chain('a', 1, 6, 4), chain('b', 2, 4)]);
    const entries = [entry(1, 'a', 1), entry(2, 'b', 1, undefined, [['a', 1]]), entry(3, 'b', 2, 'b1'), entry(4, 'b', 3, 'b2'), entry(5, 'a', 2, 'a1', [['b', 2]]), entry(6, 'a', 3, 'a2')];
    const offsets = new Map(entries.map(each => [each.id!, each.offset]));
    expect(rowPicture(entries[4]!, drawn, offsets)).toEqual({ lane: 0, lines: [{ lane: 0, above: true, below: true }], merges: [{ lane: 1, rows: 2 }] });
    expect(rowPicture(entries[4]!, drawn, new Map()).merges).toEqual([{ lane: 1, rows: undefined }]);
    expect(rowPicture(entries[1]!, drawn, offsets)).toEqual({ lane: 1, lines: [{ lane: 0, above: true, below: true }, { lane: 1, above: true, below: false }], merges: [{ lane: 0, rows: 1 }] });
  });
});

describe('conflicts', () => {
  const conflict: Conflict = {
    id: '1', space: 's', space_name: 'notes', kind: 'same_field', table: 't', key: ['1'], fields: ['title'], children: 0, says: '',
    shown: { event: 'e1', node: 'n', time_ms: 1, deleted: false, values: { a: 1, title: 'x' } }, other: [{ event: 'e2', node: 'm', time_ms: 2, deleted: false, values: { title: null } }],
  };

  test('fields in conflict come first, each with what every version says', () => {
    expect(fieldRows(conflict)).toEqual([{ field: 'title', values: ['x', 'NULL'], differs: true, concerned: true }, { field: 'a', values: ['1', ''], differs: true, concerned: false }]);
    expect(fieldRows({ ...conflict, other: [{ ...conflict.other[0]!, deleted: true, values: {} }] })[0]!.values).toEqual(['x', 'deleted']);
    expect(versions({ ...conflict, shown: null }).map(each => each.shown)).toEqual([false]);
  });

  test('every kind has its one-press decisions', () => {
    expect((['same_field', 'delete_against_edit', 'same_key', 'constraint'] as const).map(kind => choices({ ...conflict, kind }).map(choice => choice.keep)))
      .toEqual([['shown', 'other'], ['shown', 'other'], ['restore', 'other', 'shown'], ['shown']]);
  });

  test('what is typed becomes a value without losing digits', () => {
    expect(['NULL', '7', '-1.5', '007', '12345678901234567890', 'x', ''].map(typed)).toEqual([null, 7, -1.5, '007', '12345678901234567890', 'x', '']);
  });
});

test('peers stand apart from each other, in the same places every time', () => {
  const peers = Array.from({ length: 40 }, (_, index) => ({ node: String(index).padStart(4, '0') }) as Peer);
  const spots = layout(peers, 300);
  expect(layout([...peers].reverse(), 300)).toEqual(spots);
  for (const a of spots) for (const b of spots) if (a !== b) expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(15);
  expect(layout(peers.slice(0, 2), 300).map(spot => Math.round(spot.x))).toEqual([300, -300]);
});
