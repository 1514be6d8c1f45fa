// Logical replication: B subscribes to A's changes since a slot was made on A, before the table was filled, so each row comes as a change of its own.
// Later A subscribes to B's, too; neither sends what came from the other.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { address, PostgresPeer, PostgresServer } from './postgres-server.mjs';

export async function open(folder) {
  const server = await PostgresServer.start(folder);
  return new SubscribingPeer(server, await server.client(), join(folder, 'subscribed'));
}

class SubscribingPeer extends PostgresPeer {
  #subscribed;

  constructor(server, client, subscribed) {
    super(server, client);
    this.#subscribed = subscribed;
  }

  async fill(from, count) {
    await this.#offer();
    return super.fill(from, count);
  }

  async listen() {
    await this.#offer();
    return this.server.port;
  }

  async #offer() {
    const { rowCount } = await this.client.query('SELECT FROM pg_publication');
    if (rowCount > 0) return;
    await this.client.query('CREATE PUBLICATION tasks FOR TABLE task');
    await this.client.query('SELECT pg_create_logical_replication_slot(\'tasks\', \'pgoutput\')');
  }

  /** A commit of the worker that applies changes is synced as any other: a subscription as it comes leaves that out. */
  async connect(port) {
    if (existsSync(this.#subscribed)) {
      await this.client.query('ALTER SUBSCRIPTION tasks ENABLE');
      return;
    }
    const to = Object.entries(address(port)).map(([name, value]) => `${name === 'database' ? 'dbname' : name}=${value}`).join(' ');
    await this.client.query(`CREATE SUBSCRIPTION tasks CONNECTION '${to}' PUBLICATION tasks
      WITH (create_slot = false, slot_name = tasks, copy_data = false, origin = none, synchronous_commit = on)`);
    writeFileSync(this.#subscribed, '');
  }

  async disconnect() {
    await this.client.query('ALTER SUBSCRIPTION tasks DISABLE');
  }
}
