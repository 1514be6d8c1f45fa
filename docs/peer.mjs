// A peer of another make: speaks /sync/v1 with Node.js alone (docs/protocol.md), to show what a node tells to whom.
//
//   node peer.mjs stranger HOST:PORT SPACE        asks with a key of its own, for SPACE and for a space that does not exist:
//                                                 the answers must be equal to the byte
//   node peer.mjs forge HOST:PORT SPACE KEYFILE   a member (its key is in KEYFILE) sends an event that it changed: it must be rejected
//
// Exit 0 when the node did as it should.
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';

const [what, address, space, keyFile] = process.argv.slice(2);
const base = `http://${address}`;
// Canonical JSON (RFC 8785) for what this script signs: sorted members, no spaces. Its values are strings, small integers and lists.
const canonical = v => Array.isArray(v) ? `[${v.map(canonical).join(',')}]`
  : v && typeof v === 'object' ? `{${Object.keys(v).sort().map(k => `${JSON.stringify(k)}:${canonical(v[k])}`).join(',')}}` : JSON.stringify(v);

function keyOf(seed) {
  const key = seed ? createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' })
    : generateKeyPairSync('ed25519').privateKey;
  const id = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');
  return { key, id };
}

async function ask(method, path, body, token) {
  const answer = await fetch(base + path, {
    method, body: body && JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
  });
  return { status: answer.status, text: await answer.text() };
}

// Both sides sign the same object but for the role; only the signature travels.
async function handshake(me, wanted) {
  const nonce = randomBytes(32).toString('hex');
  const hello = JSON.parse((await ask('POST', '/sync/v1/handshake', { instance_id: me.id, nonce, versions: [1] })).text);
  const proof = canonical({
    $: { is: 'waggle-http-hello/1' }, role: 'initiator', initiator: me.id, responder: hello.instance_id, initiator_nonce: nonce,
    responder_nonce: hello.nonce, versions: [1], version: hello.version, channel: '',
  });
  return ask('POST', '/sync/v1/handshake/proof', {
    instance_id: me.id, nonce: hello.nonce, signature: sign(null, Buffer.from(proof), me.key).toString('hex'), ...(wanted && { sync_group_id: wanted }),
  });
}

const show = answer => `${answer.status} ${answer.text}`;
const shown = (good, text) => { console.log(text); process.exitCode = good ? 0 : 1; };

if (what === 'stranger') {
  const me = keyOf();
  const unknown = randomBytes(32).toString('hex');
  const pairs = [];
  pairs.push([await handshake(me, space), await handshake(me, unknown)]);
  for (const path of ['events?since=0', 'status']) pairs.push(await Promise.all([space, unknown].map(id => ask('GET', `/sync/v1/groups/${id}/${path}`))));
  const equal = pairs.every(([a, b]) => show(a) === show(b) && a.status >= 400);
  shown(equal, pairs.map(([a, b]) => `existing: ${show(a)}\nunknown:  ${show(b)}`).join('\n'));
} else if (what === 'forge') {
  const me = keyOf(Buffer.from(readFileSync(keyFile, "utf8").trim(), "hex"));
  const admitted = await handshake(me, space);
  const token = JSON.parse(admitted.text).sync_token;
  if (!token) throw new Error(`the member is not let in: ${show(admitted)}`);
  const page = JSON.parse((await ask('GET', `/sync/v1/groups/${space}/events?since=0&limit=50`, undefined, token)).text);
  const event = page.events.findLast(e => e.signature);
  const changed = { payload: event.payload.replace(/"seq":(\d+)/, (_, n) => `"seq":${Number(n) + 1000000}`), signature: event.signature };
  const answer = await ask('POST', `/sync/v1/groups/${space}/events`, { events: [changed], sender_seq: 0 }, token);
  shown(/reject/i.test(answer.text), show(answer));
} else {
  console.error('usage: node peer.mjs stranger|forge HOST:PORT SPACE [KEYFILE]');
  process.exitCode = 2;
}
