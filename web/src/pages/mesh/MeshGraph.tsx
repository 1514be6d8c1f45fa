import type { Peer } from '../../api/types';
import { layout, SHOWN_MAX } from '../../logic/mesh';
import { brief, count, shown } from '../../logic/text';
import { useNodeNames } from '../../ui/NodeNames';

const WIDTH = 900;
const HEIGHT_MIN = 160;
const LABEL = 60;
const NAME_MAX = 18;

const SOURCES: Record<Peer['source'], string> = { manual: 'named here or by a ticket', hub: 'told by a hub', met: 'came by itself', gossip: 'told by other peers' };

/// A picture of the peers around this node; the table below says the same in words.
export function MeshGraph({ self, peers }: { self: string; peers: Peer[] }) {
  const names = useNodeNames();
  const spots = layout(peers, 330);
  const height = Math.max(HEIGHT_MIN, 2 * (LABEL + Math.max(...spots.map(spot => Math.abs(spot.y)))));
  const connected = peers.filter(peer => peer.state === 'connected').length;
  return (
    <>
      <svg className="mesh" viewBox={`${-WIDTH / 2} ${-height / 2} ${WIDTH} ${height}`} role="img" aria-label={`${connected} of ${count(peers.length, 'peer')} connected. The table below names them.`}>
        {spots.map(({ peer, x, y }) => <line key={peer.node} className={`edge ${peer.state} ${peer.source}`} x1={0} y1={0} x2={x} y2={y} />)}
        {spots.map(({ peer, x, y, labelBelow }) => (
          <g key={peer.node} transform={`translate(${x} ${y})`}>
            <circle className={`peer ${peer.state}`} r="15" />
            <text y={labelBelow ? 33 : -35} className="name">{label(peer, names.get(peer.node))}</text>
            <text y={labelBelow ? 48 : -21} className="state">{peer.state === 'connected' ? (peer.lag > 0 ? `${count(peer.lag, 'event')} behind` : peer.agreed ? 'in sync' : 'connected') : peer.state}</text>
          </g>
        ))}
        <circle className="self" r="36" />
        <text className="me" y="5">{brief(self)}</text>
      </svg>
      <p className="legend soft" aria-hidden="true">
        {(Object.keys(SOURCES) as Peer['source'][]).map(source => <span key={source}><svg width="34" height="10"><line className={`edge connected ${source}`} x1="0" y1="5" x2="34" y2="5" /></svg> {source}: {SOURCES[source]}</span>)}
      </p>
      {peers.length > SHOWN_MAX && <p className="soft">{count(peers.length - SHOWN_MAX, 'more peer')} in the table.</p>}
    </>
  );
}

function label(peer: Peer, known: string | undefined): string {
  const name = shown(known ?? brief(peer.node));
  return name.length > NAME_MAX ? name.slice(0, NAME_MAX) + '…' : name;
}
