import { useState } from 'react';
import { hub, useLink, useLinkProjects, type LinkProject } from '../../api/hub';
import { queryClient, useProjects } from '../../api/queries';
import { href } from '../../logic/route';
import { shown } from '../../logic/text';
import { Card } from '../../ui/Card';
import { Empty } from '../../ui/Empty';
import { Id } from '../../ui/Id';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';

/// This node at its hub, or as one. Nothing where there is no hub.
export function HubCard() {
  const { data: link } = useLink();
  if (link?.is_hub) return <Card title="This node is a hub" actions={<a className="button" href={href('hub')}>Organisations, keys, nodes…</a>}><p>Nodes come in with API keys of their organisations, and find each other’s projects here.</p></Card>;
  if (!link?.named) return null;
  return (
    <Card title="Hub">
      {link.connected
        ? <p><span className="dot connected" aria-hidden="true" /> Connected to <Remote text={link.url ?? ''} /> (<Id id={link.hub ?? ''} />), as a node of <strong><Remote text={link.organisation ?? ''} /></strong>.</p>
        : <p role="status"><span className="dot unreachable" aria-hidden="true" /> Not connected to <Remote text={link.url ?? ''} />: <Remote text={link.trouble ?? ''} />. It is tried again by itself; everything of this node goes on.</p>}
      <Projects connected={link.connected === true} />
    </Card>
  );
}

function Projects({ connected }: { connected: boolean }) {
  const { data: there, error } = useLinkProjects(connected);
  const { data: here } = useProjects();
  const work = useWork();
  const [chosen, setChosen] = useState('');
  const [said, setSaid] = useState('');
  if (!connected) return null;
  const mine = new Set((here ?? []).map(project => project.space));
  const toBring = (here ?? []).filter(project => !there?.some(each => each.space === project.space));
  const bring = toBring.find(project => project.id === chosen) ?? toBring[0];
  async function act<Done>(doing: () => Promise<Done>, sentence: string) {
    if (await work.run(doing) === undefined) return;
    setSaid(sentence);
    for (const key of ['hub-link-projects', 'projects', 'swarm-projects']) await queryClient.invalidateQueries({ queryKey: [key] });
  }
  const join = (project: LinkProject) => act(() => hub.join(project.space), `${project.name} is among this node’s projects now.`);
  return (
    <>
      <ProblemNote failure={error ?? work.failure} />
      <p role="status"><Remote text={said} /></p>
      {there?.length === 0 && <Empty title="The hub shows this node no projects yet" />}
      {there !== undefined && there.length > 0 && (
        <table className="stacks">
          <thead><tr><th>Project at the hub</th><th>Brought by</th><th>Act</th></tr></thead>
          <tbody>{there.map(project => (
            <tr key={project.space}>
              <td data-label="Project at the hub"><Remote text={project.name} /></td>
              <td data-label="Brought by"><span><Remote text={project.source_node_name} /> <span className="soft">{project.source_node_status}</span></span></td>
              <td data-label="Act">{mine.has(project.space) ? <span className="soft">takes part</span> : <button type="button" className="small" disabled={work.busy} onClick={() => join(project)} aria-label={`Take part: ${project.name}`}>Take part</button>}</td>
            </tr>
          ))}</tbody>
        </table>
      )}
      {bring !== undefined && (
        <div className="row">
          <select aria-label="Project to bring to the hub" value={bring.id} onChange={event => setChosen(event.target.value)}>{toBring.map(project => <option key={project.id} value={project.id}>{shown(project.name)}</option>)}</select>
          <button type="button" disabled={work.busy} onClick={() => act(() => hub.publish(bring.id), `${bring.name} is at the hub now.`)}>Bring it to the hub</button>
        </div>
      )}
    </>
  );
}
