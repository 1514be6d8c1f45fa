import type { Project } from '../../api/boardTypes';
import { useBoardNodes } from '../../api/queries';
import { count } from '../../logic/text';
import { Ago } from '../../ui/Ago';
import { Card } from '../../ui/Card';
import { Empty } from '../../ui/Empty';
import { Id } from '../../ui/Id';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote, RemoteLink } from '../../ui/Remote';

const DOTS = { online: 'green', offline: 'red', unknown: '' } as const;

/// The nodes that take part in a swarm project.
export function NodesTable({ project }: { project: Project }) {
  const { data, error } = useBoardNodes(project.id);
  return (
    <Card title="Nodes that take part">
      <ProblemNote failure={error} />
      {data?.length === 0 && <Empty title="No node has said yet that it takes part" />}
      {data !== undefined && data.length > 0 && (
        <table className="stacks">
          <thead><tr><th>Node</th><th>State</th><th>Carries tasks out</th><th className="number">Works on</th><th>Since</th><th>Found at</th></tr></thead>
          <tbody>
            {data.map(node => (
              <tr key={node.node}>
                <td data-label="Node"><span><Remote text={node.name} /> <Id id={node.node} />{node.self && ' this node'}</span></td>
                <td data-label="State"><span className="standing"><span className={`dot ${DOTS[node.status]}`} aria-hidden="true" /> {node.status}</span></td>
                <td data-label="Carries tasks out">{node.executes ? 'yes' : 'no'}</td>
                <td data-label="Works on" className="number">{count(node.held, 'task')}</td>
                <td data-label="Since"><Ago ms={Date.parse(node.since)} /></td>
                <td data-label="Found at">{node.public_url === null ? '' : <RemoteLink text={node.public_url} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}
