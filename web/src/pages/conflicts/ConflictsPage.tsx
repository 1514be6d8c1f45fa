import { useState } from 'react';
import { api } from '../../api/client';
import { queryClient, useConflicts } from '../../api/queries';
import type { Conflict, Status } from '../../api/types';
import { choices, type Choice } from '../../logic/conflict';
import { count } from '../../logic/text';
import { ProblemNote } from '../../ui/ProblemNote';
import { useWork } from '../../ui/useWork';
import { BoardConflicts } from '../projects/BoardConflicts';
import { BulkBar } from './BulkBar';
import { ConflictCard } from './ConflictCard';
import { NoConflicts } from './NoConflicts';
import './conflicts.css';

const PAGE = 25;
/// So many are settled by one request.
const MANY = 100;

/// What could not be decided without a person, and the buttons that decide it.
export function ConflictsPage({ status }: { status: Status }) {
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useConflicts();
  const [chosen, setChosen] = useState(new Set<string>());
  const [most, setMost] = useState(PAGE);
  const work = useWork();
  const [said, setSaid] = useState('');
  if (error) return <><h1>Conflicts</h1><ProblemNote failure={error} /></>;
  if (data === undefined) return <p role="status">Asking the node…</p>;
  const conflicts = data.pages.flatMap(page => page.conflicts);
  const all = Math.max(conflicts.length, hasNextPage ? data.pages[0]!.conflicts_count : 0);
  const selected = conflicts.filter(conflict => chosen.has(conflict.id));

  async function settle(of: Conflict[], choice: 'shown' | 'other') {
    let settled = 0;
    const done = await work.run(async progress => {
      const ids = of.filter(conflict => choices(conflict).some(each => each.keep === choice)).map(conflict => conflict.id);
      for (let from = 0; from < ids.length; from += MANY) {
        progress({ id: '', what: 'settling', done: from, total: ids.length, state: 'running' });
        settled += (await api.resolveMany(ids.slice(from, from + MANY), choice)).settled.length;
      }
      return true;
    });
    setSaid(`${count(settled, 'conflict')} settled on all machines.${done && settled < of.length ? ` ${count(of.length - settled, 'other')} cannot be settled in this way.` : ''}`);
    setChosen(new Set());
    await queryClient.invalidateQueries({ queryKey: ['conflicts'] });
  }
  async function settleOne(conflict: Conflict, choice: Choice['keep']) {
    const done = await work.run(() => api.resolve(conflict.id, choice));
    if (done !== undefined) setSaid('1 conflict settled on all machines.');
    await queryClient.invalidateQueries({ queryKey: ['conflicts'] });
  }
  async function more() {
    if (conflicts.length < most + PAGE && hasNextPage) await fetchNextPage();
    setMost(most + PAGE);
  }
  async function chooseAll() {
    let loaded = conflicts;
    for (let more = hasNextPage; more;) {
      const next = await fetchNextPage();
      if (next.data === undefined || next.isError) break;
      loaded = next.data.pages.flatMap(page => page.conflicts);
      more = next.hasNextPage;
    }
    setChosen(new Set(loaded.map(conflict => conflict.id)));
  }
  function toggle(id: string) {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    setChosen(next);
  }
  return (
    <>
      <h1>Conflicts</h1>
      <p role="status">{said}</p>
      <BoardConflicts />
      <ProblemNote failure={work.failure} />
      {conflicts.length === 0 ? <NoConflicts status={status} /> : (
        <>
          <BulkBar all={all} chosen={selected.length} busy={work.busy || isFetching} job={work.job} chooseAll={chooseAll} chooseNone={() => setChosen(new Set())} settle={keep => settle(selected, keep)} />
          {conflicts.slice(0, most).map(conflict => (
            <ConflictCard key={conflict.id} conflict={conflict} self={status.node} busy={work.busy} chosen={chosen.has(conflict.id)} toggle={() => toggle(conflict.id)} settle={keep => settleOne(conflict, keep)} />
          ))}
          {all > most && <button type="button" disabled={isFetching} onClick={more}>Show more: {count(all - most, 'conflict')}</button>}
        </>
      )}
    </>
  );
}
