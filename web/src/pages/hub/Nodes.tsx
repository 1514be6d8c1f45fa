import { hub, useHubNodes, useKeys, type Organisation } from '../../api/hub';
import { Ago } from '../../ui/Ago';
import { Empty } from '../../ui/Empty';
import { Id } from '../../ui/Id';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { Sure } from './Sure';

const DOTS = { online: 'connected', offline: 'unreachable', unknown: 'waiting' } as const;

/// Nodes that came in with a key, and whether they are here.
export function Nodes({ of }: { of: Organisation }) {
  const { data, error } = useHubNodes();
  const { data: keys } = useKeys();
  const nodes = data?.filter(node => node.organisation === of.id);
  if (error) return <ProblemNote failure={error} />;
  if (nodes?.length === 0) return <Empty title="No node came in yet"><p>Start one with <code>WAGGLE_HUB_URL</code> and <code>WAGGLE_NODE_API_KEY_FILE</code>.</p></Empty>;
  return (
    <table className="stacks">
      <thead><tr><th>Node</th><th>Is</th><th>Last heard</th><th>Came in with</th><th>Act</th></tr></thead>
      <tbody>
        {nodes?.map(node => (
          <tr key={node.node}>
            <td data-label="Node"><span><Remote text={node.name} /> <Id id={node.node} /></span></td>
            <td data-label="Is"><span><span className={`dot ${DOTS[node.status]}`} aria-hidden="true" /> {node.status}</span></td>
            <td data-label="Last heard">{node.last_heard_at === undefined ? (node.status === 'online' ? 'at another process of the hub' : 'not since the hub started') : <Ago ms={Date.parse(node.last_heard_at)} />}</td>
            <td data-label="Came in with"><Remote text={keys?.find(key => key.id === node.key)?.name ?? 'a revoked key'} /></td>
            <td data-label="Act"><Sure label="Remove" name={node.name} title="Remove the node" act={() => hub.removeNode(node.node)}>
              <p><strong><Remote text={node.name} /></strong> is shown out. With a live key it can come in again, also to another organisation; revoke its key to keep it out.</p>
            </Sure></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
