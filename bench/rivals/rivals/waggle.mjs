// The program of this peer writes into its own SQLite file; a Waggle node, in one more process, follows the file and talks to the other node.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { now, poll } from '../clock.mjs';
import { TaskTable } from './task-table.mjs';

const ROWS = 500;
const COUNT_MS = 25;
const LOOK_MS = 1;

export async function open(folder, { launcher }) {
  const peer = new WagglePeer(folder, launcher);
  await peer.start();
  return peer;
}

class WagglePeer {
  #folder;
  #launcher;
  #node;
  #table;
  #port;
  #errors = '';

  constructor(folder, launcher) {
    this.#folder = folder;
    this.#launcher = launcher;
  }

  get #file() { return join(this.#folder, 'task.sqlite'); }
  get #data() { return join(this.#folder, 'node'); }
  get pid() { return this.#node.pid; }

  async start() {
    this.#node = this.#spawn('up');
    const [line] = await Promise.race([once(createInterface(this.#node.stdout), 'line'), once(this.#node, 'close').then(() => [])]);
    if (!line) throw new Error(`the node did not come up: ${this.#errors}`);
    this.#port = Number(/:(\d+)$/.exec(JSON.parse(line).listen)[1]);
    if (existsSync(this.#file)) this.#table = new TaskTable(this.#file);
  }

  #spawn(...command) {
    const child = spawn(this.#launcher, [...command, '--data', this.#data, '--json'],
      { env: { ...process.env, WAGGLE_STATE: join(this.#folder, 'state') }, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr.on('data', text => { this.#errors = (this.#errors + text).slice(-2_000); });
    return child;
  }

  async #run(...command) {
    const child = this.#spawn(...command);
    let out = '';
    child.stdout.on('data', text => { out += text; });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`waggle ${command[0]}: exit ${code}: ${out} ${this.#errors}`);
    return out;
  }

  fill(from, count) {
    this.#table ??= new TaskTable(this.#file).create();
    return this.commit(from, count, ROWS);
  }

  commit(from, count, size) {
    const began = now();
    this.#table.commit(from, count, size);
    return { began, ended: now() };
  }

  async listen() {
    this.#table ??= new TaskTable(this.#file).create();
    await this.#run('track', this.#file);
    return this.#port;
  }

  async invitation(port) {
    return JSON.parse(await this.#run('invite', '--address', `127.0.0.1:${port}`)).ticket;
  }

  /** The first time it joins, with a file of its own. Later the node knows its peers and is only told not to wait. */
  async connect(ticket) {
    if (this.#table) {
      await this.#syncNow();
    } else {
      await this.#run('join', ticket, this.#file);
      this.#table = new TaskTable(this.#file);
    }
  }

  async #syncNow() {
    const { rest } = JSON.parse(await readFile(join(this.#data, 'run.json'), 'utf8'));
    const token = (await readFile(join(this.#data, 'token'), 'utf8')).trim();
    const answer = await fetch(`http://${rest}/api/v1/sync/now`, {
      method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: '{}',
    });
    if (!answer.ok) throw new Error(`sync now: ${answer.status} ${await answer.text()}`);
  }

  until(count) {
    return poll(COUNT_MS, () => this.#table.count() >= count);
  }

  untilRecord(i) {
    return poll(LOOK_MS, () => this.#table.read(i) !== undefined);
  }

  read(i) {
    return this.#table.read(i);
  }

  /** The forwarder goes away; a node needs not be told. */
  disconnect() {}

  async close() {
    this.#table?.close();
    if (this.#node.exitCode !== null || this.#node.signalCode !== null) return;
    const gone = once(this.#node, 'exit');
    this.#node.kill('SIGTERM');
    await gone;
  }
}
