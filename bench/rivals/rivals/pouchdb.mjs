import { once } from 'node:events';
import { join } from 'node:path';
import express from 'express';
import expressPouchDB from 'express-pouchdb';
import PouchDB from 'pouchdb';
import { now, poll } from '../clock.mjs';
import { groups, key } from '../records.mjs';

const NAME = 'tasks';
const BATCH = 500;
const LOOK_MS = 10;

export const open = async folder => new PouchPeer(folder);

class PouchPeer {
  #Databases;
  #database;
  #server;
  #sync;
  #feed;
  #awaited = new Map();

  constructor(folder) {
    this.#Databases = PouchDB.defaults({ prefix: join(folder, '/') });
    this.#database = new this.#Databases(NAME);
  }

  fill(from, count) {
    return this.commit(from, count, BATCH);
  }

  async commit(from, count, size) {
    const began = now();
    for (const group of groups(from, count, size)) {
      const answers = await this.#database.bulkDocs(group.map(({ id, ...rest }) => ({ _id: id, ...rest })));
      const refused = answers.find(answer => answer.error);
      if (refused) throw new Error(`PouchDB refused ${refused.id}: ${refused.message}`);
    }
    return { began, ended: now() };
  }

  async listen() {
    const app = express();
    app.use('/', expressPouchDB(this.#Databases, { mode: 'minimumForPouchDB', inMemoryConfig: true }));
    this.#server = app.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this.#server.address().port;
  }

  invitation(port) {
    return port;
  }

  connect(port) {
    this.#sync = this.#database.sync(`http://127.0.0.1:${port}/${NAME}`, { live: true, retry: true, batch_size: BATCH });
    this.#sync.on('error', () => {});
  }

  until(count) {
    return poll(LOOK_MS, async () => (await this.#database.info()).doc_count >= count);
  }

  /** By the database's own feed, which tells of a document when it is there. */
  async untilRecord(i) {
    if (!this.#feed) {
      const since = (await this.#database.info()).update_seq;
      this.#feed = this.#database.changes({ live: true, since, include_docs: true });
      this.#feed.on('change', ({ id }) => {
        this.#awaited.get(id)?.(now());
        this.#awaited.delete(id);
      });
    }
    return new Promise(resolve => this.#awaited.set(key(i), resolve));
  }

  async read(i) {
    const { _id: id, _rev, ...rest } = await this.#database.get(key(i));
    return { id, ...rest };
  }

  async disconnect() {
    this.#sync?.cancel();
    this.#sync = undefined;
  }

  async close() {
    await this.disconnect();
    this.#feed?.cancel();
    this.#server?.closeAllConnections();
    this.#server?.close();
    await this.#database.close();
  }
}
