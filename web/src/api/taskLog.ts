// The log of a task in this tab: all of it once, then what comes.

import { useCallback, useEffect, useRef, useState } from 'react';
import { withMore } from '../logic/taskLog';
import type { TaskLogEntry } from './boardTypes';
import { boards } from './projects';

const SETTLED_MS = 2_000;
const SETTLE_MAX = 1_000;

type What = 'more' | 'all';

/// @return `more` asks for what follows, `all` for everything anew. Lines of a node that was away stand before others that are known already: so some time
///         after the last `more` a log that is not too long is asked for once more.
export function useTaskLog(id: string): { entries: TaskLogEntry[] | undefined; failure: unknown; more: () => void; all: () => void } {
  const [entries, setEntries] = useState<TaskLogEntry[]>();
  const [failure, setFailure] = useState<unknown>(null);
  const state = useRef({ kept: [] as TaskLogEntry[], busy: false, next: null as What | null, timer: 0, gone: false });
  const read = useCallback(async (what: What): Promise<void> => {
    const now = state.current;
    if (now.gone) return;
    if (now.busy) {
      now.next = now.next === 'all' ? 'all' : what;
      return;
    }
    now.busy = true;
    window.clearTimeout(now.timer);
    try {
      let all = what === 'all' ? [] : now.kept;
      for (let cursor = all.at(-1)?.cursor ?? '';;) {
        const page = await boards.log(id, cursor);
        all = withMore(all, page.entries);
        cursor = page.entries.at(-1)?.cursor ?? cursor;
        if (!page.has_more || now.gone) break;
      }
      now.kept = all;
      setEntries(all);
      setFailure(null);
      if (what === 'more' && all.length <= SETTLE_MAX) now.timer = window.setTimeout(() => void read('all'), SETTLED_MS);
    } catch (problem) {
      setFailure(problem);
    }
    now.busy = false;
    const next = now.next;
    now.next = null;
    if (next !== null) void read(next);
  }, [id]);
  useEffect(() => {
    const now = state.current;
    now.gone = false;
    return () => {
      now.gone = true;
      window.clearTimeout(now.timer);
    };
  }, []);
  const more = useCallback(() => void read('more'), [read]);
  const all = useCallback(() => void read('all'), [read]);
  return { entries, failure, more, all };
}
