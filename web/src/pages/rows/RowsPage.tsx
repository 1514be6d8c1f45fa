import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api } from '../../api/client';
import { queryClient, useSpace, useTables } from '../../api/queries';
import { BLOCK } from '../../logic/rows';
import { href } from '../../logic/route';
import { shown } from '../../logic/text';
import { Card } from '../../ui/Card';
import { Empty } from '../../ui/Empty';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { TableRows } from './TableRows';
import './rows.css';

/// The rows of a space's tables as the tracked file has them. A press on a row explains it.
///
/// @param table as the address names it; else the first one
export function RowsPage({ id, table }: { id: string; table: string | undefined }) {
  const { data: space, error } = useSpace(id);
  const { data, error: tablesError } = useTables(id);
  if (error ?? tablesError) return <><h1>Rows</h1><ProblemNote failure={error ?? tablesError} /></>;
  if (space === undefined || data === undefined) return <p role="status">Asking the node…</p>;
  const named = table ?? data.tables[0]?.name;
  return (
    <>
      <h1>Rows of <a href={href('spaces', space.id)}><Remote text={space.name} /></a></h1>
      {named === undefined ? <Empty title="No tables yet"><p>A table comes here when a program makes it in the tracked file and gives it a primary key.</p></Empty> : (
        <>
          {data.tables.length > 1 && (
            <p><label>Table <select value={named} onChange={event => { location.hash = href('spaces', space.id, 'rows', `=${event.target.value}`); }}>
              {!data.tables.some(each => each.name === named) && <option value={named}>{shown(named)}</option>}
              {data.tables.map(each => <option key={each.name} value={each.name}>{shown(each.name)}</option>)}
            </select></label></p>
          )}
          <OneTable space={space.id} table={named} applied={space.applied_offset ?? 0} key={named} />
        </>
      )}
    </>
  );
}

function OneTable({ space, table, applied }: { space: string; table: string; applied: number }) {
  const { data, error } = useQuery({ queryKey: ['rows', space, table, 'first'], queryFn: () => api.rows(space, table, {}, BLOCK), staleTime: 0 });
  const seen = useRef(applied);
  useEffect(() => {                                          // the file has changed: what is in sight is asked for again
    if (seen.current === applied) return;
    seen.current = applied;
    void queryClient.invalidateQueries({ queryKey: ['rows', space, table] });
  }, [space, table, applied]);
  if (error) return <ProblemNote failure={error} />;
  if (data === undefined) return <p role="status">Asking the node…</p>;
  return <Card title={shown(table)}><TableRows space={space} table={table} first={data} /></Card>;
}
