#!/usr/bin/env node
// Checks an exported log (waggle log export) without any of Waggle's code: Node.js 20 or newer, no packages.
//
//   node verify-log.mjs LOG.jsonl
//
// Each line is {"payload": "<the signed text>", "signature": "<128 hexadecimal digits, or null>"}, parents before children.
// For every event: the payload is canonical JSON (RFC 8785) within the limits; its id is the SHA-256 of its bytes; `prev` and `seq`
// continue its chain; what it names came before it and has a smaller stamp; its signature is good under one strict rule. An event
// without a signature needs a signed successor in its chain. Prints a line for each chain; every fault is named and the exit code is 1.
//
// Not checked here: whether an author was allowed to write, and keys that are a good point plus one of small order.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { openSync, readSync } from 'node:fs';

const FORMAT = 'waggle-event/1';
const ENVELOPE = new Set(['control', 'epoch', 'is', 'merges', 'origin', 'prev', 'seq', 'space', 'ts', 'type']);
const PAYLOAD_BYTES_MAX = 64 * 1024, DEPTH_MAX = 32, MEMBERS_MAX = 256, NAME_BYTES_MAX = 256, NAMED_MAX = 16, TICK_MAX = 65535;
const P = 2n ** 255n - 19n;                                              // the field of Ed25519, and the order of its group
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const SMALL_ORDER_Y = new Set([0n, 1n, P - 1n,
  littleEndian('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
  littleEndian('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')]);

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const keys = new Map();                                                  // origin -> its public key, or null where that is no good key
let faults = 0;
const events = new Map();                                                // id -> { line, chain, seq, prev, ts, isVouchedFor }
const chains = new Map();                                                // chain -> ids in the order of the file
let genesis = null;

let lines = 0;
for (const bytes of readLines(process.argv[2])) {
  lines++;
  try {
    read(decoder.decode(bytes), lines);
  } catch (error) {
    fault(lines, error.message);
  }
}
if (!genesis) fault(0, 'there is no genesis event');
for (const event of events.values()) if (!event.isVouchedFor) fault(event.line, 'no signature, and no signed successor in its chain');
for (const [chain, ids] of chains) {
  const seqs = ids.map(id => events.get(id).seq);
  const forks = ids.length - new Set(seqs).size;
  console.log(`${chain.slice(0, 8)}.${chain.slice(65, 73)}: ${ids.length} events, ${ids.filter(id => events.get(id).isSigned).length} signatures, `
    + `up to number ${seqs.reduce((a, b) => Math.max(a, b))}${forks ? `, ${forks} beside another (a fork: both count)` : ''}`);
}
console.log(faults ? `${faults} faults` : `${events.size} events in ${chains.size} chains: good`);
process.exitCode = faults ? 1 : 0;

function read(text, line) {
  const { payload, signature } = JSON.parse(text);
  need(typeof payload === 'string' && payload.isWellFormed(), 'the payload is not text');
  const bytes = Buffer.from(payload, 'utf8');
  need(bytes.length <= PAYLOAD_BYTES_MAX, `a payload of ${bytes.length} bytes`);
  const body = JSON.parse(payload);
  need(canonical(body, 1) === payload, 'the payload is not canonical JSON');
  const id = createHash('sha256').update(bytes).digest('hex');
  need(!events.has(id), `event ${id} is here twice`);
  const event = envelope(body.$, id);
  event.line = line;
  event.isSigned = signature !== null;

  if (event.seq > 1) {
    const prev = events.get(event.prev);
    need(prev, `its predecessor ${event.prev} is missing or comes later`);
    need(prev.chain === event.chain && prev.seq === event.seq - 1, `its predecessor ${event.prev} is not number ${event.seq - 1} of its chain`);
  }
  for (const name of event.parents) {
    need(events.has(name), `it names ${name}, which is missing or comes later`);
    need(isBefore(events.get(name).ts, event.ts), `its stamp is not above that of ${name}`);
  }
  for (const [name, chain, seq] of event.merges)
    need(events.get(name).chain === chain && events.get(name).seq === seq, `it says that ${name} is number ${seq} of ${chain}`);
  if (event.isSigned) {
    need(isSignature(chainOrigin(event.chain), bytes, signature), 'its signature is not good');
    event.isVouchedFor = true;                                           // and with it all its predecessors
    for (let prev = events.get(event.prev); prev && !prev.isVouchedFor; prev = events.get(prev.prev)) prev.isVouchedFor = true;
  }
  events.set(id, event);
  if (!chains.has(event.chain)) chains.set(event.chain, []);
  chains.get(event.chain).push(id);
}

function envelope($, id) {
  need($ && typeof $ === 'object' && $.is === FORMAT, `this script reads ${FORMAT}`);
  for (const name of Object.keys($)) need(ENVELOPE.has(name), `unknown envelope member ${JSON.stringify(name)}`);
  need(isHex($.origin, 64) && isHex($.epoch, 32), 'origin and epoch must be ids');
  need(isCount($.seq) && $.seq >= 1, 'seq must count from 1');
  need($.seq === 1 ? $.prev === undefined : isHex($.prev, 64), 'prev is absent exactly when seq is 1');
  need(/^[a-z][a-z0-9_]{0,63}$/.test($.type ?? ''), 'type must be lower-case letters, digits and _');
  need(Array.isArray($.ts) && $.ts.length === 2 && $.ts.every(isCount) && $.ts[1] <= TICK_MAX, 'ts must be [wallMs, tick]');
  const merges = list($.merges, 'merges'), control = list($.control, 'control');
  for (const merge of merges)
    need(Array.isArray(merge) && merge.length === 3 && isHex(merge[0], 64) && /^[0-9a-f]{64}\.[0-9a-f]{32}$/.test(merge[1]) && isCount(merge[2]),
      'a merge is [id, chain, seq]');
  need(control.every(name => isHex(name, 64)), 'control names events');
  need(isSorted(merges, (a, b) => compare(a[1], b[1]) || a[2] - b[2] || compare(a[0], b[0])) && isSorted(control, compare), 'merges and control are sorted');
  if ($.space === undefined) {
    need(!genesis, 'a second genesis');
    need($.seq === 1 && !merges.length && !control.length, 'a genesis has no past');
    genesis = id;
  } else {
    need($.space === genesis, `it belongs to the space ${$.space}, not to ${genesis}`);
    need(control.length, 'only a genesis names no control event');
  }
  return { chain: `${$.origin}.${$.epoch}`, seq: $.seq, prev: $.prev, ts: $.ts, merges, isVouchedFor: false,
    parents: [...($.prev ? [$.prev] : []), ...merges.map(merge => merge[0]), ...control] };
}

// RFC 8785 is JSON.stringify with the members sorted by UTF-16 code units. A repeated member, -0, 1.0 or a space does not survive it.
function canonical(value, depth) {
  if (typeof value === 'string') need(value.isWellFormed(), 'half a character');
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  need(depth <= DEPTH_MAX, `nested deeper than ${DEPTH_MAX}`);
  if (Array.isArray(value)) return `[${value.map(item => canonical(item, depth + 1)).join(',')}]`;
  const names = Object.keys(value).sort();
  need(names.length <= MEMBERS_MAX, `an object has more than ${MEMBERS_MAX} members`);
  return `{${names.map(name => {
    const spelt = canonical(name, depth);
    need(Buffer.byteLength(spelt) - 2 <= NAME_BYTES_MAX, `a member's name is longer than ${NAME_BYTES_MAX} bytes`);
    return `${spelt}:${canonical(value[name], depth + 1)}`;
  }).join(',')}}`;
}

// RFC 8032 without cofactor, S < L, points in their one encoding, and neither the key nor R of small order.
function isSignature(origin, bytes, signature) {
  if (!isHex(signature, 128) || !isPoint(signature.slice(0, 64)) || littleEndian(signature.slice(64)) >= L) return false;
  if (!keys.has(origin)) {
    const der = Buffer.from(`302a300506032b6570032100${origin}`, 'hex');
    keys.set(origin, isPoint(origin) ? createPublicKey({ key: der, format: 'der', type: 'spki' }) : null);
  }
  const key = keys.get(origin);
  return key !== null && verify(null, bytes, key, Buffer.from(signature, 'hex'));
}

function isPoint(hex) {
  const y = littleEndian(hex) & (2n ** 255n - 1n);                       // the top bit is the sign of x
  return y < P && !SMALL_ORDER_Y.has(y);
}

function littleEndian(hex) {
  return BigInt(`0x${hex.match(/../g).reverse().join('')}`);
}

function list(value, name) {
  need(value === undefined || Array.isArray(value) && value.length > 0 && value.length <= NAMED_MAX, `${name} holds 1 to ${NAMED_MAX} or is left out`);
  return value ?? [];
}

// Bytes of one line at a time: a log may be larger than the longest string, and U+2028 inside a payload ends no line.
function* readLines(path) {
  if (!path) {
    console.error('usage: node verify-log.mjs LOG.jsonl');
    process.exit(2);
  }
  const file = openSync(path), buffer = Buffer.alloc(1 << 20);
  let rest = Buffer.alloc(0);
  for (let count = readSync(file, buffer); count > 0; count = readSync(file, buffer)) {
    rest = Buffer.concat([rest, buffer.subarray(0, count)]);
    let from = 0;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, from)) {
      yield rest.subarray(from, end);
      from = end + 1;
    }
    rest = rest.subarray(from);
  }
  if (rest.length > 0) yield rest;
}

function isHex(text, digits) { return typeof text === 'string' && text.length === digits && /^[0-9a-f]+$/.test(text); }
function isCount(number) { return Number.isSafeInteger(number) && number >= 0; }
function isBefore(a, b) { return a[0] < b[0] || a[0] === b[0] && a[1] < b[1]; }
function isSorted(items, order) { return items.every((item, i) => i === 0 || order(items[i - 1], item) < 0); }
function compare(a, b) { return a < b ? -1 : a > b ? 1 : 0; }
function chainOrigin(chain) { return chain.slice(0, 64); }
function need(isSo, why) { if (!isSo) throw new Error(why); }
function fault(line, why) { faults++; console.error(`line ${line}: ${why}`); }
