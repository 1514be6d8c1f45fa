import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { BoardNews, Project, TaskInFull, TaskStatus } from '../../api/boardTypes';
import { useChannel } from '../../api/live';
import { boards } from '../../api/projects';
import { useDirectLog } from '../../api/directLog';
import { queryClient, useBoardNodes, useStatus } from '../../api/queries';
import { useTaskLog } from '../../api/taskLog';
import { STATUS_NAMES, STATUSES, whyNot } from '../../logic/board';
import { href } from '../../logic/route';
import { readDirectly, withDirect } from '../../logic/taskLog';
import { Card } from '../../ui/Card';
import { Modal } from '../../ui/Modal';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';
import { EditTask } from './EditTask';
import { FieldConflictCard } from './FieldConflictCard';
import { Needs } from './Needs';
import { TaskFacts } from './TaskFacts';
import { TaskLog } from './TaskLog';
import { Where } from './Where';
import { Work } from './Work';

const NEWS_MS = 60;

/// One task: what it is, who works on it, what waits for a decision, what its work says as it says it.
export function TaskPage({ project, id }: { project: Project; id: string }) {
  const { data: task, error } = useQuery({ queryKey: ['task', id], queryFn: () => boards.task(id), staleTime: 0 });
  const { data: nodes } = useBoardNodes(project.id);
  const log = useTaskLog(id);
  const { data: status } = useStatus();
  const far = readDirectly(task?.holder ?? null, nodes ?? [], status?.peers ?? []);
  const direct = useDirectLog(id, far !== null);
  const [editing, setEditing] = useState(false);
  const work = useWork();
  const changed = useRef(new Set<string>());
  const timer = useRef(0);
  const again = (of = id) => queryClient.invalidateQueries({ queryKey: ['task', of] });
  useEffect(() => () => window.clearTimeout(timer.current), []);
  function all() {
    void queryClient.invalidateQueries({ queryKey: ['task'] });
    log.all();
  }
  useChannel(`project:${project.id}`, message => {
    const news = message.data as BoardNews;
    if (news.type === 'lost') return all();
    if (news.task_id == null) return;
    if (news.type === 'task_log') return news.task_id === id ? log.more() : undefined;
    if (news.type === 'task_refused' && news.task_id === id) log.all();                  // lines that were refused are among what is known
    changed.current.add(news.task_id);
    timer.current ||= window.setTimeout(() => {
      timer.current = 0;
      for (const each of changed.current) void again(each);
      changed.current.clear();
    }, NEWS_MS);
  }, all);

  async function act(what: () => Promise<unknown>) {
    await work.run(what);
    await again();
  }
  if (error && task === undefined) return <><Where project={project} /><h1>Task</h1><ProblemNote failure={error} /></>;
  if (task === undefined) return <p role="status">Asking the node…</p>;
  return (
    <>
      <Where project={project} />
      <div className="row board-head">
        <h1><Remote text={task.title} /></h1>
        <div className="actions">{task.deleted ? <button type="button" className="main" onClick={() => act(() => boards.restore(id))}>Restore it</button> : (
          <><button type="button" className="main" onClick={() => setEditing(true)}>Edit</button><button type="button" className="danger" onClick={() => act(() => boards.discard(id))}>Delete</button></>
        )}</div>
      </div>
      {task.deleted && <p className="note" role="status">This task was deleted. Its history is kept: it can be restored.</p>}
      <ProblemNote failure={work.failure} />
      {!task.deleted && <StatusButtons task={task} busy={work.busy} move={to => act(() => boards.move(id, to))} />}
      {task.open_conflicts.map(conflict => <FieldConflictCard key={conflict.id} conflict={conflict} nodes={nodes} settled={() => again()} />)}
      <div className="columns">
        <Card title="Description">{task.description === '' ? <p className="soft">None.</p> : <p className="said"><Remote text={task.description} /></p>}<Needs project={project} ids={task.depends_on} /></Card>
        <Card title="Facts"><TaskFacts project={project} task={task} nodes={nodes} act={act} busy={work.busy} /></Card>
      </div>
      <Work task={task} nodes={nodes} />
      <TaskLog id={id} entries={log.entries && withDirect(log.entries, direct)} far={far} failure={log.failure} nodes={nodes} mayWrite={!task.deleted} />
      <p><a href={href('projects', project.id)}>Back to the board</a></p>
      <Modal open={editing} onClose={() => setEditing(false)} title="Edit the task">{editing && <EditTask project={project} task={task} close={() => setEditing(false)} done={() => void again()} />}</Modal>
    </>
  );
}

function StatusButtons({ task, busy, move }: { task: TaskInFull; busy: boolean; move: (to: TaskStatus) => void }) {
  return (
    <div className="row sorts" role="group" aria-label="Status">
      {STATUSES.map(status => {
        const why = whyNot(task.status, status);
        return <button key={status} type="button" className="small" aria-pressed={task.status === status} disabled={busy || why !== ''} title={why} onClick={() => { if (status !== task.status) move(status); }}>{STATUS_NAMES[status]}</button>;
      })}
    </div>
  );
}
