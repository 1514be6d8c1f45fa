import { useHistory } from '../../api/queries';
import type { Peer, Run } from '../../api/types';
import { ofPeer, said } from '../../logic/history';
import { count } from '../../logic/text';
import { Ago } from '../../ui/Ago';
import { Empty } from '../../ui/Empty';
import { NodeId } from '../../ui/NodeNames';
import { Remote } from '../../ui/Remote';
import { Sparkline } from '../../ui/Sparkline';
import { useNow } from '../../ui/useNow';

/// Each peer, whether it is there, how many events of ours it is not known to have, and what was exchanged with it.
export function PeerTable({ peers }: { peers: Peer[] }) {
  const { data: history } = useHistory();
  const now = useNow(60_000);
  if (peers.length === 0) return <Empty title="No peers yet"><p>Invite somebody to a space: whoever redeems the ticket is a peer.</p></Empty>;
  return (
    <table className="stacks">
      <thead><tr><th>Peer</th><th>State</th><th className="number">Lag</th><th>Last sync</th><th>Last hour</th></tr></thead>
      <tbody>
        {peers.map(peer => (
          <tr key={peer.node}>
            <td data-label="Peer"><NodeId node={peer.node} /></td>
            <td data-label="State"><span><span className={`dot ${peer.state}`} aria-hidden="true" /> {peer.state}{peer.remark !== '' && peer.remark !== 'in sync' && <div className="soft"><Remote text={peer.remark} /></div>}</span></td>
            <td data-label="Lag" className="number">{peer.lag === 0 ? 'none' : count(peer.lag, 'event')}</td>
            <td data-label="Last sync"><Ago ms={peer.last_sync_ms} /></td>
            <td data-label="Last hour"><LastHour runs={history?.runs ?? []} peer={peer.node} now={now} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function LastHour({ runs, peer, now }: { runs: Run[]; peer: string; now: number }) {
  const drawn = ofPeer(runs, peer, now);
  return drawn === null ? <span className="soft">quiet</span> : <Sparkline bars={drawn.events} dots={drawn.latency} label={`${said(drawn)}.`} />;
}
