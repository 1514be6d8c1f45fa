import type { Status } from '../../api/types';
import { count } from '../../logic/text';
import { href } from '../../logic/route';
import { Ago } from '../../ui/Ago';
import { Card } from '../../ui/Card';
import { Activity } from './Activity';
import { HistoryChart } from './HistoryChart';
import { PeerTable } from './PeerTable';
import { SpaceList } from './SpaceList';
import { StatusLight } from './StatusLight';
import './home.css';

/// Whether all is well, and what helps where it is not.
export function HomePage({ status }: { status: Status }) {
  const queued = status.spaces.reduce((sum, space) => sum + (space.queue ?? 0), 0);
  const conflicts = status.spaces.reduce((sum, space) => sum + space.conflicts, 0);
  const connected = status.peers.filter(peer => peer.state === 'connected').length;
  return (
    <>
      <h1>Home</h1>
      <StatusLight status={status} />
      <dl className="tiles">
        <div><dt>Last sync</dt><dd><Ago ms={status.last_sync_ms} /></dd></div>
        <div><dt>Queued changes</dt><dd>{queued.toLocaleString('en')}</dd></div>
        <div><dt>Connected peers</dt><dd>{connected} of {status.peers.length}</dd></div>
        <div><dt>Open conflicts</dt><dd>{conflicts === 0 ? 'none' : <a href={href('conflicts')}>{count(conflicts, 'conflict')}</a>}</dd></div>
      </dl>
      <div className="columns">
        <Card title="Spaces"><SpaceList spaces={status.spaces} /></Card>
        <Card title="Peers"><PeerTable peers={status.peers} /></Card>
        <Card title="The last hour"><HistoryChart /></Card>
        <Card title="Recent activity"><Activity status={status} /></Card>
      </div>
    </>
  );
}
