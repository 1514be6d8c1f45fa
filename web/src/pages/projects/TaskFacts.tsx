import { useId } from 'react';
import type { BoardNode, Project, TaskInFull } from '../../api/boardTypes';
import { boards } from '../../api/projects';
import { PRIORITIES } from '../../logic/board';
import { href } from '../../logic/route';
import { brief, shown } from '../../logic/text';
import { Ago } from '../../ui/Ago';
import { Id } from '../../ui/Id';
import { Remote } from '../../ui/Remote';

/// What is known of a task beside its text, and which node may carry it out.
export function TaskFacts({ project, task, nodes, act, busy }: { project: Project; task: TaskInFull; nodes: BoardNode[] | undefined; act: (what: () => Promise<unknown>) => Promise<void>; busy: boolean }) {
  const node = useId();
  const known = nodes ?? [];
  const assigned = task.assigned_node;
  const first = assigned !== null && !task.assigned_alone;
  const name = (id: string) => shown(known.find(each => each.node === id)?.name ?? brief(id));
  return (
    <dl className="facts">
      <dt>Priority</dt><dd>{PRIORITIES[task.priority] ?? task.priority}</dd>
      <dt>Labels</dt><dd>{task.labels.length === 0 ? <span className="soft">none</span> : task.labels.map(label => <span key={label} className="label"><Remote text={label} /></span>)}</dd>
      <dt>Assignee</dt><dd>{task.assignee === null ? <span className="soft">nobody</span> : <Remote text={task.assignee} />}</dd>
      <dt><label htmlFor={node}>May be claimed by</label></dt>
      <dd>
        <select id={node} className="short" value={first ? 'first' : assigned ?? 'none'} disabled={busy || task.deleted} onChange={event => void act(() => boards.assign(task.id, event.target.value))}>
          <option value="none">any node</option>
          {first && <option value="first">{name(assigned)}, others while it is away</option>}
          {project.is_linked ? <option value="auto">choose: here now, least to do</option> : <option value="me">this node</option>}
          {known.map(each => <option key={each.node} value={each.node}>{shown(each.name)}{each.self ? ' (this node)' : ''}</option>)}
          {assigned !== null && !first && !known.some(each => each.node === assigned) && <option value={assigned}>{brief(assigned)}</option>}
        </select>
      </dd>
      <dt>Made</dt><dd><Ago ms={Date.parse(task.created_at)} /></dd>
      <dt>Changed</dt><dd><Ago ms={Date.parse(task.updated_at)} />, version {task.version}</dd>
      {task.external_id !== null && <><dt>Elsewhere</dt><dd><code><Remote text={task.external_id} /></code></dd></>}
      <dt>Id</dt><dd><Id id={task.id} /> <a href={href('explain', 'task', task.id)}>Explain</a>{task.shared_task_id !== null && <> in the swarm <Id id={task.shared_task_id} /></>}</dd>
    </dl>
  );
}
