// COPY of the whole table from A's server into B's: what PostgreSQL can do when nothing but speed is asked for.
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import copy from 'pg-copy-streams';
import { address, PostgresPeer, PostgresServer } from './postgres-server.mjs';

export async function open(folder) {
  const server = await PostgresServer.start(folder);
  return new CopyPeer(server, await server.client());
}

class CopyPeer extends PostgresPeer {
  listen() {
    return this.server.port;
  }

  async connect(port) {
    const from = new pg.Client(address(port));
    await from.connect();
    await pipeline(from.query(copy.to('COPY task TO STDOUT (FORMAT binary)')), this.client.query(copy.from('COPY task FROM STDIN (FORMAT binary)')));
    await from.end();
  }
}
