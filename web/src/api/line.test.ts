import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Line, type LineState, type Message, type Socket } from './line';

class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: (() => void) | null = null;
  sent: string[] = [];
  closed = false;
  send(text: string) { this.sent.push(text); }
  close() { this.closed = true; }
  says(message: object) { this.onmessage?.({ data: JSON.stringify(message) }); }
}

let sockets: FakeSocket[] = [];
let out = false;
let line: Line;
const last = () => sockets.at(-1)!;
const subscribe = (channel: string) => `{"action":"subscribe","channel":"${channel}"}`;

function listener() {
  const heard: Message[] = [];
  const states: LineState[] = [];
  const all = { heard: (message: Message) => heard.push(message), opened: vi.fn(), state: (now: LineState) => states.push(now) };
  return { ...all, messages: heard, states };
}

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  out = false;
  line = new Line({ open: () => { sockets.push(new FakeSocket()); return last(); }, isOut: () => Promise.resolve(out), chance: () => 0.5 });
});
afterEach(() => vi.useRealTimers());

test('all channels share one connection, which is there while somebody listens', () => {
  const [one, two] = [listener(), listener()];
  const endOne = line.listen('status', one);
  last().onopen!();
  const endTwo = line.listen('hive:1', two);
  expect(last().sent).toEqual([subscribe('status'), subscribe('hive:1')]);
  last().says({ type: 'subscribed', channel: 'hive:1' });
  expect([one.opened.mock.calls.length, two.opened.mock.calls.length]).toEqual([0, 1]);
  last().says({ type: 'new_post', channel: 'hive:1', data: { post_id: 'p' } });
  last().says({ type: 'alive', channel: 'hive:1' });
  last().says({ type: 'new_post', channel: 'hive:2', data: {} });
  expect(two.messages.map(each => each.data)).toEqual([{ post_id: 'p' }]);
  expect(one.messages).toEqual([]);
  const late = listener();
  const endLate = line.listen('hive:1', late);                  // the channel runs already: nothing is asked again
  expect(late.opened).toHaveBeenCalledTimes(1);
  endTwo();
  expect(last().sent.length).toBe(2);
  endLate();
  expect(last().sent[2]).toBe('{"action":"unsubscribe","channel":"hive:1"}');
  endOne();
  expect([last().closed, sockets.length]).toEqual([true, 1]);
});

test('a lost connection is told, made again with growing waits, and begins every channel anew', async () => {
  const one = listener();
  line.listen('status', one);
  last().onopen!();
  last().says({ type: 'subscribed', channel: 'status' });
  last().onclose!();
  expect(one.states.at(-1)).toBe('away');
  const waits = [];
  for (let time = 0; time < 6; time++) {
    const before = Date.now();
    const known = sockets.length;
    while (sockets.length === known) await vi.advanceTimersByTimeAsync(50);
    waits.push(Date.now() - before);
    last().onclose!();
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 5000]);
  await vi.advanceTimersByTimeAsync(5_000);
  last().onopen!();
  last().says({ type: 'subscribed', channel: 'status' });
  expect(one.states.at(-1)).toBe('live');
  expect(one.opened).toHaveBeenCalledTimes(2);
  last().onclose!();
  const known = sockets.length;
  await vi.advanceTimersByTimeAsync(250);                       // a connection that was good begins the waits anew
  expect(sockets.length).toBe(known + 1);
});

test('who is not let in is told so, and does not try again by itself', async () => {
  const one = listener();
  line.listen('status', one);
  out = true;
  last().onclose!();
  await vi.advanceTimersByTimeAsync(60_000);
  expect([one.states.at(-1), sockets.length]).toEqual(['unauthorised', 1]);
});

test('a line that is silent for too long is given up, and a sign of life keeps it', async () => {
  const one = listener();
  line.listen('status', one);
  last().onopen!();
  await vi.advanceTimersByTimeAsync(30_000);
  last().says({ type: 'alive', channel: 'status' });
  await vi.advanceTimersByTimeAsync(30_000);
  expect([sockets.length, one.states.at(-1)]).toEqual([1, 'live']);
  await vi.advanceTimersByTimeAsync(10_100);
  expect([last().closed, one.states.at(-1)]).toEqual([true, 'away']);
  await vi.advanceTimersByTimeAsync(250);
  expect(sockets.length).toBe(2);
});

test('a channel that ended or was refused is asked for again, while somebody still listens', async () => {
  const one = listener();
  const end = line.listen('project:1', one);
  line.listen('status', listener());
  last().onopen!();
  last().says({ type: 'ended', channel: 'project:1' });
  expect(one.states.at(-1)).toBe('away');
  await vi.advanceTimersByTimeAsync(1_000);
  last().says({ type: 'error', channel: 'project:1', error: { code: 'not_found' } });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(last().sent.filter(text => text === subscribe('project:1')).length).toBe(3);
  last().says({ type: 'ended', channel: 'project:1' });
  end();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(last().sent.filter(text => text === subscribe('project:1')).length).toBe(3);
});
