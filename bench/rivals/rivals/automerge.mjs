import * as Automerge from '@automerge/automerge';
import { DocumentPeer } from './document-peer.mjs';

const MAP_SIZE = 100;

export const open = async folder => new DocumentPeer(folder, new AutomergeDocument());

class AutomergeDocument {
  #doc = Automerge.init();

  load(updates) {
    this.#doc = Automerge.loadIncremental(this.#doc, Buffer.concat(updates));
  }

  set(records) {
    this.#doc = Automerge.change(this.#doc, { time: 0 }, doc => {
      for (const record of records) {
        const map = mapOf(record.id);
        doc[map] ??= {};
        doc[map][record.id] = record;                  // looked up again: what was assigned is not what the document has
      }
    });
    return Automerge.saveIncremental(this.#doc);
  }

  hello(link) {
    link.state = Automerge.initSyncState();
    return this.messages(link);
  }

  messages(link) {
    const [state, message] = Automerge.generateSyncMessage(this.#doc, link.state);
    link.state = state;
    return message ? [message] : [];
  }

  receive(message, link) {
    [this.#doc, link.state] = Automerge.receiveSyncMessage(this.#doc, link.state, message);
    return { update: Automerge.saveIncremental(this.#doc), replies: this.messages(link) };
  }

  size() {
    return Object.values(this.#doc).reduce((sum, map) => sum + Object.keys(map).length, 0);
  }

  get(key) {
    return this.#doc[mapOf(key)]?.[key];
  }
}

const mapOf = key => `tasks-${Math.floor(Number(key.slice(5)) / MAP_SIZE)}`;
