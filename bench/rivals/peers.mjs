import { fork } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const GRACE_MS = 20_000;
const running = new Set();

/** The parent's end of a peer: `await peer.call('until', 100)`. */
export class PeerProcess {
  pid;                                               // of the process whose memory counts
  #child;
  #calls = new Map();
  #last = 0;
  #errors = '';
  #patience;

  /** `within`: the words of a command that runs the peer, where it does not just run. */
  static async start(system, folder, { patience, within, ...options }) {
    await mkdir(folder, { recursive: true });
    const peer = new PeerProcess();
    peer.#patience = patience;
    await peer.#fork(system, folder, options, within);
    return peer;
  }

  async #fork(system, folder, options, within) {
    const stdio = ['ignore', 'ignore', 'pipe', 'ipc'];
    const [execPath, ...execArgv] = [...within, process.execPath];
    this.#child = fork(new URL('peer.mjs', import.meta.url), [system, folder, JSON.stringify(options)], { stdio, serialization: 'advanced', execPath, execArgv });
    running.add(this);
    this.#child.stderr.on('data', text => { this.#errors = (this.#errors + text).slice(-4_000); });
    this.#child.on('message', ({ id, result, error }) => {
      const call = this.#calls.get(id);
      this.#calls.delete(id);
      if (error) call?.reject(new Error(error));
      else call?.resolve(result);
    });
    this.#child.on('exit', (code, signal) => {
      running.delete(this);
      for (const { reject } of this.#calls.values()) reject(new Error(`the peer ended (${signal ?? code}): ${this.#errors.trim()}`));
      this.#calls.clear();
    });
    ({ pid: this.pid } = await this.#wait(0, 'open'));
  }

  call(method, ...parameters) {
    const id = ++this.#last;
    const answer = this.#wait(id, method);
    if (this.#child.connected) this.#child.send({ id, method, parameters });
    else this.#calls.get(id).reject(new Error(`${method}: the peer has ended: ${this.#errors.trim()}`));
    return answer;
  }

  #wait(id, what) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${what}: no answer within ${this.#patience} s`)), this.#patience * 1_000);
      const done = how => value => { clearTimeout(timer); how(value); };
      this.#calls.set(id, { resolve: done(resolve), reject: done(reject) });
    });
  }

  /** Lets it close its files; one that does not within a while is killed. */
  async stop() {
    if (!running.has(this)) return;
    const gone = once(this.#child, 'exit');
    if (this.#child.connected) this.#child.disconnect();
    const late = new AbortController();
    sleep(GRACE_MS, undefined, { signal: late.signal }).then(() => this.#child.kill('SIGKILL'), () => {});
    await gone;
    late.abort();
  }
}

export const stopAll = () => Promise.all([...running].map(peer => peer.stop()));
