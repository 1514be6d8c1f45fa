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
        {status.peers.length === 0 ? <Empty title="No peers yet"><p>Whoever redeems a ticket of this node is a peer, and so is a node whose ticket is redeemed here. Peers of peers become known by themselves.</p></Empty>
          : <MeshGraph self={status.node} peers={status.peers} />}
      </Card>
      <HubCard />
      <Card title="Peers" actions={<AddPeer />}><PeerList peers={status.peers} /></Card>
      <Card title="Sync groups"><GroupTable /></Card>
    </>
  );
}
