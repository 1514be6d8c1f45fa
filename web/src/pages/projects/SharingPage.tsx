import type { Project } from '../../api/boardTypes';
import { useBoardNodes, useHealth, useProject } from '../../api/queries';
import type { Status } from '../../api/types';
import { issueSays, ORPHANED_HOW } from '../../logic/health';
import { href } from '../../logic/route';
import { Ago } from '../../ui/Ago';
import { Card } from '../../ui/Card';
import { Id } from '../../ui/Id';
import { Remote } from '../../ui/Remote';
import { InviteButton } from '../spaces/InviteButton';
import { HealthBadge } from './HealthBadge';
import { EndButtons } from './EndButtons';
import { LinkButtons } from './LinkButtons';
import { NodeName } from './NodeName';
import { NodesTable } from './NodesTable';
import { Where } from './Where';

/// With whom a project is shared, how that stands, and what changes it.
export function SharingPage({ project, status }: { project: Project; status: Status }) {
  const { data: full } = useProject(project.id);
  const { data: health } = useHealth(project.id);
  const { data: nodes } = useBoardNodes(project.id);
  const space = status.spaces.find(each => each.id === project.space);
  return (
    <>
      <Where project={project} />
      <h1>Sharing of <Remote text={project.name} /></h1>
      <Card title={project.is_linked ? 'A swarm project' : 'A project of this node alone'} actions={<>{project.is_linked && space !== undefined && <InviteButton space={space} />}<LinkButtons project={project} /></>}>
        {!project.is_linked && <p>Its tasks are on this node only. <strong>Share</strong> makes it a swarm project that others join with tickets; <strong>link</strong> puts its tasks into a swarm project that others have made.</p>}
        {full?.trouble !== undefined && <p className="problem"><Remote text={full.trouble} /></p>}
        {health?.has_sync_issues && <div className="note"><HealthBadge project={project.id} /><ul>{health.issues.map(issueSays).map(says => <li key={says}>{says}</li>)}</ul><p>{ORPHANED_HOW} Unlink the project to make them tasks of this node alone.</p></div>}
        {project.is_linked && (
          <dl className="facts">
            <dt>Swarm project</dt><dd><Id id={project.remote_project_id ?? ''} /> in <a href={href('spaces', project.space)}>its space</a>{full?.closed && ', closed by its owner'}{full?.removed_at_hub && ', removed at the hub'}</dd>
            <dt>Made by</dt><dd>{project.source_node_name !== null ? <><Remote text={project.source_node_name} />, {project.source_node_status ?? 'unknown'}</> : 'not known yet'}</dd>
            {full?.sequencer_node_id !== undefined && <><dt>Who wins</dt><dd>{full.sequencer_node_id === null ? <>Of two changes that did not know each other, the one with the later time</> : <>Of two changes that did not know each other, the one that reached <NodeName node={full.sequencer_node_id} nodes={nodes} /> last</>}; the other is kept as a conflict</dd></>}
            <dt>Last met another node</dt><dd><Ago ms={project.remote_last_synced_at === null ? 0 : Date.parse(project.remote_last_synced_at)} /></dd>
          </dl>
        )}
        <EndButtons project={project} role={space?.role ?? 'none'} closed={full?.closed === true} />
      </Card>
      {project.is_linked && <NodesTable project={project} />}
    </>
  );
}
