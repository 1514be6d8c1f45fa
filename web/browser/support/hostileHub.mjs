// Somebody who answers where a hub is looked for, and refuses every node in words of its own.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';                            // RFC 6455, section 1.3

/// A text frame as servers send it, without a mask.
function frame(message) {
  const text = Buffer.from(JSON.stringify(message));
  const head = Buffer.from([0x81, 126, text.length >> 8, text.length & 0xff]);
  return text.length < 126 ? Buffer.concat([Buffer.from([0x81, text.length]), text]) : Buffer.concat([head, text]);
}

/// @param words at most 60,000 bytes
/// @return its address, and how it is closed
export async function hostileHub(words) {
  const sockets = new Set();
  const server = createServer().on('upgrade', (request, socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
      + `Sec-WebSocket-Accept: ${createHash('sha1').update(request.headers['sec-websocket-key'] + GUID).digest('base64')}\r\n\r\n`);
    socket.write(frame({ type: 'challenge', hub: 'ab'.repeat(32), nonce: 'cd'.repeat(32), version: 1 }));
    socket.once('data', () => socket.write(frame({ type: 'error', id: 1, code: 'not_allowed', message: words })));     // a connection's first question has the number 1
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => { server.close(); for (const socket of sockets) socket.destroy(); } };
}
