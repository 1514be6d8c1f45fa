import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import type { Project } from '../../api/boardTypes';
import { boards } from '../../api/projects';
import { STATUS_NAMES } from '../../logic/board';
import { href } from '../../logic/route';
import { brief, count } from '../../logic/text';
import { Remote } from '../../ui/Remote';

const SHOWN = 10;

/// The tasks that have to be done before this one.
export function Needs({ project, ids }: { project: Project; ids: string[] }) {
  const [most, setMost] = useState(SHOWN);
  const shown = ids.slice(0, most);
  const tasks = useQueries({ queries: shown.map(id => ({ queryKey: ['task', id], queryFn: () => boards.task(id), staleTime: 0 })) });
  if (ids.length === 0) return null;
  return (
    <>
      <h3 className="sub">Needs</h3>
      <ul className="plain" aria-label="Tasks that it needs">
        {shown.map((id, index) => {
          const task = tasks[index]?.data;
          return <li key={id}>{task === undefined ? <span className="soft">{tasks[index]?.error ? `${brief(id)}: not here` : 'Asking the node…'}</span> : (
            <><a href={href('projects', project.id, 'tasks', id)}><Remote text={task.title} /></a> <span className="flag">{task.deleted ? 'deleted' : STATUS_NAMES[task.status]}</span></>
          )}</li>;
        })}
      </ul>
      {ids.length > most && <button type="button" className="small" onClick={() => setMost(ids.length)}>Show {count(ids.length - most, 'more task')}</button>}
    </>
  );
}
