import { useState } from 'react';
import type { SwarmProject } from '../../api/boardTypes';
import { boards } from '../../api/projects';
import { queryClient, useProjects, useSwarmProjects, useSwarmSettings } from '../../api/queries';
import { href } from '../../logic/route';
import { count } from '../../logic/text';
import { Ago } from '../../ui/Ago';
import { Card } from '../../ui/Card';
import { Empty } from '../../ui/Empty';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';
import { HubCard } from '../mesh/HubCard';
import { HealthBadge } from './HealthBadge';
import { LinkButtons } from './LinkButtons';
import { SwarmHealthSection } from './SwarmHealthSection';
import { SettingsCard } from './SettingsCard';
import { Where } from './Where';
import './projects.css';

/// This node in the swarm: its projects and what ties them, swarm projects that it could take part in, and what it is set to do.
export function SwarmPage() {
  const { data: projects, error } = useProjects();
  const { data: settings, error: settingsError } = useSwarmSettings();
  const { data: swarm } = useSwarmProjects();
  const free = (swarm ?? []).filter(each => each.project_id === null);
  return (
    <>
      <Where />
      <h1>Node projects and swarm settings</h1>
      <ProblemNote failure={error ?? settingsError} />
      {projects !== undefined && <SwarmHealthSection projects={projects} />}
      <Card title="Node projects">
        {projects === undefined ? <p>Asking the node…</p> : projects.length === 0 ? <Empty title="This node has no projects"><p>Projects are made, and joined, on the page <a href={href('projects')}>Projects</a>.</p></Empty> : (
          <table className="stacks">
            <thead><tr><th>Project</th><th>Swarm</th><th>Made by</th><th>Last met another node</th><th>Change</th></tr></thead>
            <tbody>
              {projects.map(project => (
                <tr key={project.id}>
                  <td data-label="Project"><span><a href={href('projects', project.id)}><Remote text={project.name} /></a> <HealthBadge project={project.id} /></span></td>
                  <td data-label="Swarm">{project.is_linked ? <a href={href('projects', project.id, 'sharing')}>linked</a> : 'not linked'}</td>
                  <td data-label="Made by">{project.source_node_name === null ? '' : <span><Remote text={project.source_node_name} /> <span className="soft">{project.source_node_status ?? 'unknown'}</span></span>}</td>
                  <td data-label="Last met another node">{project.is_linked ? <Ago ms={project.remote_last_synced_at === null ? 0 : Date.parse(project.remote_last_synced_at)} /> : ''}</td>
                  <td data-label="Change"><span className="row"><LinkButtons project={project} small /></span></td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Card>
      {free.length > 0 && <Card title="Swarm projects without a project here"><ul className="plain">{free.map(each => <FreeSwarmProject key={each.id} swarm={each} />)}</ul></Card>}
      <HubCard />
      {settings !== undefined && <SettingsCard settings={settings} />}
    </>
  );
}

/// A swarm project that this node is a member of, and that no project of it is linked to.
function FreeSwarmProject({ swarm }: { swarm: SwarmProject }) {
  const [name, setName] = useState(swarm.name);
  const work = useWork();
  async function adopt() {
    await work.run(() => boards.adopt(swarm.id, name.trim()));
    await Promise.all(['projects', 'swarm-projects'].map(of => queryClient.invalidateQueries({ queryKey: [of] })));
  }
  return (
    <li className="row">
      <span><strong><Remote text={swarm.name} /></strong> <span className="soft">{count(swarm.task_count, 'task')}{swarm.closed && ', closed by its owner'}</span></span>
      {!swarm.closed && <><label>called here <input className="short" value={name} maxLength={80} onChange={event => setName(event.target.value)} autoComplete="off" /></label><button type="button" className="small" disabled={work.busy} onClick={adopt}>Make a project for it</button></>}
      <ProblemNote failure={work.failure} />
    </li>
  );
}
