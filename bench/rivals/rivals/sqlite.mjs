// The floor: rows go over a TCP stream as they are and are inserted 500 a transaction. Nothing is merged, signed or compared.
import { once } from 'node:events';
import { join } from 'node:path';
import { setImmediate as soon } from 'node:timers/promises';
import { Changes, now } from '../clock.mjs';
import { frame, unframe } from '../frames.mjs';
import { groups } from '../records.mjs';
import { connected, listening } from '../tcp.mjs';
import { TaskTable } from './task-table.mjs';

const ROWS = 500;

export const open = async folder => new SqlitePeer(folder);

class SqlitePeer {
  #table;
  #changes = new Changes();
  #arrived = [];
  #socket;
  #server;
  #count;

  constructor(folder) {
    this.#table = new TaskTable(join(folder, 'task.sqlite')).create();
    this.#count = this.#table.count();
  }

  fill(from, count) {
    return this.commit(from, count, ROWS);
  }

  commit(from, count, size) {
    const began = now();
    for (const group of groups(from, count, size)) {
      this.#table.insert(group);
      for (const row of this.#socket ? group : []) this.#send(row);
    }
    this.#count += count;
    return { began, ended: now() };
  }

  async listen() {
    this.#server = await listening(socket => this.#serve(socket));
    return this.#server.address().port;
  }

  invitation(port) {
    return port;
  }

  async #serve(socket) {
    this.#socket = socket;
    socket.on('error', () => {});
    for (const row of this.#table.database.prepare('SELECT * FROM task').iterate()) {
      if (!this.#send(row)) await once(socket, 'drain');
    }
  }

  #send(row) {
    return this.#socket.write(frame(Buffer.from(JSON.stringify(row))));
  }

  async connect(port) {
    this.#socket = await connected(port);
    this.#socket.on('error', () => {});
    this.#socket.on('data', unframe(row => this.#receive(JSON.parse(row))));
  }

  async #receive(row) {
    this.#arrived.push(row);
    if (this.#arrived.length === 1) await soon();        // all that came at once is committed together
    if (this.#arrived.length >= ROWS || this.#arrived[0] === row) this.#insert();
  }

  #insert() {
    if (this.#arrived.length === 0) return;
    this.#table.insert(this.#arrived);
    this.#count += this.#arrived.length;
    this.#arrived = [];
    this.#changes.happened();
  }

  until(count) {
    return this.#changes.until(() => this.#count >= count);
  }

  untilRecord(i) {
    return this.#changes.until(() => this.#table.read(i));
  }

  read(i) {
    return this.#table.read(i);
  }

  disconnect() {
    this.#socket?.destroy();
  }

  close() {
    this.disconnect();
    this.#server?.close();
    this.#table.close();
  }
}
