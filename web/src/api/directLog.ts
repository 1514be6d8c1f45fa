// What the node that carries a task out says itself, while its lines do not come over a connection. This node reads them there and passes them on: the page speaks to nobody else.

import { useEffect, useState } from 'react';
import { withMore } from '../logic/taskLog';
import type { TaskLogEntry } from './boardTypes';
import { useChannel } from './live';

/// @param on whether there is such a node now
export function useDirectLog(id: string, on: boolean): TaskLogEntry[] {
  const [entries, setEntries] = useState<TaskLogEntry[]>([]);
  useEffect(() => setEntries([]), [id]);
  useChannel(on ? `log:${id}` : null, message => {
    if (message.type !== 'log') return;
    const entry = message.data as TaskLogEntry;
    if (entry.via === 'direct') setEntries(known => withMore(known, [entry]));
  });
  return entries;
}
