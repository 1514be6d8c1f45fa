// Real nodes of the built program, each in a folder of its own, and cables between them that can be pulled.

import { once } from 'node:events';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const WAGGLE = fileURLToPath(new URL('../../../waggle', import.meta.url));
const STAMP = fileURLToPath(new URL('../../../target/waggle.stamp', import.meta.url));
const LONG_LOG = fileURLToPath(new URL('LongLog.java', import.meta.url));
const HUB_ACCOUNTS = fileURLToPath(new URL('HubAccounts.java', import.meta.url));
const HIVE_NAMES = fileURLToPath(new URL('HiveNames.java', import.meta.url));
const HOSTILE_PEER = fileURLToPath(new URL('HostilePeer.java', import.meta.url));
const UP_MS = 60_000;
const DOWN_MS = 60_000;
const ANSWER_MS = 60_000;
const run = async (file, args) => (await promisify(execFile)(file, args)).stdout;

/// A folder that is removed at the end; nodes that were started in it are stopped before.
export class Place {
  folder = mkdtempSync(join(tmpdir(), 'waggle-browser-'));
  nodes = [];
  links = [];

  file(name) {
    return join(this.folder, name);
  }

  /// @param settings what its settings.json says
  async node(name, settings = {}) {
    mkdirSync(this.file(name), { recursive: true, mode: 0o700 });
    writeFileSync(join(this.file(name), 'settings.json'), JSON.stringify(settings));
    const node = await Node.start(this, name);
    this.nodes.push(node);
    return node;
  }

  /// A node whose one space has a log of many events in several chains. It is written while the node is down.
  ///
  /// @return the node and the space's id
  async longLog(name, events, chains) {
    const space = await this.prepare(name, LONG_LOG, events, chains);
    return { node: await this.node(name, { compaction: { automatic: false } }), space: space.trim() };
  }

