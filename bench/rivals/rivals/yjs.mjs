import * as Y from 'yjs';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { readSyncMessage, writeSyncStep1, writeUpdate } from 'y-protocols/sync';
import { DocumentPeer } from './document-peer.mjs';

export const open = async folder => new DocumentPeer(folder, new YjsDocument());

class YjsDocument {
  #doc = new Y.Doc();
  #tasks = this.#doc.getMap('tasks');
  #update;

  constructor() {
    this.#doc.on('update', update => { this.#update = update; });
  }

  load(updates) {
    this.#doc.transact(() => { for (const update of updates) Y.applyUpdate(this.#doc, update); });
  }

  set(records) {
    this.#doc.transact(() => { for (const record of records) this.#tasks.set(record.id, record); });
    return this.#update;
  }

  hello() {
    return [encoded(encoder => writeSyncStep1(encoder, this.#doc))];
  }

  messages(link, update) {
    return [encoded(encoder => writeUpdate(encoder, update))];
  }

  receive(message) {
    this.#update = undefined;
    const reply = encoded(encoder => readSyncMessage(decoding.createDecoder(message), encoder, this.#doc));
    return { update: this.#update, replies: reply.length ? [reply] : [] };
  }

  size() {
    return this.#tasks.size;
  }

  get(key) {
    return this.#tasks.get(key);
  }
}

function encoded(write) {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}
