import { useProjects } from '../../api/queries';
import type { Status } from '../../api/types';
import { href } from '../../logic/route';
import { ProblemNote } from '../../ui/ProblemNote';
import { BoardPage } from './BoardPage';
import { ConflictsOfProject } from './ConflictsOfProject';
import { ProjectList } from './ProjectList';
import { SharingPage } from './SharingPage';
import { TaskPage } from './TaskPage';
import './projects.css';

/// The projects of this node; one of them: its board, a task, its conflicts, whom it is shared with.
export function ProjectsPage({ id, part, task, status }: { id: string | undefined; part: string | undefined; task: string | undefined; status: Status }) {
  const { data: projects, error } = useProjects();
  if (error && projects === undefined) return <><h1>Projects</h1><ProblemNote failure={error} /></>;
  if (projects === undefined) return <p role="status">Asking the node…</p>;
  if (id === undefined) return <ProjectList projects={projects} />;
  const project = projects.find(each => each.id === id);
  if (project === undefined) return <><h1>There is no such project here</h1><p>It may have been taken off this node. <a href={href('projects')}>All projects</a></p></>;
  const key = `${id} ${project.space} ${task}`;             // linked or unlinked, its tasks are in another space: everything is followed anew there
  switch (part) {
    case undefined: return <BoardPage key={key} project={project} />;
    case 'tasks': return task === undefined ? <BoardPage key={key} project={project} /> : <TaskPage key={key} project={project} id={task} />;
    case 'conflicts': return <ConflictsOfProject key={key} project={project} />;
    case 'sharing': return <SharingPage key={id} project={project} status={status} />;
    default: return <><h1>Nothing is here</h1><p><a href={href('projects', id)}>The board</a></p></>;
  }
}
