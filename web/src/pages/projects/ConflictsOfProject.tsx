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
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useBoardConflicts(project.id);
  const { data: nodes } = useBoardNodes(project.id);
  const { board } = useBoard(project.id);
  const [most, setMost] = useState(PAGE);
  const named = useCallback((id: string) => board?.tasks.get(id)?.title ?? [...board?.tasks.values() ?? []].find(task => task.shared_task_id === id)?.title ?? brief(id), [board]);
  const conflicts = data?.pages.flatMap(page => page.conflicts) ?? [];
  const all = Math.max(conflicts.length, hasNextPage ? data?.pages[0]?.conflicts_count ?? 0 : 0);
  async function more() {
    if (conflicts.length < most + PAGE && hasNextPage) await fetchNextPage();
    setMost(most + PAGE);
  }
  return (
    <>
      <Where project={project} />
      <h1>Conflicts in <Remote text={project.name} /></h1>
      <ProblemNote failure={error} />
      {data === undefined ? error === null && <p role="status">Asking the node…</p> : conflicts.length === 0 ? (
        <Empty title="No conflicts">
          <p>A conflict is one field of one task that two nodes set to different values without knowing of each other. Changes of different fields both stay and are none.</p>
          <p><a href={href('projects', project.id)}>Back to the board</a></p>
        </Empty>
      ) : (
        <>
          <p role="status">{count(all, 'value')} passed over.</p>
          {conflicts.slice(0, most).map(conflict => <FieldConflictCard key={conflict.task_id + conflict.id} conflict={conflict} project={project.id} nodes={nodes} named={named} settled={() => queryClient.invalidateQueries({ queryKey: ['project', project.id] })} />)}
          {all > most && <button type="button" disabled={isFetching} onClick={more}>Show more: {count(all - most, 'conflict')}</button>}
        </>
      )}
    </>
  );
}
