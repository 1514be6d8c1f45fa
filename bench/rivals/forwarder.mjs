import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** Stands between the two peers: counts the bytes of both directions, and is the network that goes away. */
export class Forwarder {
  bytes = 0;
  port = 0;
  #target;
  #server;
  #sockets = new Set();

  constructor(target) {
    this.#target = target;
  }

  async open() {
    this.#server = createServer({ noDelay: true }, from => {
      const to = connect({ port: this.#target, host: '127.0.0.1', noDelay: true });
      this.#join(from, to);
      this.#join(to, from);
    });
    this.#server.listen(this.port, '127.0.0.1');     // the second time the same port as the first: peers remember it
    await once(this.#server, 'listening');
    this.port = this.#server.address().port;
  }

  #join(from, to) {
    this.#sockets.add(from);
    from.on('data', chunk => { this.bytes += chunk.length; });
    from.on('error', () => to.destroy());
    from.on('close', () => { this.#sockets.delete(from); to.destroy(); });
    from.pipe(to);
  }

  async close() {
    if (!this.#server?.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Returns when nothing was sent for a second. */
  async quiet() {
    for (let before = -1; before !== this.bytes;) {
      before = this.bytes;
      await sleep(1_000);
    }
  }
}
