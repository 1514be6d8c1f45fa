import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export function percentile(numbers, percent) {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * percent / 100) - 1)];
}

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The most memory that a process, or several, had at one time, in MiB; undefined where the system does not tell. With those that they started, each
 * counts with its own most, less what they share, which counts once.
 */
export async function peakMiB(pids) {
  const families = await Promise.all([pids].flat().map(family));
  const all = await Promise.all(families.flat().map(memoryOf));
  if (!all[0]?.peak) return undefined;
  const shared = all.length > 1 ? all.map(one => one.shared) : [0];
  return (Math.max(...shared) + all.reduce((sum, one, n) => sum + one.peak - (shared[n] ?? 0), 0)) / 1024;
}

async function memoryOf(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = name => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return { peak: kib('VmHWM'), shared: kib('RssShmem') };
}

async function family(pid) {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const all = await Promise.all(children.split(' ').filter(Boolean).map(family));
  return [pid, ...all.flat()];
}

/** The bytes of all files in a folder. */
export async function folderBytes(folder) {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath ?? entry.path, entry.name))).size;
  }
  return bytes;
}
