import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds of the system's own clock, which is the same in all processes: a begin in one may be subtracted from an end in another. */
export const now = () => Number(process.hrtime.bigint()) / 1e6;

/** Asks every `gap` milliseconds; returns when the answer was yes. */
export async function poll(gap, isSo) {
  while (!await isSo()) await sleep(gap);
  return now();
}

/** Lets others wait for something that is told by an event. */
export class Changes {
  #waiting = new Set();

  happened() {
    for (const one of this.#waiting) {
      if (!one.isSo()) continue;
      this.#waiting.delete(one);
      one.resolve(now());
    }
  }

  until(isSo) {
    if (isSo()) return Promise.resolve(now());
    return new Promise(resolve => this.#waiting.add({ isSo, resolve }));
  }
}
