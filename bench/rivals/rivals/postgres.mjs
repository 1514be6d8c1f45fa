// Logical replication: B subscribes to A's changes since a slot was made on A, before the table was filled, so each row comes as a change of its own.
// Later A subscribes to B's, too; neither sends what came from the other.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { poll } from '../clock.mjs';
import { address, PostgresServer, PostgresTable } from './postgres-server.mjs';

const ROWS = 500;
const COUNT_MS = 25;
const LOOK_MS = 1;

export async function open(folder) {
  const server = await PostgresServer.start(folder);
  const client = await server.client();
  return new PostgresPeer(server, client, join(folder, 'subscribed'));
}

class PostgresPeer {
  #server;
  #client;
  #table;
  #subscribed;

  constructor(server, client, subscribed) {
    this.#server = server;
    this.#client = client;
    this.#table = new PostgresTable(client);
    this.#subscribed = subscribed;
  }

  get pid() { return this.#server.pid; }

  async fill(from, count) {
    await this.#offer();
    return this.#table.commit(from, count, ROWS);
  }

  commit(from, count, size) {
    return this.#table.commit(from, count, size);
  }

  async listen() {
    await this.#offer();
    return this.#server.port;
  }

  async #offer() {
    const { rowCount } = await this.#client.query('SELECT FROM pg_publication');
    if (rowCount > 0) return;
    await this.#client.query('CREATE PUBLICATION tasks FOR TABLE task');
    await this.#client.query('SELECT pg_create_logical_replication_slot(\'tasks\', \'pgoutput\')');
  }

  invitation(port) {
    return port;
  }

  /** A commit of the worker that applies changes is synced as any other: a subscription as it comes leaves that out. */
  async connect(port) {
    if (existsSync(this.#subscribed)) {
      await this.#client.query('ALTER SUBSCRIPTION tasks ENABLE');
      return;
    }
    const to = Object.entries(address(port)).map(([name, value]) => `${name === 'database' ? 'dbname' : name}=${value}`).join(' ');
    await this.#client.query(`CREATE SUBSCRIPTION tasks CONNECTION '${to}' PUBLICATION tasks
      WITH (create_slot = false, slot_name = tasks, copy_data = false, origin = none, synchronous_commit = on)`);
    writeFileSync(this.#subscribed, '');
  }

  async disconnect() {
    await this.#client.query('ALTER SUBSCRIPTION tasks DISABLE');
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
    await this.#client.end();
    await this.#server.close();
  }
}
