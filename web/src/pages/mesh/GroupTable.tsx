import { useState } from 'react';
import { api } from '../../api/client';
import { useGroups } from '../../api/queries';
import { count } from '../../logic/text';
import { href } from '../../logic/route';
import { Ago } from '../../ui/Ago';
import { Empty } from '../../ui/Empty';
import { NodeId } from '../../ui/NodeNames';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';

/// Each space as a sync group: how far every member that is known as a peer is.
export function GroupTable() {
  const { data, error } = useGroups();
  const work = useWork();
  const [said, setSaid] = useState('');
  async function resync(id: string, name: string) {
    const done = await work.run(() => api.resync(id));
    if (done) setSaid(`${name} is compared with ${count(done.peers, 'peer')} again.`);
  }
  if (error) return <ProblemNote failure={error} />;
  if (data === undefined) return <p role="status">Asking the node…</p>;
  if (data.groups.length === 0) return (
    <Empty title="No sync groups yet">
      <p>Every space is a group of the nodes that keep it the same. This node has no space: <a href={href('start')}>track a database, join with a ticket, or create a hive or a project</a>.</p>
    </Empty>
  );
  return (
    <>
      <p role="status"><Remote text={said} /></p>
      <ProblemNote failure={work.failure} />
      <table className="stacks">
        <thead><tr><th>Group</th><th className="number">Entries here</th><th>Peers</th><th>Act</th></tr></thead>
        <tbody>
          {data.groups.map(group => (
            <tr key={group.id}>
              <td data-label="Group"><a href={href('spaces', group.id)}><Remote text={group.sync_group_name} /></a></td>
              <td data-label="Entries here" className="number">{group.local_seq.toLocaleString('en')}</td>
              <td data-label="Peers"><ul className="plain">{group.peers.length === 0 ? <li>none</li> : group.peers.map(peer => (
                <li key={peer.id}><span className={`dot ${peer.status}`} aria-hidden="true" /> <NodeId node={peer.id} /> {peer.status}, {peer.lag === 0 ? 'no lag' : `${count(peer.lag, 'entry', 'entries')} behind`}, last sync <Ago ms={Date.parse(peer.last_sync) || 0} />
                  {peer.last_error != null && <div className="soft"><Remote text={peer.last_error} /></div>}</li>
              ))}</ul></td>
              <td data-label="Act"><button type="button" className="small" disabled={work.busy} onClick={() => resync(group.id, group.sync_group_name)} aria-label={`Compare again: ${group.sync_group_name}`}>Compare again</button></td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
