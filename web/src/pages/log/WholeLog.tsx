import { useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { api } from '../../api/client';
import type { Chain, LogEntry } from '../../api/types';
import { lanes } from '../../logic/dag';
import { count } from '../../logic/text';
import { DagCell } from './DagCell';
import { EntryRow } from './EntryRow';
import { Legend } from './Legend';
import { ROWS_MAX, VirtualRows } from '../../ui/VirtualRows';

const BLOCK = 100;

/// Every entry, newest first. Row i is the entry at offset top - i, so any place in a long log is one request away.
export function WholeLog({ id, last, chains, open }: { id: string; last: number; chains: Chain[]; open: (offset: number) => void }) {
  const [top, setTop] = useState(last);
  const [older, setOlder] = useState(false);                   // a part below the newest that fit into a list is looked at
  const [seen, setSeen] = useState({ first: 0, last: 40 });
  const shows = useCallback((first: number, lastRow: number) => setSeen({ first, last: lastRow }), []);
  // Who looks at the newest sees new ones come; who has scrolled away is not moved, and told.
  const atTop = seen.first === 0;
  if (atTop && !older && top !== last) setTop(last);

  const rows = Math.min(top, ROWS_MAX);
  function look(from: number) {
    setTop(from);
    setOlder(from < last);
    setSeen({ first: 0, last: 40 });
  }
  const blocks: number[] = [];
  for (let block = Math.floor(Math.max(0, top - seen.last - 1) / BLOCK); block <= Math.floor(Math.max(0, top - seen.first - 1) / BLOCK); block++) blocks.push(block);
  const pages = useQueries({
    queries: blocks.map(block => ({
      queryKey: ['log', id, block, Math.min(top, (block + 1) * BLOCK)], staleTime: Infinity, gcTime: 60_000,
      queryFn: () => api.log(id, { after: block * BLOCK, limit: BLOCK }),
    })),
  });
  const stamp = pages.map(page => page.dataUpdatedAt).join();
  const entries = useMemo(() => new Map(pages.flatMap(page => page.data?.entries ?? []).map(entry => [entry.offset, entry] as [number, LogEntry])), [stamp]);
  const drawn = useMemo(() => lanes(chains), [chains]);
  const offsets = useMemo(() => new Map([...entries.values()].map(entry => [entry.id ?? '', entry.offset])), [entries]);
  const heads = useMemo(() => new Set(chains.filter(chain => chain.head).map(chain => chain.id)), [chains]);
  return (
    <>
      <Legend />
      {top < last && <p role="status"><button type="button" className="small" onClick={() => look(last)}>{older ? count(last - top, 'newer entry', 'newer entries') : count(last - top, 'new entry', 'new entries')}: show</button></p>}
      <VirtualRows key={older ? top : 'newest'} count={rows} label="Entries of the log, newest first" shows={shows} row={index => {
        const entry = entries.get(top - index);
        if (entry === undefined) return <span className="soft row-loading">{top - index}</span>;
        const head = heads.has(entry.id ?? '');
        return <EntryRow entry={entry} open={open} head={head} picture={<DagCell entry={entry} lanes={drawn} offsets={offsets} head={head} />} />;
      }} />
      {top > rows && <p><button type="button" className="small" onClick={() => look(top - rows)}>{count(top - rows, 'older entry', 'older entries')}: show</button></p>}
    </>
  );
}
