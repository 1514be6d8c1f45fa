import { useCallback, useState } from 'react';
import type { Project } from '../../api/boardTypes';
import { useBoard } from '../../api/board';
import { queryClient, useBoardConflicts, useBoardNodes } from '../../api/queries';
import { brief, count } from '../../logic/text';
import { href } from '../../logic/route';
import { Empty } from '../../ui/Empty';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { FieldConflictCard } from './FieldConflictCard';
import { Where } from './Where';

const PAGE = 25;

/// The values of a project's tasks that were passed over and wait for a person.
export function ConflictsOfProject({ project }: { project: Project }) {
  const { data, error } = useBoardConflicts(project.id);
  const { data: nodes } = useBoardNodes(project.id);
  const { board } = useBoard(project.id);
  const [most, setMost] = useState(PAGE);
  const named = useCallback((id: string) => board?.tasks.get(id)?.title ?? [...board?.tasks.values() ?? []].find(task => task.shared_task_id === id)?.title ?? brief(id), [board]);
  return (
    <>
      <Where project={project} />
      <h1>Conflicts in <Remote text={project.name} /></h1>
      <ProblemNote failure={error} />
      {data === undefined ? error === null && <p role="status">Asking the node…</p> : data.length === 0 ? (
        <Empty title="No conflicts">
          <p>A conflict is one field of one task that two nodes set to different values without knowing of each other. Changes of different fields both stay and are none.</p>
          <p><a href={href('projects', project.id)}>Back to the board</a></p>
        </Empty>
      ) : (
        <>
          <p role="status">{count(data.length, 'value')} passed over.</p>
          {data.slice(0, most).map(conflict => <FieldConflictCard key={conflict.task_id + conflict.id} conflict={conflict} project={project.id} nodes={nodes} named={named} settled={() => queryClient.invalidateQueries({ queryKey: ['project', project.id] })} />)}
          {data.length > most && <button type="button" onClick={() => setMost(most + PAGE)}>Show more: {count(data.length - most, 'conflict')}</button>}
        </>
      )}
    </>
  );
}
