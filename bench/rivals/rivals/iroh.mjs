// iroh-docs: signed entries that are reconciled by ranges, their contents fetched as blobs. Its packets go over UDP, so the peers share a network of
// their own (network.mjs), where nothing of the world outside can be asked, either.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DocTicket, Iroh, Query } from '@number0/iroh';
import { Changes, now } from '../clock.mjs';
import { groups, key } from '../records.mjs';

const GROUP = 500;

export async function open(folder) {
  const node = await Iroh.persistent(join(folder, 'node'), { enableDocs: true, nodeDiscovery: 'None', ipv4Addr: '127.0.0.1:0', ipv6Addr: '[::1]:0' });
  const peer = new IrohPeer(node, join(folder, 'document.json'));
  await peer.reopen();
  return peer;
}

class IrohPeer {
  #node;
  #author;
  #document;
  #file;                                             // which document it is, and where its peer was: for the next start
  #count = 0;
  #names = new Map();                                // of entries that came without their contents
  #ready = new Set();
  #changes = new Changes();

  constructor(node, file) {
    this.#node = node;
    this.#file = file;
  }

  async reopen() {
    this.#author = await this.#node.authors.default();
    if (!existsSync(this.#file)) return;
    const { id } = JSON.parse(readFileSync(this.#file, 'utf8'));
    this.#document = await this.#node.docs.open(id);
    this.#count = (await this.#document.getMany(Query.all())).length;
    await this.#document.subscribe(this.#heard);
  }

  async fill(from, count) {
    await this.#create();
    return this.commit(from, count, GROUP);
  }

  async listen() {
    await this.#create();
    return 0;                                        // whoever is invited gets its addresses
  }

  async #create() {
    if (this.#document) return;
    this.#document = await this.#node.docs.create();
    writeFileSync(this.#file, JSON.stringify({ id: this.#document.id() }));
    await this.#document.subscribe(this.#heard);
  }

  /** There are no transactions: records of one are set at once. */
  async commit(from, count, size) {
    const began = now();
    for (const group of groups(from, count, size)) {
      await Promise.all(group.map(record => this.#document.setBytes(this.#author, bytes(record.id), bytes(JSON.stringify(record)))));
    }
    this.#count += count;
    this.#changes.happened();
    return { began, ended: now() };
  }

  async invitation() {
    const ticket = await this.#document.share('Write', 'Addresses');
    return { ticket: ticket.toString(), address: await this.#node.net.nodeAddr() };
  }

  async connect({ ticket, address }) {
    if (this.#document) {
      await this.#document.startSync([address]);
      return;
    }
    this.#document = await this.#node.docs.joinAndSubscribe(DocTicket.fromString(ticket), this.#heard);
    writeFileSync(this.#file, JSON.stringify({ id: this.#document.id() }));
  }

  #heard = (error, event) => {
    if (error) throw error;                          // ends the peer, and is told; else it would be waited for in vain
    if (event.insertRemote) {
      const { entry } = event.insertRemote;
      this.#names.set(entry.hash, text(entry.key));
    } else if (event.contentReady && this.#names.has(event.contentReady.hash)) {
      this.#ready.add(this.#names.get(event.contentReady.hash));
      this.#names.delete(event.contentReady.hash);
      this.#count++;
      this.#changes.happened();
    }
  };

  until(count) {
    return this.#changes.until(() => this.#count >= count);
  }

  untilRecord(i) {
    return this.#changes.until(() => this.#ready.has(key(i)));
  }

  async read(i) {
    const entry = await this.#document.getOne(Query.singleLatestPerKeyExact(bytes(key(i))));
    return entry && JSON.parse(text(await this.#node.blobs.readToBytes(entry.hash)));
  }

  async disconnect() {
    await this.#document.leave();
  }

  async close() {
    await this.#node.node.shutdown();
  }
}

const bytes = string => Array.from(Buffer.from(string));
const text = numbers => Buffer.from(numbers).toString();
