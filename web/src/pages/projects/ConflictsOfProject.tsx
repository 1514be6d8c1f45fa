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
import { useChosen } from '../conflicts/useChosen';
import { FieldConflictCard } from './FieldConflictCard';
import { Where } from './Where';

const keyOf = (conflict: FieldConflict) => `${conflict.task_id} ${conflict.id}`;

/// The values of a project's tasks that were passed over and wait for a person.
export function ConflictsOfProject({ project }: { project: Project }) {
  const asked = useBoardConflicts(project.id);
  const { data, error, isFetching } = asked;
  const list = useChosen(asked, keyOf);
  const { data: nodes } = useBoardNodes(project.id);
  const { board } = useBoard(project.id);
  const [said, setSaid] = useState('');
  const work = useWork();
  const named = useCallback((id: string) => board?.tasks.get(id)?.title ?? [...board?.tasks.values() ?? []].find(task => task.shared_task_id === id)?.title ?? brief(id), [board]);

  async function settle(keep: 'shown' | 'other') {
    let settled = 0;
    let gone = 0;                                           // of one field with three values: what was decided about one decides about the others
    await work.run(async progress => {
      for (const each of list.chosen) {
        progress({ id: '', what: 'settling', done: settled + gone, total: list.chosen.length, state: 'running' });
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
    list.chooseNone();
    await Promise.all([queryClient.invalidateQueries({ queryKey: ['board-conflicts'] }), queryClient.invalidateQueries({ queryKey: ['project', project.id] })]);
  }
  return (
    <>
      <Where project={project} />
      <h1>Conflicts in <Remote text={project.name} /></h1>
      <ProblemNote failure={error ?? work.failure} />
      <p role="status">{said}</p>
      {data === undefined ? error === null && <p role="status">Asking the node…</p> : list.shown.length === 0 ? (
        <Empty title="No conflicts">
          <p>A conflict is one field of one task that two nodes set to different values without knowing of each other. Changes of different fields both stay and are none.</p>
          <p><a href={href('projects', project.id)}>Back to the board</a></p>
        </Empty>
      ) : (
        <>
          <p>{count(list.all, 'value')} passed over.</p>
          <BulkBar all={list.all} chosen={list.chosen.length} busy={work.busy || isFetching} job={work.job} chooseAll={list.chooseAll} chooseNone={list.chooseNone} settle={settle} />
          {list.shown.map(conflict => (
            <FieldConflictCard key={keyOf(conflict)} conflict={conflict} project={project.id} nodes={nodes} named={named} choice={{ chosen: list.isChosen(conflict), toggle: () => list.toggle(conflict) }}
              settled={() => queryClient.invalidateQueries({ queryKey: ['project', project.id] })} />
          ))}
          {list.left > 0 && <button type="button" disabled={isFetching} onClick={list.more}>Show more: {count(list.left, 'conflict')}</button>}
        </>
      )}
    </>
  );
}
