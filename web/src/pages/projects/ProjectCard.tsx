import type { Project } from '../../api/boardTypes';
import { useProject } from '../../api/queries';
import { STATUS_NAMES, STATUSES } from '../../logic/board';
import { href } from '../../logic/route';
import { count } from '../../logic/text';
import { Remote } from '../../ui/Remote';
import { HealthBadge } from './HealthBadge';

/// A project in the list: how many tasks are where, and whether something is wrong with it.
export function ProjectCard({ project }: { project: Project }) {
  const { data } = useProject(project.id);
  return (
    <li>
      <div className="row"><h3><a href={href('projects', project.id)}><Remote text={project.name} /></a></h3><HealthBadge project={project.id} /></div>
      {data?.trouble !== undefined ? <p className="problem"><Remote text={data.trouble} /></p> : (
        <p className="tally">{STATUSES.map(status => <span key={status}><b>{(data?.tasks?.[status] ?? 0).toLocaleString('en')}</b> {STATUS_NAMES[status].toLowerCase()}</span>)}</p>
      )}
      <small>
        {project.is_linked ? <>swarm project{project.source_node_name !== null && <>, made by <Remote text={project.source_node_name} /> ({project.source_node_status ?? 'unknown'})</>}</> : 'of this node alone'}
        {data?.closed && ' · closed by its owner'}
        {(data?.conflicts ?? 0) > 0 && <> · <a href={href('projects', project.id, 'conflicts')}>{count(data!.conflicts!, 'conflict')}</a></>}
        {(data?.refused ?? 0) > 0 && <> · {count(data!.refused!, 'late report')} refused</>}
      </small>
    </li>
  );
}
