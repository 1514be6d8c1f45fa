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
import { useChosen } from './useChosen';
import './conflicts.css';

/// So many are settled by one request.
const MANY = 100;

/// What could not be decided without a person, and the buttons that decide it.
export function ConflictsPage({ status }: { status: Status }) {
  const asked = useConflicts();
  const { data, error, isFetching } = asked;
  const list = useChosen(asked, conflict => conflict.id);
  const work = useWork();
  const [said, setSaid] = useState('');
  if (error) return <><h1>Conflicts</h1><ProblemNote failure={error} /></>;
  if (data === undefined) return <p role="status">Asking the node…</p>;

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
    list.chooseNone();
    await queryClient.invalidateQueries({ queryKey: ['conflicts'] });
  }
  async function settleOne(conflict: Conflict, choice: Choice['keep']) {
    const done = await work.run(() => api.resolve(conflict.id, choice));
    if (done !== undefined) setSaid('1 conflict settled on all machines.');
    await queryClient.invalidateQueries({ queryKey: ['conflicts'] });
  }
  return (
    <>
      <h1>Conflicts</h1>
      <p role="status">{said}</p>
      <BoardConflicts />
      <ProblemNote failure={work.failure} />
      {list.shown.length === 0 ? <NoConflicts status={status} /> : (
        <>
          <BulkBar all={list.all} chosen={list.chosen.length} busy={work.busy || isFetching} job={work.job} chooseAll={list.chooseAll} chooseNone={list.chooseNone} settle={keep => settle(list.chosen, keep)} />
          {list.shown.map(conflict => (
            <ConflictCard key={conflict.id} conflict={conflict} self={status.node} busy={work.busy} chosen={list.isChosen(conflict)} toggle={() => list.toggle(conflict)} settle={keep => settleOne(conflict, keep)} />
          ))}
          {list.left > 0 && <button type="button" disabled={isFetching} onClick={list.more}>Show more: {count(list.left, 'conflict')}</button>}
        </>
      )}
    </>
  );
}
