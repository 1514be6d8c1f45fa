import { useId, type KeyboardEvent } from 'react';
import type { Task, TaskStatus } from '../../api/boardTypes';
import { isHeld, mayBecome, PRIORITIES, STATUS_NAMES, STATUSES, waitsFor } from '../../logic/board';
import { href } from '../../logic/route';
import { count, shown } from '../../logic/text';
import { Remote } from '../../ui/Remote';

/// A task on the board. Its title is where the keyboard is; Enter opens it.
export function TaskCard({ task, all, now, nameOf, tab, lifted, onLift, onFocus, onKey, onMove }: {
  task: Task; all: ReadonlyMap<string, Task>; now: number; nameOf: (node: string) => string; tab: boolean; lifted: boolean; onLift: (task: Task | null) => void; onFocus: (id: string) => void;
  onKey: (event: KeyboardEvent, task: Task) => void; onMove: (task: Task, to: TaskStatus) => void;
}) {
  const meta = useId();
  const waits = waitsFor(task, all);
  const title = shown(task.title);
  return (
    <div className={`task-card ${lifted ? 'lifted' : ''}`} draggable onDragEnd={() => onLift(null)}
      onDragStart={event => { event.dataTransfer.setData('text/plain', title); event.dataTransfer.effectAllowed = 'move'; onLift(task); }}>
      <a href={href('projects', task.project_id, 'tasks', task.id)} draggable={false} data-task={task.id} tabIndex={tab ? 0 : -1} aria-describedby={meta} title={title}
        onFocus={() => onFocus(task.id)} onKeyDown={event => onKey(event, task)}><Remote text={task.title} /></a>
      <div className="meta">
        <span id={meta} className="marks">
          <span className={`priority p${task.priority}`} title={`Priority ${PRIORITIES[task.priority] ?? task.priority}`}><span className="said-aloud">priority </span><span aria-hidden="true">P</span>{task.priority}</span>
          {task.conflicts > 0 && <span className="flag bad">{count(task.conflicts, 'conflict')}</span>}
          {isHeld(task, now) && <span className="flag held" title="Works on it now"><span className="dot green" aria-hidden="true" /> {shown(nameOf(task.holder!))}<span className="said-aloud"> works on it</span></span>}
          {waits > 0 && <span className="flag" title="Tasks it needs that are not done">waits for {waits}</span>}
          {task.assignee !== null && <span className="flag"><Remote text={task.assignee} /></span>}
          {task.labels.slice(0, 4).map(label => <span key={label} className="label"><Remote text={label} /></span>)}
        </span>
        <span className="mover" title="Move"><span aria-hidden="true">⇄</span>
          <select aria-label={`Move ${title}`} value={task.status} tabIndex={-1} onChange={event => onMove(task, event.target.value as TaskStatus)}>
            {STATUSES.filter(status => status === task.status || mayBecome(task.status, status)).map(status => <option key={status} value={status}>{STATUS_NAMES[status]}</option>)}
          </select>
        </span>
      </div>
    </div>
  );
}