  /// A hub whose log says these things of its accounts, whether a route would have taken them or not.
  ///
  /// @param accounts each with `kind`, `id`, `fields`
  async hub(name, accounts, settings = {}) {
    const file = this.file(`${name}.jsonl`);
    const canonical = (_, value) => value?.constructor === Object ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1)) : value;
    writeFileSync(file, accounts.map(account => JSON.stringify(account, canonical)).join('\n'));
    await this.prepare(name, HUB_ACCOUNTS, file);
    return this.node(name, { ...settings, hub: true });
  }

  /// A node with hives of these names, the first of which has members of these.
  ///
  /// @return the node and the first hive's id
  async hives(name, hives, members) {
    const file = this.file(`${name}.json`);
    writeFileSync(file, JSON.stringify({ hives, members }));
    const hive = (await this.prepare(name, HIVE_NAMES, file)).trim();
    return { node: await this.node(name), hive };
  }

  /// A member that refuses everything in words of its own, with the key of a node that is down.
  ///
  /// @return says these words
  async hostilePeer(name, address) {
    const child = spawn(...await this.program(name, HOSTILE_PEER, address), { stdio: ['pipe', 'pipe', 'inherit'] });
    this.nodes.push({ stop: async () => { child.kill(); } });
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit').then(() => { throw new Error('the hostile peer ended'); })]);
    return says => child.stdin.write(JSON.stringify({ says }) + '\n');
  }

  /// Runs a program on the data folder of a node that is down.
  async prepare(name, program, ...args) {
    mkdirSync(this.file(name), { mode: 0o700 });
    return run(...await this.program(name, program, ...args));
  }

  async program(name, program, ...args) {
    await run(WAGGLE, ['build']);
    const [home, classPath] = readFileSync(STAMP, 'utf8').split('\n');
    return [join(home, 'bin', 'java'), ['--enable-native-access=ALL-UNNAMED', '-XX:+UseSerialGC', '-Xmx256m', '-cp', classPath, program, this.file(name), this.file('state'), ...args].map(String)];
  }

  async link(target) {
    const link = await Link.open(target);
    this.links.push(link);
    return link;
  }

  async close() {
    for (const link of this.links) link.cut();
    await Promise.all(this.nodes.map(node => node.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class Node {
  static start(place, name) {
    const data = place.file(name);
    const child = spawn(WAGGLE, ['up', '--json', '--data', data], { env: { ...process.env, WAGGLE_STATE: place.file('state'), WAGGLE_HEAP: '160m' } });
    let said = '';
    let complained = '';
    child.stderr.on('data', text => { complained += text; });
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`node ${name} is not up: ${complained}`)), UP_MS);
      child.once('exit', code => reject(new Error(`node ${name} ended with ${code}: ${complained}`)));
      child.stdout.on('data', text => {
        said += text;
        if (!said.trimEnd().endsWith('}')) return;
        clearTimeout(late);
        child.removeAllListeners('exit');
        const node = new Node();
        Object.assign(node, { child, data, up: JSON.parse(said), rest: JSON.parse(readFileSync(join(data, 'run.json'))).rest, token: readFileSync(join(data, 'token'), 'utf8').trim() });
        resolve(node);
      });
    });
  }

  get id() {
    return this.up.node;
  }

  /// The link that `waggle up` prints.
  get page() {
    return `http://${this.rest}/#token=${this.token}`;
  }

  async call(method, path, body) {
    const answer = await fetch(`http://${this.rest}${path}`, { method, headers: { Authorization: `Bearer ${this.token}`, ...body && { 'Content-Type': 'application/json' } }, body: body && JSON.stringify(body), signal: AbortSignal.timeout(ANSWER_MS) });
    const json = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${json.error.message}`);
    return json;
  }

  /// Long work, until it has ended.
  async job(path, body) {
    let job = await this.call('POST', path, body);
    while (job.state === 'running') job = await this.call('GET', `/api/v1/jobs/${job.id}?wait_ms=5000`);
    if (job.state === 'failed') throw new Error(job.error.message);
    return job.result;
  }

  /// What a route of projects and tasks answers, out of its envelope; of long work, the result.
  async board(method, path, body) {
    let { data } = await this.call(method, path, body);
    if (data?.state === undefined) return data;
    while (data.state === 'running') data = await this.call('GET', `/api/v1/jobs/${data.id}?wait_ms=5000`);
    if (data.state === 'failed') throw new Error(data.error.message);
    return data.result;
  }

  stop() {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.child.kill('SIGKILL');
        reject(new Error(`a node did not end within ${DOWN_MS} ms`));
      }, DOWN_MS);
      this.child.once('exit', () => {
        clearTimeout(late);
        resolve();
      });
      this.child.kill();
    });
  }
}

/// A cable to an address: what goes in at `address` comes out there, while it is not cut.
export class Link {
  sockets = new Set();

  static async open(target) {
    const link = new Link();
    link.target = target;
    await link.heal();
    return link;
  }

  get address() {
    return `127.0.0.1:${this.port}`;
  }

  cut() {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  heal() {
    const [host, port] = [this.target.slice(0, this.target.lastIndexOf(':')), Number(this.target.slice(this.target.lastIndexOf(':') + 1))];
    this.server = createServer(near => {
      const far = connect({ host, port });
      const end = () => { near.destroy(); far.destroy(); this.sockets.delete(near); this.sockets.delete(far); };
      for (const socket of [near, far]) {
        this.sockets.add(socket);
        socket.on('error', end).on('close', end);
      }
      near.pipe(far);
      far.pipe(near);
    });
    return new Promise((resolve, reject) => this.server.on('error', reject).listen(this.port ?? 0, '127.0.0.1', () => {
      this.port = this.server.address().port;
      resolve();
    }));
  }
}

/// A port of this machine that nobody listens on now.
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/// What another program does to a database.
export function sql(file, ...statements) {
  return execFileSync('sqlite3', ['-batch', '-cmd', '.timeout 10000', file, statements.join(';\n') + ';'], { encoding: 'utf8' });
}

/// Looks again until something is so.
export async function until(what, look, ms = 15_000) {
  const end = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/// Two nodes that share a tracked database over a link; the second joined the first.
///
/// @param settings of both
export async function pair(place, schema = 'CREATE TABLE notes (id TEXT PRIMARY KEY, title TEXT, body TEXT)', settings = {}) {
  const a = await place.node('a', settings);
  const link = await place.link(a.up.listen);
  const files = [place.file('a.sqlite'), place.file('b.sqlite')];
  sql(files[0], schema);
  const [b, space] = await Promise.all([place.node('b', settings), a.job('/api/v1/track', { file: files[0], name: 'notes' })]);
  const { ticket } = await a.call('POST', '/api/v1/invite', { space: space.id, addresses: [link.address] });
  await b.job('/api/v1/join', { ticket, file: files[1] });
  return { a, b, link, files, space: space.id };
}
