import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** A server on a free port; each socket goes to `serve`. */
export async function listening(serve) {
  const server = createServer({ noDelay: true }, serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** A socket that is connected. */
export async function connected(port) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** For programs that must be told one. */
export async function freePort() {
  const server = await listening(() => {});
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
