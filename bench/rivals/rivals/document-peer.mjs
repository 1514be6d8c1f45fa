// What Yjs, Loro and Automerge have in common here: a document in memory, its updates in a file, messages over TCP. They differ in the document,
// which has: load(updates), set(records) and receive(message, link) that return the update to be kept, hello(link), messages(link, update), size(),
// get(key).
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Changes, now } from '../clock.mjs';
import { frame, unframe } from '../frames.mjs';
import { groups, key } from '../records.mjs';
import { TcpPeer } from './tcp-peer.mjs';

const SYNC_EVERY = 500;

export class DocumentPeer extends TcpPeer {
  #document;
  #file;
  #changes = new Changes();

  constructor(folder, document) {
    super();
    this.#document = document;
    const name = join(folder, 'updates');
    if (existsSync(name)) document.load(entries(readFileSync(name)));
    this.#file = openSync(name, 'a');
  }

  /** Each record is a change of its own; the file is synced now and then, as this is not what is timed. */
  fill(from, count) {
    for (const group of groups(from, count, SYNC_EVERY)) {
      for (const record of group) this.#keep(this.#document.set([record]));
      fdatasyncSync(this.#file);
    }
  }

  commit(from, count, size) {
    const began = now();
    for (const group of groups(from, count, size)) {
      const update = this.#document.set(group);
      this.#keep(update);
      fdatasyncSync(this.#file);
      for (const link of this.links) this.#send(link, this.#document.messages(link, update));
    }
    this.#changes.happened();
    return { began, ended: now() };
  }

  #keep(update) {
    writeSync(this.#file, frame(update));
  }

  greet(link) {
    this.links.add(link);
    this.#send(link, this.#document.hello(link));
  }

  receive(link, message) {
    const { update, replies } = this.#document.receive(message, link);
    if (update?.length) {
      this.#keep(update);
      fdatasyncSync(this.#file);
    }
    this.#send(link, replies);
    if (update?.length) this.#changes.happened();
  }

  #send(link, messages) {
    for (const message of messages) this.send(link, message);
  }

  until(count) {
    return this.#changes.until(() => this.#document.size() >= count);
  }

  untilRecord(i) {
    return this.#changes.until(() => this.#document.get(key(i)) !== undefined);
  }

  read(i) {
    return this.#document.get(key(i));
  }

  close() {
    super.close();
    closeSync(this.#file);
  }
}

function entries(bytes) {
  const all = [];
  unframe(entry => all.push(entry))(bytes);
  return all;
}
