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

/// What could not be decided without a person, and the buttons that decide it.
export function ConflictsPage({ status }: { status: Status }) {
  const { data, error } = useConflicts();
  const [chosen, setChosen] = useState(new Set<string>());
  const [most, setMost] = useState(PAGE);
  const work = useWork();
  const [said, setSaid] = useState('');
  if (error) return <><h1>Conflicts</h1><ProblemNote failure={error} /></>;
  if (data === undefined) return <p role="status">Asking the node…</p>;
  const { conflicts } = data;
  const selected = conflicts.filter(conflict => chosen.has(conflict.id));

  async function settle(of: Conflict[], choice: Choice['keep']) {
    let settled = 0;
    await work.run(async progress => {
      for (const conflict of of) {
        if (!choices(conflict).some(each => each.keep === choice)) continue;
        progress({ id: '', what: 'settling', done: settled, total: of.length, state: 'running' });
        await api.resolve(conflict.id, choice);
        settled++;
      }
    });
    setSaid(`${count(settled, 'conflict')} settled on all machines.`);
    setChosen(new Set());
    await queryClient.invalidateQueries({ queryKey: ['conflicts'] });
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
          <BulkBar conflicts={conflicts} selected={selected} busy={work.busy} job={work.job} select={ids => setChosen(new Set(ids))} settle={keep => settle(selected, keep)} />
          {conflicts.slice(0, most).map(conflict => (
            <ConflictCard key={conflict.id} conflict={conflict} self={status.node} busy={work.busy} chosen={chosen.has(conflict.id)} toggle={() => toggle(conflict.id)} settle={keep => settle([conflict], keep)} />
          ))}
          {conflicts.length > most && <button type="button" onClick={() => setMost(most + PAGE)}>Show more: {count(conflicts.length - most, 'conflict')}</button>}
        </>
      )}
    </>
  );
}
