// One round of one system: all the work, in the order in which two machines would live through it.
import { isDeepStrictEqual } from 'node:util';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { now } from './clock.mjs';
import { Forwarder } from './forwarder.mjs';
import { folderBytes, peakMiB, percentile } from './measure.mjs';
import { Network } from './network.mjs';
import { PeerProcess } from './peers.mjs';
import { record } from './records.mjs';

const WARM_WRITES = 20;
const WRITES = 300;
const GAP_MS = 20;
const APART = 10;
const SINGLE_COMMITS = 500;
const BATCH = 500;
const BATCH_RECORDS = 20_000;
const SAMPLES = 500;

/** Returns the numbers by name, as in report.mjs. */
export async function round(system, { backfillOnly, oneWay, mutual, polls, ownNetwork }, settings) {
  const folder = await mkdtemp(join(settings.folder, `${system}-`));
  const { patience, launcher } = settings;
  const network = ownNetwork ? await Network.make() : undefined;
  const start = name => PeerProcess.start(system, join(folder, name), { patience, launcher, within: network?.within ?? [] });
  const pair = new Pair(start, settings.records, polls, network);
  try {
    await pair.begin();
    const numbers = await pair.backfill();
    if (!backfillOnly) Object.assign(numbers, await pair.latency());
    if (mutual) await pair.mirror();
    if (!backfillOnly && !oneWay) Object.assign(numbers, await pair.reconnect(), await pair.restart());
    numbers.disk = await folderBytes(join(folder, 'b')) / pair.count;
    await pair.end();
    return backfillOnly ? numbers : { ...numbers, ...await commits(start, settings.records) };
  } finally {
    await pair.end();
    network?.end();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

class Pair {
  count = 0;                                           // records that both have, or will have
  #start;
  #records;
  #polls;
  #a;
  #b;
  #forwarder;                                          // or a network of their own
  #invitation;
  #back;                                               // where A connects to B, too

  constructor(start, records, polls, network) {
    this.#start = start;
    this.#records = records;
    this.#polls = polls;
    this.#forwarder = network;
  }

  async begin() {
    this.#a = await this.#start('a');
    await this.#a.call('fill', 0, this.#records);
    this.count = this.#records;
    const port = await this.#a.call('listen');
    this.#forwarder ??= new Forwarder(port);
    await this.#forwarder.open();
    this.#invitation = await this.#a.call('invitation', this.#forwarder.port);
    this.#b = await this.#start('b');
    if (this.#polls) await this.#introduce();
  }

  /** For systems that ask again and again, and need a while to get to know each other: they do that first, and then the network goes away. */
  async #introduce() {
    this.#b.pid = await this.#b.call('register', this.#invitation);
    await this.#a.call('registered');
    await this.#forwarder.close();
    await this.#a.call('load');
  }

  async backfill() {
    const before = this.#forwarder.bytes;
    const began = now();
    if (this.#polls) await this.#meet();
    await this.#b.call('connect', this.#invitation);
    const seconds = (await this.#b.call('until', this.count) - began) / 1_000;
    const memory = await peakMiB(this.#b.pid);
    await this.#quiet();
    const bytes = this.#forwarder.bytes - before;
    await this.#compare(this.#b);
    return { backfill: this.count / seconds, backfillWire: bytes / this.count, memory };
  }

  async latency() {
    const times = [];
    for (let n = 0; n < WARM_WRITES + WRITES; n++) {
      await sleep((n * 7) % GAP_MS);
      const seen = this.#b.call('untilRecord', this.count);
      seen.catch(() => {});                            // told below, unless the write fails first
      const { began } = await this.#a.call('commit', this.count, 1, 1);
      times.push(await seen - began);
      this.count++;
    }
    const measured = times.slice(WARM_WRITES);
    return { latency: percentile(measured, 50), latencySlow: percentile(measured, 99) };
  }

  /** For systems whose connections carry data one way: A connects to B as B did to A. */
  async mirror() {
    this.#back = new Forwarder(await this.#b.call('listen'));
    await this.#back.open();
    await this.#a.call('connect', await this.#b.call('invitation', this.#back.port));
  }

  async reconnect() {
    await this.#quiet();
    await this.#part();
    const before = this.#bytes;
    await this.#meet();
    const began = now();
    await this.#b.call('connect', this.#invitation);
    const ended = await this.#bothHaveAll();
    await this.#quiet();
    return { reconnect: ended - began, reconnectWire: this.#bytes - before };
  }

  /** As above, but B's processes begin anew, too: with all they have to start and to read. */
  async restart() {
    await this.#part();
    await this.#b.stop();
    await this.#meet();
    const began = now();
    this.#b = await this.#start('b');
    await this.#b.call('connect', this.#invitation);
    const ended = await this.#bothHaveAll();
    await this.#quiet();
    await this.#compare(this.#a);
    await this.#compare(this.#b);
    return { restart: ended - began };
  }

  /** The network goes away, then each side writes. */
  async #part() {
    await this.#b.call('disconnect');
    for (const forwarder of this.#forwarders) await forwarder.close();
    for (const peer of [this.#a, this.#b]) {
      await peer.call('commit', this.count, APART, 1);
      this.count += APART;
    }
  }

  get #forwarders() { return this.#back ? [this.#forwarder, this.#back] : [this.#forwarder]; }
  get #bytes() { return this.#forwarders.reduce((sum, forwarder) => sum + forwarder.bytes, 0); }

  async #meet() {
    for (const forwarder of this.#forwarders) await forwarder.open();
  }

  /** Those that ask again and again are never quiet: of them counts what was sent until all was there. */
  async #quiet() {
    if (this.#polls) return;
    for (const forwarder of this.#forwarders) await forwarder.quiet();
  }

  async #bothHaveAll() {
    return Math.max(...await Promise.all([this.#a.call('until', this.count), this.#b.call('until', this.count)]));
  }

  async #compare(peer) {
    const step = Math.max(1, Math.floor(this.#records / SAMPLES));
    for (let i = 0; i < this.#records; i += step) {
      const found = await peer.call('read', i);
      if (!isDeepStrictEqual(found, record(i))) throw new Error(`record ${i} differs: ${JSON.stringify(found)}`);
    }
  }

  async end() {
    await this.#forwarder?.close();
    await this.#back?.close();
    await Promise.all([this.#a?.stop(), this.#b?.stop()]);
  }
}

async function commits(start, records) {
  const peer = await start('alone');
  try {
    await peer.call('listen');
    const many = Math.min(records, BATCH_RECORDS);
    await peer.call('commit', 0, BATCH, BATCH);        // warm
    await peer.call('commit', BATCH, 50, 1);
    const single = await peer.call('commit', 1_000, SINGLE_COMMITS, 1);
    const batch = await peer.call('commit', 10_000, many, BATCH);
    return { commitSingle: rate(SINGLE_COMMITS, single), commitBatch: rate(many, batch) };
  } finally {
    await peer.stop();
  }
}

const rate = (count, { began, ended }) => count / ((ended - began) / 1_000);
