// The load: tasks of 300 bytes as JSON, the same ones in every run. The words vary, so that compression gains what it gains on real text.

const WORDS = ('look at the log find place change it see that tests pass and tell others about what has to be done by whom until when before release '
  + 'after review because customer asked for simpler way of counting open orders in northern warehouse while network is away').split(' ');
const BYTES = 300;

export const key = i => `task-${String(i).padStart(8, '0')}`;

export function record(i) {
  const task = {
    id: key(i),
    title: `Something that has to be done, number ${i}`,
    description: '',
    status: 'open',
    assignee: `worker-${i % 7}`,
    priority: i % 5,
    created_at: 1_800_000_000_000 + i,
  };
  task.description = text(i, BYTES - JSON.stringify(task).length);
  return task;
}

export const records = (from, count) => Array.from({ length: count }, (_, n) => record(from + n));

/** The records from `from` on, in groups of at most `size`. */
export function* groups(from, count, size) {
  for (let done = 0; done < count; done += size) yield records(from + done, Math.min(size, count - done));
}

function text(seed, length) {
  let random = Math.imul(seed + 1, 2_654_435_761) >>> 0;
  let words = '';
  while (words.length < length) {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    words += `${WORDS[(random >>> 16) % WORDS.length]} `;
  }
  return words.slice(0, length);
}
