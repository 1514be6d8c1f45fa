// A PostgreSQL server with a table of tasks, in processes of its own: as it comes, so every commit is fsynced, and with a log that others may follow.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { mavenFolder } from '../packages.mjs';
import { now, poll } from '../clock.mjs';
import { groups, key } from '../records.mjs';
import { freePort } from '../tcp.mjs';

const COLUMNS = ['id', 'title', 'description', 'status', 'assignee', 'priority', 'created_at'];
const TYPES = ['text', 'text', 'text', 'text', 'text', 'int', 'bigint'];
const ONE = `INSERT INTO task VALUES (${TYPES.map((_, n) => `$${n + 1}`).join(', ')})`;
const MANY = `INSERT INTO task SELECT * FROM unnest(${TYPES.map((type, n) => `$${n + 1}::${type}[]`).join(', ')})`;
const UP_MS = 20;
const ROWS = 500;
const COUNT_MS = 25;
const LOOK_MS = 1;

pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export class PostgresServer {
  port;
  #process;
  #cluster;
  #errors = '';

  static async start(folder) {
    const server = new PostgresServer();
    server.#cluster = join(folder, 'cluster');
    const programs = unpacked();
    const file = join(folder, 'port');
    if (!existsSync(file)) {
      writeFileSync(file, String(await freePort()));
      run(join(programs, 'bin/initdb'), '-D', server.#cluster, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C');
    }
    server.port = Number(readFileSync(file, 'utf8'));
    await server.#up(join(programs, 'bin/postgres'));
    return server;
  }

  async #up(program) {
    const settings = { port: this.port, listen_addresses: '127.0.0.1', unix_socket_directories: '', wal_level: 'logical', wal_retrieve_retry_interval: '50ms' };
    const [command, ...words] = asSomebody(program, '-D', this.#cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]));
    this.#process = spawn(command, words, { stdio: ['ignore', 'ignore', 'pipe'] });
    this.#process.stderr.on('data', text => { this.#errors = (this.#errors + text).slice(-2_000); });
    for (;;) {
      if (this.#process.exitCode !== null) throw new Error(`the server did not come up: ${this.#errors}`);
      const client = await this.client().catch(() => undefined);
      if (client) {
        await client.query(`CREATE TABLE IF NOT EXISTS task (${COLUMNS.map((name, n) => `${name} ${TYPES[n]}${n === 0 ? ' PRIMARY KEY' : ''}`).join(', ')})`);
        await client.end();
        return;
      }
      await sleep(UP_MS);
    }
  }

  get pid() { return this.#process.pid; }

  async client() {
    const client = new pg.Client(address(this.port));
    client.on('error', () => {});                    // told by the query that it interrupts
    await client.connect();
    return client;
  }

  /** SIGINT: it ends its clients, writes what it has to, and goes. */
  async close() {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGINT');
    await gone;
  }
}

/** A peer whose records are in a table of a server of its own. */
export class PostgresPeer {
  #table;

  constructor(server, client) {
    this.server = server;
    this.client = client;
    this.#table = new PostgresTable(client);
  }

  get pid() { return this.server.pid; }

  fill(from, count) {
    return this.commit(from, count, ROWS);
  }

  commit(from, count, size) {
    return this.#table.commit(from, count, size);
  }

  invitation(port) {
    return port;
  }

  until(count) {
    return poll(COUNT_MS, async () => await this.#table.count() >= count);
  }

  untilRecord(i) {
    return poll(LOOK_MS, async () => await this.#table.read(i) !== undefined);
  }

  read(i) {
    return this.#table.read(i);
  }

  async close() {
    await this.client.end();
    await this.server.close();
  }
}

/** A program's connection to its table. */
class PostgresTable {
  #client;

  constructor(client) {
    this.#client = client;
  }

  /** All rows of a transaction by one statement: a program that has 500 does not send 500. */
  async commit(from, count, size) {
    const began = now();
    for (const group of groups(from, count, size)) {
      if (group.length === 1) await this.#client.query({ name: 'one', text: ONE, values: COLUMNS.map(name => group[0][name]) });
      else await this.#client.query({ name: 'many', text: MANY, values: COLUMNS.map(name => group.map(one => one[name])) });
    }
    return { began, ended: now() };
  }

  async count() {
    return (await this.#client.query({ name: 'count', text: 'SELECT count(*) FROM task' })).rows[0].count;
  }

  async read(i) {
    return (await this.#client.query({ name: 'read', text: 'SELECT * FROM task WHERE id = $1', values: [key(i)] })).rows[0];
  }
}

export const address = port => ({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });

/** The programs, unpacked at first use beside what Maven fetched. */
function unpacked() {
  const folder = mavenFolder('postgres');
  const programs = join(folder, 'programs');
  if (existsSync(programs)) return programs;
  const archive = readdirSync(folder).find(name => name.endsWith('.txz'));
  const fresh = `${programs}.${process.pid}`;
  mkdirSync(fresh);
  execFileSync('tar', ['-xJf', join(folder, archive), '-C', fresh]);
  renameSync(fresh, programs);
  return programs;
}

/** PostgreSQL refuses to run as root: there it runs as nobody, in a user namespace. */
const asSomebody = (...command) => process.getuid?.() === 0 ? ['unshare', '--user', ...command] : command;

function run(...command) {
  const [program, ...words] = asSomebody(...command);
  execFileSync(program, words, { stdio: ['ignore', 'ignore', 'pipe'] });
}
