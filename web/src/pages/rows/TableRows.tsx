import { useQueries } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { api } from '../../api/client';
import type { RowsPage, TableRow } from '../../api/types';
import { BLOCK, blocksOf } from '../../logic/rows';
import { count } from '../../logic/text';
import { Empty } from '../../ui/Empty';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { ROWS_MAX, VirtualRows } from '../../ui/VirtualRows';
import { RowCells } from './RowCells';

/// Of a wide table so many columns are shown at first.
const COLUMNS_SHOWN = 12;

/// All rows of a table, of which only those in sight are asked for.
export function TableRows({ space, table, first }: { space: string; table: string; first: RowsPage }) {
  const [seen, setSeen] = useState({ first: 0, last: 40 });
  const [all, setAll] = useState(false);
  const shows = useCallback((from: number, last: number) => setSeen({ first: from, last }), []);
  const rows = Math.min(ROWS_MAX, first.rows_count ?? 0);
  const blocks = blocksOf(seen.first, seen.last, rows);
  const pages = useQueries({ queries: blocks.map(block => ({ queryKey: ['rows', space, table, block], gcTime: 60_000, queryFn: () => readBlock(space, table, block) })) });
  const stamp = pages.map(page => page.dataUpdatedAt).join();
  const known = useMemo(() => new Map(pages.flatMap((page, i) => (page.data ?? []).map((row, at) => [blocks[i]! * BLOCK + at, row] as [number, TableRow]))), [stamp, blocks.join()]);
  const failure = pages.find(page => page.error)?.error;
  if (rows === 0) return <Empty title="No rows yet"><p>What programs insert here, on this machine or on another one of the space, comes by itself.</p></Empty>;
  const columns = all ? first.columns : first.columns.slice(0, COLUMNS_SHOWN);
  const left = first.columns.length - columns.length;
  return (
    <>
      <p className="soft" role="status">{rows === ROWS_MAX ? `The first ${count(rows, 'row')}` : count(rows, 'row')}, by their key. Press one to see who wrote what in it, and who has it.{first.more_columns > 0 && ` ${count(first.more_columns, 'further column')} are not shown here; what is explained of a row has them.`}</p>
      {left > 0 && <p><button type="button" className="small" onClick={() => setAll(true)}>Show {count(left, 'more column')}</button></p>}
      <ProblemNote failure={failure} />
      <div className="sheet" tabIndex={-1}>
        <div className="sheet-inner" style={{ minWidth: `${columns.length * 9}rem` }}>
          <div className="cells head">{columns.map(column => <span key={column} className="cell"><Remote text={column} />{first.key.includes(column) && <> <span className="flag">key</span></>}</span>)}</div>
          <VirtualRows count={rows} label="Rows, by their key" shows={shows} row={index => {
            const row = known.get(index);
            return row === undefined ? <span className="soft row-loading">{(index + 1).toLocaleString('en')}</span> : <RowCells space={space} table={table} row={row} columns={columns} />;
          }} />
        </div>
      </div>
    </>
  );
}

/// A block of rows; where they are large the node gives it in pieces.
async function readBlock(space: string, table: string, block: number): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for (let after: string | undefined; ;) {
    const page = await api.rows(space, table, after === undefined ? { skip: block * BLOCK } : { after }, BLOCK - rows.length);
    rows.push(...page.rows);
    if (page.next == null || page.rows.length === 0 || rows.length >= BLOCK) return rows;
    after = page.next;
  }
}
