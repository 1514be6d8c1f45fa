// A record is one value, as JSON: a change of it is one change.
import { openPeer } from './crsqlite-peer.mjs';

export const open = folder => openPeer(folder, {
  columns: ['task TEXT'],
  values: record => [JSON.stringify(record)],
  record: ([, task]) => JSON.parse(task),
});
