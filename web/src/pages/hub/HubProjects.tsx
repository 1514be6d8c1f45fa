import { changed, hub, useHubNodes, useHubProjects, type HubNode, type HubProject, type Organisation } from '../../api/hub';
import { brief } from '../../logic/text';
import { Empty } from '../../ui/Empty';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';
import { Sure } from './Sure';

/// Projects that nodes of the organisation brought, and who may take part.
export function HubProjects({ of }: { of: Organisation }) {
  const { data, error } = useHubProjects();
  const { data: all } = useHubNodes();
  const work = useWork();
  const projects = data?.filter(project => project.organisation === of.id);
  const nodes = (all ?? []).filter(node => node.organisation === of.id);
  async function change(act: () => Promise<unknown>) {
    await work.run(act);
    await changed();
  }
  if (projects?.length === 0) return <Empty title="No projects yet"><p>A node brings one: <code>waggle hub publish PROJECT</code>, or at its page under Mesh.</p></Empty>;
  return (
    <>
      <ProblemNote failure={error ?? work.failure} />
      <table className="stacks">
        <thead><tr><th>Project</th><th>Brought by</th><th>Who may take part</th><th>Act</th></tr></thead>
        <tbody>
          {projects?.map(project => (
            <tr key={project.id}>
              <td data-label="Project"><Remote text={project.name} /></td>
              <td data-label="Brought by"><Remote text={nameOf(nodes, project.node)} /></td>
              <td data-label="Who may take part"><div>
                <label className="check"><input type="checkbox" checked={project.open} disabled={work.busy} onChange={event => change(() => hub.openProject(project.id, event.target.checked))} /> all nodes of the organisation</label>
                {!project.open && <Granted project={project} nodes={nodes} change={change} busy={work.busy} />}
              </div></td>
              <td data-label="Act"><Sure label="Take off" name={project.name} title="Take the project off the hub" act={() => hub.removeProject(project.id)}>
                <p>Nobody finds <strong><Remote text={project.name} /></strong> here any more. Nodes that take part in it stay in it, and keep what they have.</p>
              </Sure></td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function nameOf(nodes: HubNode[], id: string): string {
  return nodes.find(node => node.node === id)?.name ?? brief(id);
}

function Granted({ project, nodes, change, busy }: { project: HubProject; nodes: HubNode[]; change: (act: () => Promise<unknown>) => void; busy: boolean }) {
  const others = nodes.filter(node => node.node !== project.node);
  if (others.length === 0) return <p className="soft">No other node to name.</p>;
  return (
    <ul className="plain">{others.map(node => (
      <li key={node.node}><label className="check"><input type="checkbox" disabled={busy} checked={project.granted.includes(node.node)}
        onChange={event => change(() => event.target.checked ? hub.grant(project.id, node.node) : hub.forbid(project.id, node.node))} /> <Remote text={node.name} /></label></li>
    ))}</ul>
  );
}
