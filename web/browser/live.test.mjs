import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { accessible, Browser } from './support/browser.mjs';
import { freePort, Node, Place, sql, until } from './support/nodes.mjs';

// Live news: one WebSocket a tab, on the page's own origin, and nothing else.
const place = new Place();
let browser, node, page, rest;
const sockets = [];
const asked = [];

before(async () => {
  rest = `127.0.0.1:${await freePort()}`;                                   // the same after a restart
  [browser, node] = await Promise.all([Browser.open(), place.node('a', { rest })]);
  const file = place.file('a.sqlite');
  sql(file, 'CREATE TABLE notes (id TEXT PRIMARY KEY, title TEXT)');
  await node.job('/api/v1/track', { file, name: 'notes' });
  page = await browser.tab();
});
after(async () => {
  await place.close();
  await browser.close();
});

test('all that is live comes over one WebSocket of the page’s own origin', async () => {
  page.on('websocket', socket => sockets.push(socket));
  page.on('request', request => asked.push(request.url()));
  await page.goto(node.page);
  await page.getByText('All is written down.').waitFor();
  await node.call('POST', '/api/v1/agents', { name: 'ann', key: false });
  const hive = await node.call('POST', '/api/v1/hives', { name: 'bees' });
  await page.getByRole('link', { name: 'Hives' }).click();
  await page.getByRole('link', { name: 'bees' }).first().click();
  await page.getByText('No posts yet').waitFor();
  const frames = [];
  sockets[0].on('framereceived', ({ payload }) => frames.push(JSON.parse(payload)));
  await node.call('POST', '/api/v1/hives/bees/posts', { title: 'Where is the clover?', agent: 'ann' });
  await page.getByRole('button', { name: '1 new post: show' }).waitFor();
  assert.ok(frames.some(frame => frame.type === 'new_post' && frame.channel === `hive:${hive.id}`), JSON.stringify(frames));
  assert.deepEqual(sockets.map(socket => socket.url()), [`ws://${rest}/api/v1/ws`]);
  assert.deepEqual(asked.filter(url => url.endsWith('/live')), []);
});

test('a node that goes away is told at once, and the page goes on by itself when it is back', async () => {
  await page.getByRole('link', { name: 'Home' }).click();
  await page.getByText('All is written down.').waitFor();
  await node.stop();
  await page.getByText('The node does not answer; trying again.').waitFor({ timeout: 2_000 });
  await page.getByRole('img', { name: 'no connection to the node' }).waitFor();
  await accessible(page);
  node = await Node.start(place, 'a');
  place.nodes.push(node);
  await page.getByRole('img', { name: 'green: in sync' }).waitFor({ timeout: 10_000 });
  sql(place.file('a.sqlite'), "INSERT INTO notes VALUES ('1', 'Clover')");
  await page.locator('.activity li', { hasText: 'changed rows' }).first().waitFor();
});

test('a tab that nobody looks at holds no connection', async () => {
  const last = sockets.at(-1);
  const hide = hidden => page.evaluate(hidden => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => hidden ? 'hidden' : 'visible' });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  await hide(true);
  await until('it is closed', () => last.isClosed());
  await hide(false);
  await until('there is another', () => sockets.at(-1) !== last && !sockets.at(-1).isClosed());
});

test('a page of another server on this machine is not let in, although the browser sends it the cookie', async () => {
  const evil = createServer((_, answer) => answer.setHeader('Content-Type', 'text/html').end('<!doctype html><title>evil</title>')).listen(0, '127.0.0.1');
  await once(evil, 'listening');
  try {
    const stranger = await browser.context.newPage();
    await stranger.goto(`http://127.0.0.1:${evil.address().port}/`);
    const word = await page.evaluate(() => localStorage.getItem('waggle-csrf-token'));
    const ended = (where, protocols) => stranger.evaluate(([where, protocols]) => new Promise(resolve => {
      const socket = new WebSocket(`ws://${where}/api/v1/ws`, protocols);
      socket.onopen = () => resolve('opened');
      socket.onerror = () => resolve('refused');
    }), [where, protocols]);
    assert.equal(await ended(rest, []), 'refused');
    assert.equal(await ended(rest, ['waggle', `word.${word}`]), 'refused');           // even if it knew the word
    assert.equal(await page.evaluate(([where, word]) => new Promise(resolve => {      // the page itself is, with both
      const socket = new WebSocket(`ws://${where}/api/v1/ws`, ['waggle', `word.${word}`]);
      socket.onopen = () => resolve('opened');
      socket.onerror = () => resolve('refused');
    }), [rest, word]), 'opened');
    await stranger.close();
  } finally {
    evil.close();
  }
});

test('the content policy lets the page connect to its own node and nowhere else', async () => {
  const policy = (await fetch(`http://${rest}/`)).headers.get('content-security-policy');
  assert.match(policy, /connect-src 'self';/);
  const other = await freePort();
  const refused = await page.evaluate(port => new Promise(resolve => {
    document.addEventListener('securitypolicyviolation', event => resolve(event.effectiveDirective));
    try {
      new WebSocket(`ws://127.0.0.1:${port}/`).onopen = () => resolve('opened');
    } catch {
      // told as a violation
    }
  }), other);
  assert.equal(refused, 'connect-src');
  browser.complaints = browser.complaints.filter(text => !text.includes('Content Security Policy'));
});

test('who begins a request and says nothing more is hung up on', async () => {
  const socket = connect(Number(rest.split(':')[1]), '127.0.0.1');
  await once(socket, 'connect');
  socket.write('GET /api/v1/ws HTTP/1.1\r\nHost: ');
  await once(socket, 'close', { signal: AbortSignal.timeout(30_000) });
});
