// A log has one writer, so each peer has its own and a copy of the other's. Block i of a log is found by counting: A's records come first.
import { once } from 'node:events';
import Corestore from 'corestore';
import { now, poll } from '../clock.mjs';
import { groups } from '../records.mjs';
import { connected, listening } from '../tcp.mjs';

const BATCH = 500;
const KEY_BYTES = 32;
const LOOK_MS = 5;

export async function open(folder) {
  const store = new Corestore(folder);
  const own = store.get({ name: 'own', valueEncoding: 'json' });
  await own.ready();
  return new HypercorePeer(store, own);
}

class HypercorePeer {
  #store;
  #own;
  #other;
  #joined = false;
  #sockets = new Set();
  #server;

  constructor(store, own) {
    this.#store = store;
    this.#own = own;
  }

  fill(from, count) {
    return this.commit(from, count, BATCH);
  }

  async commit(from, count, size) {
    const began = now();
    for (const group of groups(from, count, size)) await this.#own.append(group);
    return { began, ended: now() };
  }

  async listen() {
    this.#server = await listening(socket => this.#speak(socket, false));
    return this.#server.address().port;
  }

  invitation(port) {
    return port;
  }

  async connect(port) {
    const socket = await connected(port);
    this.#joined = true;
    this.#speak(socket, true);
  }

  /** Each tells the key of its log first; then the stream is Hypercore's. */
  async #speak(socket, initiator) {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.#sockets.delete(socket));
    socket.write(this.#own.key);
    const key = await firstBytes(socket, KEY_BYTES);
    if (!key) return;
    this.#other ??= this.#store.get({ key, valueEncoding: 'json' });
    await this.#other.ready();
    this.#other.download({ start: 0, end: -1 });
    const stream = this.#store.replicate(initiator);
    stream.on('error', () => {});
    socket.on('close', () => stream.destroy());
    socket.pipe(stream).pipe(socket);
  }

  until(count) {
    return poll(LOOK_MS, () => this.#own.length + (this.#other?.contiguousLength ?? 0) >= count);
  }

  async untilRecord(i) {
    await this.#other.get(i);
    return now();
  }

  read(i) {
    return (this.#joined ? this.#other : this.#own).get(i);        // A's records come first
  }

  disconnect() {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close() {
    this.disconnect();
    this.#server?.close();
    await this.#store.close();
  }
}

async function firstBytes(socket, count) {
  for (;;) {
    const bytes = socket.read(count);
    if (bytes || socket.destroyed) return bytes;
    await Promise.race([once(socket, 'readable'), once(socket, 'close')]);
  }
}
