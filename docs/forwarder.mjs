#!/usr/bin/env node
// A cable that can be pulled: forwards TCP connections from a loopback port to another address, until it is stopped.
//
//   node forwarder.mjs LISTEN_PORT HOST:PORT        (port 0: any that is free)
//
// Prints the port it listens on. Stopping it (Ctrl-C, kill) cuts every connection, as pulling the cable would;
// starting it again with the same port plugs the cable in again.
import { createServer, connect } from 'node:net';

const [listenPort, target] = process.argv.slice(2);
const [, host, port] = /^(.+):(\d+)$/.exec(target ?? '') ?? [];
if (!host) {
  console.error('usage: node forwarder.mjs LISTEN_PORT HOST:PORT');
  process.exit(2);
}

const server = createServer(near => {
  const far = connect({ host, port: Number(port) });
  const cut = () => { near.destroy(); far.destroy(); };
  near.on('error', cut);
  far.on('error', cut);
  near.pipe(far);
  far.pipe(near);
});
server.on('error', error => {
  console.error(error.message);
  process.exit(1);
});
server.listen(Number(listenPort), '127.0.0.1', () => console.log(server.address().port));
