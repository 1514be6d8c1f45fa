import type { Status } from '../../api/types';
import { Card } from '../../ui/Card';
import { Empty } from '../../ui/Empty';
import { AddPeer } from './AddPeer';
import { GroupTable } from './GroupTable';
import { HubCard } from './HubCard';
import { MeshGraph } from './MeshGraph';
import { PeerList } from './PeerList';
import './mesh.css';

/// The other nodes, who says where they are, and how far the exchange with each is.
export function MeshPage({ status }: { status: Status }) {
  return (
    <>
      <h1>Mesh</h1>
      <Card title="This node and its peers">
        {status.peers.length === 0 ? <Empty title="This node is alone"><p>Its peers are drawn here once there are some. Peers of peers become known by themselves.</p></Empty>
          : <MeshGraph self={status.node} peers={status.peers} />}
      </Card>
      <HubCard />
      <Card title="Peers" actions={<AddPeer />}><PeerList peers={status.peers} /></Card>
      <Card title="Sync groups"><GroupTable /></Card>
    </>
  );
}
