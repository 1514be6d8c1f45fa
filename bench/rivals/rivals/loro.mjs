import { LoroDoc, VersionVector } from 'loro-crdt';
import { DocumentPeer } from './document-peer.mjs';

const VERSION = 0;
const UPDATE = 1;

export const open = async folder => new DocumentPeer(folder, new LoroDocument());

/** Loro has no protocol of its own for this: each side tells its version and gets what it lacks. */
class LoroDocument {
  #doc = new LoroDoc();
  #tasks = this.#doc.getMap('tasks');

  load(updates) {
    this.#doc.importBatch(updates);
  }

  set(records) {
    const before = this.#doc.oplogVersion();
    for (const record of records) this.#tasks.set(record.id, record);
    this.#doc.commit();
    return this.#doc.export({ mode: 'update', from: before });
  }

  hello() {
    return [tagged(VERSION, this.#doc.oplogVersion().encode())];
  }

  messages(link, update) {
    return [tagged(UPDATE, update)];
  }

  receive(message) {
    const content = message.subarray(1);
    if (message[0] === VERSION) {
      return { replies: [tagged(UPDATE, this.#doc.export({ mode: 'update', from: VersionVector.decode(content) }))] };
    }
    this.#doc.import(content);
    return { update: content, replies: [] };
  }

  size() {
    return this.#tasks.size;
  }

  get(key) {
    return this.#tasks.get(key);
  }
}

const tagged = (tag, content) => Buffer.concat([Buffer.of(tag), content]);
