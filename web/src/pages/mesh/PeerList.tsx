import { useState } from 'react';
import { api } from '../../api/client';
import { queryClient, useSyncPeers } from '../../api/queries';
import type { Peer, SyncPeer } from '../../api/types';
import { count } from '../../logic/text';
import { href } from '../../logic/route';
import { duration } from '../../logic/time';
import { Ago } from '../../ui/Ago';
import { Empty } from '../../ui/Empty';
import { NodeId } from '../../ui/NodeNames';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';

/// Every peer: its source, where it is dialled, how it is, and buttons to try it and to forget it.
export function PeerList({ peers }: { peers: Peer[] }) {
  const { data, error } = useSyncPeers();
  const work = useWork();
  const [said, setSaid] = useState<Record<string, string>>({});
  const byNode = new Map((data?.peers ?? []).map(peer => [peer.signing_key ?? '', peer]));
  // Named by an endpoint where nobody has proved to be yet.
  const nobodyYet = (data?.peers ?? []).filter(peer => peer.signing_key == null);

  async function test(node: string) {
    const done = await work.run(() => api.testPeer(node));
    if (done) setSaid({ ...said, [node]: done.reached ? `reached in ${duration(done.ms)}` : `not reached: ${done.why}` });
  }
  async function forget(id: string) {
    await work.run(() => api.forgetPeer(id));
    await queryClient.invalidateQueries({ queryKey: ['sync-peers'] });
  }
  if (peers.length === 0 && data?.peers.length === 0) return (
    <Empty title="No peers yet">
      <p>A peer is another node that this one exchanges changes with. It appears here when it redeems a ticket of this node (<em>Invite</em> on the page of a space) or when a ticket of its is redeemed here (<em>Join with a ticket</em> under <a href={href('spaces')}>Spaces</a>).
        Who is a member already and is not found by itself is named by its endpoint with <em>Name a peer</em>.</p>
    </Empty>
  );
  return (
    <>
      <ProblemNote failure={error ?? work.failure} />
      <table className="stacks">
        <thead><tr><th>Peer</th><th>Source</th><th>Dialled at</th><th>State</th><th>Shares</th><th className="number">Lag</th><th>Last sync</th><th>Act</th></tr></thead>
        <tbody>
          {peers.map(peer => (
            <tr key={peer.node}>
              <td data-label="Peer"><NodeId node={peer.node} /></td>
              <td data-label="Source">{peer.source}</td>
              <td data-label="Dialled at"><Remote text={peer.addresses.join(', ') || 'it dials us'} /></td>
              <td data-label="State"><span><span className={`dot ${peer.state}`} aria-hidden="true" /> {peer.state}{peer.failures > 0 && <div className="soft">{count(peer.failures, 'failed attempt')}</div>}{peer.remark !== '' && <div className="soft"><Remote text={peer.remark} /></div>}</span></td>
              <td data-label="Shares"><Remote text={peer.spaces.map(share => share.name).join(', ') || 'nothing'} /></td>
              <td data-label="Lag" className="number">{peer.lag}</td>
              <td data-label="Last sync"><Ago ms={peer.last_sync_ms} /></td>
              <td data-label="Act"><span className="row">
                <button type="button" className="small" disabled={work.busy} onClick={() => test(peer.node)} aria-label={`Try ${peer.node.slice(0, 8)}`}>Try</button>
                <button type="button" className="small danger" disabled={work.busy} onClick={() => forget(byNode.get(peer.node)?.id ?? peer.node)} aria-label={`Forget ${peer.node.slice(0, 8)}`}>Forget</button>
                <span role="status" className="soft"><Remote text={said[peer.node] ?? ''} /></span>
              </span></td>
            </tr>
          ))}
          {nobodyYet.map(peer => <NobodyYet key={peer.id} peer={peer} forget={() => forget(peer.id)} busy={work.busy} />)}
        </tbody>
      </table>
    </>
  );
}

function NobodyYet({ peer, forget, busy }: { peer: SyncPeer; forget: () => void; busy: boolean }) {
  return (
    <tr>
      <td data-label="Peer"><Remote text={peer.name || 'not met yet'} /></td>
      <td data-label="Source">{peer.source}</td>
      <td data-label="Dialled at"><Remote text={peer.sync_endpoint} /></td>
      <td data-label="State"><span><span className={`dot ${peer.status}`} aria-hidden="true" /> {peer.status}{peer.last_error != null && <div className="soft"><Remote text={peer.last_error} /></div>}</span></td>
      <td data-label="Shares"><Remote text={peer.shared_hives.join(', ') || 'all'} /></td>
      <td data-label="Lag" className="number">–</td>
      <td data-label="Last sync">never</td>
      <td data-label="Act"><button type="button" className="small danger" disabled={busy} onClick={forget} aria-label={`Forget ${peer.sync_endpoint}`}>Forget</button></td>
    </tr>
  );
}
