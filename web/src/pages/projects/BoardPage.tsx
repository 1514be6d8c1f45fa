import { useMemo, useState } from 'react';
import type { Project } from '../../api/boardTypes';
import { useBoard } from '../../api/board';
import { useProject } from '../../api/queries';
import { labels, NO_TASK_FILTER } from '../../logic/board';
import { href } from '../../logic/route';
import { count, shown } from '../../logic/text';
import { Empty } from '../../ui/Empty';
import { Modal } from '../../ui/Modal';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { HealthBadge } from './HealthBadge';
import { Kanban } from './Kanban';
import { NewTaskForm } from './TaskForms';
import { Where } from './Where';

/// The board of a project.
export function BoardPage({ project }: { project: Project }) {
  const { board, error } = useBoard(project.id);
  const { data: full } = useProject(project.id);
  const [filter, setFilter] = useState(NO_TASK_FILTER);
  const [making, setMaking] = useState(false);
  const known = useMemo(() => labels(board?.tasks.values() ?? []), [board]);
  const conflicts = full?.conflicts ?? 0;
  const filtered = filter.text !== '' || filter.label !== '';
  return (
    <div className="wide">
      <Where />
      <div className="row board-head">
        <h1><Remote text={project.name} /></h1>
        <HealthBadge project={project.id} />
        <div className="actions">
          {conflicts > 0 && <a className="button" href={href('projects', project.id, 'conflicts')}>{count(conflicts, 'conflict')}</a>}
          <a className="button" href={href('projects', project.id, 'sharing')}>{project.is_linked ? 'Sharing and nodes' : 'Share or link'}</a>
          <button type="button" className="main" onClick={() => setMaking(true)}>New task</button>
        </div>
      </div>
      {full?.removed_at_hub && !full.closed && <p className="note">The hub has this project no more: nobody new finds it there, and it orders no changes. Work goes on; unlink it to go on with its tasks on this node alone.</p>}
      {full?.closed && <p className="note">The owner closed this swarm project: nobody writes to it any more. Unlink it to go on with its tasks on this node alone.</p>}
      {full?.trouble !== undefined && <p className="problem" role="alert"><Remote text={full.trouble} /></p>}
      <ProblemNote failure={error} />
      {board === undefined ? error === null && full?.trouble === undefined && <p role="status">Asking the node for the tasks…</p> : board.tasks.size === 0 ? (
        <Empty title="No tasks yet">
          <p>Make the first one. It is written to this node at once{project.is_linked ? ', and the other nodes have it as soon as they are reached' : ''}.</p>
        </Empty>
      ) : (
        <>
          <form className="row board-filters" onSubmit={event => event.preventDefault()} aria-label="Filters">
            <label>Find <input type="search" value={filter.text} onChange={event => setFilter({ ...filter, text: event.target.value })} placeholder="words of titles, people, labels" autoComplete="off" /></label>
            <label>Label <select value={filter.label} onChange={event => setFilter({ ...filter, label: event.target.value })}><option value="">any</option>{known.map(label => <option key={label} value={label}>{shown(label)}</option>)}</select></label>
            {filtered && <button type="button" className="small" onClick={() => setFilter(NO_TASK_FILTER)}>Clear</button>}
          </form>
          <Kanban project={project} board={board} filter={filter} />
        </>
      )}
      <Modal open={making} onClose={() => setMaking(false)} title="New task">{making && <NewTaskForm project={project} board={board} close={() => setMaking(false)} />}</Modal>
    </div>
  );
}
