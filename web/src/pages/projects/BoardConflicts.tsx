import { useQueries } from '@tanstack/react-query';
import { boards } from '../../api/projects';
import { useProjects } from '../../api/queries';
import { href } from '../../logic/route';
import { count } from '../../logic/text';
import { Remote } from '../../ui/Remote';

/// Which projects have conflicts about tasks: they are settled on pages of their own.
export function BoardConflicts() {
  const { data: projects } = useProjects();
  const full = useQueries({ queries: (projects ?? []).map(({ id }) => ({ queryKey: ['project', id], queryFn: () => boards.project(id) })) });
  const some = full.flatMap(({ data }) => data !== undefined && (data.conflicts ?? 0) > 0 ? [data] : []);
  if (some.length === 0) return null;
  return <p className="note">About tasks: {some.map((project, index) => <span key={project.id}>{index > 0 && ', '}<a href={href('projects', project.id, 'conflicts')}>{count(project.conflicts!, 'conflict')} in <Remote text={project.name} /></a></span>)}.</p>;
}
