// COPY of the whole table from A's server into B's: what PostgreSQL can do when nothing but speed is asked for.
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import copy from 'pg-copy-streams';
import { poll } from '../clock.mjs';
import { address, PostgresServer, PostgresTable } from './postgres-server.mjs';

const ROWS = 500;
const COUNT_MS = 25;

export async function open(folder) {
  const server = await PostgresServer.start(folder);
  return new CopyPeer(server, await server.client());
}

class CopyPeer {
  #server;
  #client;
  #table;

  constructor(server, client) {
    this.#server = server;
    this.#client = client;
    this.#table = new PostgresTable(client);
  }

  get pid() { return this.#server.pid; }

  fill(from, count) {
    return this.#table.commit(from, count, ROWS);
  }

  listen() {
    return this.#server.port;
  }

  invitation(port) {
    return port;
  }

  async connect(port) {
    const from = new pg.Client(address(port));
    await from.connect();
    await pipeline(from.query(copy.to('COPY task TO STDOUT (FORMAT binary)')), this.#client.query(copy.from('COPY task FROM STDIN (FORMAT binary)')));
    await from.end();
  }

  until(count) {
    return poll(COUNT_MS, async () => await this.#table.count() >= count);
  }

  read(i) {
    return this.#table.read(i);
  }

  async close() {
    await this.#client.end();
    await this.#server.close();
  }
}
