// A record is a row of seven columns: each merges by itself, and a new row is six changes.
import { openPeer } from './crsqlite-peer.mjs';

export const open = folder => openPeer(folder, {
  columns: ['title TEXT', 'description TEXT', 'status TEXT', 'assignee TEXT', 'priority INTEGER', 'created_at INTEGER'],
  values: ({ title, description, status, assignee, priority, created_at: created }) => [title, description, status, assignee, priority, BigInt(created)],
  record: ([id, title, description, status, assignee, priority, created]) => ({ id, title, description, status, assignee, priority, created_at: Number(created) }),
});
