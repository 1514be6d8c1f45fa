import { useCallback, useState } from 'react';
import type { FieldConflict, Project } from '../../api/boardTypes';
import { useBoard } from '../../api/board';
import { Problem } from '../../api/client';
import { boards } from '../../api/projects';
import { queryClient, useBoardConflicts, useBoardNodes } from '../../api/queries';
import { brief, count } from '../../logic/text';
import { href } from '../../logic/route';
import { Empty } from '../../ui/Empty';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';
import { BulkBar } from '../conflicts/BulkBar';
import { FieldConflictCard } from './FieldConflictCard';
import { Where } from './Where';

const PAGE = 25;
const keyOf = (conflict: FieldConflict) => `${conflict.task_id} ${conflict.id}`;

/// The values of a project's tasks that were passed over and wait for a person.
export function ConflictsOfProject({ project }: { project: Project }) {
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useBoardConflicts(project.id);
  const { data: nodes } = useBoardNodes(project.id);
  const { board } = useBoard(project.id);
  const [most, setMost] = useState(PAGE);
  const [chosen, setChosen] = useState(new Set<string>());
  const [said, setSaid] = useState('');
  const work = useWork();
  const named = useCallback((id: string) => board?.tasks.get(id)?.title ?? [...board?.tasks.values() ?? []].find(task => task.shared_task_id === id)?.title ?? brief(id), [board]);
  const conflicts = data?.pages.flatMap(page => page.conflicts) ?? [];
  const all = Math.max(conflicts.length, hasNextPage ? data?.pages[0]?.conflicts_count ?? 0 : 0);
  const selected = conflicts.filter(conflict => chosen.has(keyOf(conflict)));

  async function settle(keep: 'shown' | 'other') {
    let settled = 0;
    let gone = 0;                                           // of one field with three values: what was decided about one decides about the others
    await work.run(async progress => {
      for (const each of selected) {
        progress({ id: '', what: 'settling', done: settled + gone, total: selected.length, state: 'running' });
        try {
          await boards.settle(each.task_id, each.id, keep);
          settled++;
        } catch (failure) {
          if (!(failure instanceof Problem) || failure.code !== 'not_found') throw failure;
          gone++;
        }
      }
    });
    setSaid(`${count(settled, 'conflict')} settled on all nodes.${gone > 0 ? ` ${count(gone, 'other')} had been settled by then.` : ''}`);
    setChosen(new Set());
    await Promise.all([queryClient.invalidateQueries({ queryKey: ['board-conflicts'] }), queryClient.invalidateQueries({ queryKey: ['project', project.id] })]);
  }
  async function chooseAll() {
    let loaded = conflicts;
    for (let more = hasNextPage; more;) {
      const next = await fetchNextPage();
      if (next.data === undefined || next.isError) break;
      loaded = next.data.pages.flatMap(page => page.conflicts);
      more = next.hasNextPage;
    }
    setChosen(new Set(loaded.map(keyOf)));
  }
  function toggle(key: string) {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    setChosen(next);
  }
  async function more() {
    if (conflicts.length < most + PAGE && hasNextPage) await fetchNextPage();
    setMost(most + PAGE);
  }
  return (
    <>
      <Where project={project} />
      <h1>Conflicts in <Remote text={project.name} /></h1>
      <ProblemNote failure={error ?? work.failure} />
      <p role="status">{said}</p>
      {data === undefined ? error === null && <p role="status">Asking the node…</p> : conflicts.length === 0 ? (
        <Empty title="No conflicts">
          <p>A conflict is one field of one task that two nodes set to different values without knowing of each other. Changes of different fields both stay and are none.</p>
          <p><a href={href('projects', project.id)}>Back to the board</a></p>
        </Empty>
      ) : (
        <>
          <p>{count(all, 'value')} passed over.</p>
          <BulkBar all={all} chosen={selected.length} busy={work.busy || isFetching} job={work.job} chooseAll={chooseAll} chooseNone={() => setChosen(new Set())} settle={settle} />
          {conflicts.slice(0, most).map(conflict => (
            <FieldConflictCard key={keyOf(conflict)} conflict={conflict} project={project.id} nodes={nodes} named={named} choice={{ chosen: chosen.has(keyOf(conflict)), toggle: () => toggle(keyOf(conflict)) }}
              settled={() => queryClient.invalidateQueries({ queryKey: ['project', project.id] })} />
          ))}
          {all > most && <button type="button" disabled={isFetching} onClick={more}>Show more: {count(all - most, 'conflict')}</button>}
        </>
      )}
    </>
  );
}
