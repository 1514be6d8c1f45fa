import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const UP = ['ip', 'link', 'set', 'lo', 'up'];
const IDLE_BYTES = 3_000;                            // a second: connections are kept alive by less

/**
 * A network of two peers' own, of Linux: a namespace in which there is nothing but loopback. Counts bytes as the forwarder does, those of whole packets,
 * for systems whose packets do not go over TCP. It does not go away: QUIC would wait for half a minute before it believes that. The peers part.
 */
export class Network {
  port = 0;
  #holder;                                           // lives as long as the network does

  /** Why there can be none here; undefined where there can. */
  static whyNot() {
    try {
      execFileSync('unshare', ['--map-root-user', '--net', ...UP], { stdio: ['ignore', 'ignore', 'pipe'] });
      execFileSync('nsenter', ['--version'], { stdio: 'ignore' });
      return undefined;
    } catch (error) {
      return `it needs a network namespace (Linux, with unshare, nsenter and ip): ${(error.stderr?.toString() || error.message).trim()}`;
    }
  }

  static async make() {
    const network = new Network();
    network.#holder = spawn('unshare', ['--map-root-user', '--net', 'sh', '-c', `${UP.join(' ')} && echo up && exec cat`], { stdio: ['pipe', 'pipe', 'ignore'] });
    await once(network.#holder.stdout, 'data');
    return network;
  }

  /** What a command has to begin with to run in this network. */
  get within() { return ['nsenter', '--target', String(this.#holder.pid), '--user', '--net', '--preserve-credentials', '--']; }

  get bytes() {
    return Number(/^\s*lo:\s*(\d+)/m.exec(readFileSync(`/proc/${this.#holder.pid}/net/dev`, 'utf8'))[1]);
  }

  open() {}

  close() {}

  /** Returns when next to nothing was sent for a second. */
  async quiet() {
    for (let before = -IDLE_BYTES; this.bytes - before >= IDLE_BYTES;) {
      before = this.bytes;
      await sleep(1_000);
    }
  }

  /** Its peers have ended by now. */
  end() {
    this.#holder.stdin.end();                          // cat reads no more, and goes
  }
}
