import { useSpace } from '../../api/queries';
import type { Status } from '../../api/types';
import { count } from '../../logic/text';
import { href } from '../../logic/route';
import { Card } from '../../ui/Card';
import { Id } from '../../ui/Id';
import { NodeId } from '../../ui/NodeNames';
import { Notes } from '../../ui/Notes';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { InviteButton } from './InviteButton';
import { LeaveButton } from './LeaveButton';
import { MemberTable } from './MemberTable';
import { PolicyCard } from './PolicyCard';
import { StorageCard } from './StorageCard';

/// One space: how it stands, who belongs to it, what its log counts.
export function SpacePage({ id, status }: { id: string; status: Status }) {
  const { data: space, error } = useSpace(id);
  if (error) return <><h1>Space</h1><ProblemNote failure={error} /></>;
  if (space === undefined) return <p role="status">Asking the node…</p>;
  const peers = status.peers.flatMap(peer => peer.spaces.filter(share => share.space === space.id).map(share => ({ peer, share })));
  const notes = [...(space.refused_rows ?? []), ...(space.missing_tables ?? []).map(table => `The table ${table} is missing in the file.`), ...(space.last_error ? [space.last_error] : [])];
  return (
    <>
      <h1><Remote text={space.name} /></h1>
      {space.removed && <p className="note" role="status">This node was removed from the space. What is written here stays here and has no effect on the others. Ask an owner or moderator to add it again.</p>}
      <Notes notes={notes} />
      <div className="columns">
        <Card title="State" actions={<><InviteButton space={space} /><a className="button" href={href('spaces', space.id, 'log')}>Log</a>{space.type === 'table' && space.file != null && <a className="button" href={href('spaces', space.id, 'rows')}>Rows</a>}{space.type === 'hive' && <a className="button" href={href('hives', space.id)}>Hive</a>}{space.type === 'board' && <a className="button" href={href('projects')}>Projects</a>}</>}>
          <dl className="facts">
            <dt>State</dt><dd><Remote text={space.state} /></dd>
            <dt>Space</dt><dd><Id id={space.id} /></dd>
            <dt>Type</dt><dd><Remote text={space.type ?? 'not known yet'} /></dd>
            {space.file != null && <><dt>File</dt><dd><Remote text={space.file} /></dd></>}
            <dt>Your role</dt><dd>{space.role}</dd>
            <dt>Conflicts</dt><dd>{space.conflicts === 0 ? 'none' : <a href={href('conflicts')}>{count(space.conflicts, 'open conflict')}</a>}</dd>
            {space.queue != null && <><dt>Queue</dt><dd>{count(space.queue, 'change')} of programs, not in the log yet</dd></>}
          </dl>
          <LeaveButton space={space} />
        </Card>
        <Card title="Log">
          <dl className="facts">
            <dt>Events</dt><dd>{space.events.toLocaleString('en')} in {count(space.chains, 'chain')}</dd>
            <dt>Received</dt><dd>{space.received.toLocaleString('en')}: {space.accepted.toLocaleString('en')} accepted, {space.void.toLocaleString('en')} void, {space.duplicate.toLocaleString('en')} duplicate, {space.rejected.toLocaleString('en')} rejected</dd>
            <dt>Not yet usable</dt><dd>{space.waiting.toLocaleString('en')} waiting, {space.held.toLocaleString('en')} held, {space.quarantined.toLocaleString('en')} quarantined</dd>
            <dt>Forks</dt><dd>{space.forks}</dd>
            <dt>Peers</dt><dd>{peers.length === 0 ? 'none shares it now' : peers.map(({ peer, share }) => <div key={peer.node}><NodeId node={peer.node} /> {!share.whole ? 'exchanges no more than what the removed member wrote' : share.agreed ? 'has the same events' : share.differs ? 'differs; being repaired' : `${count(share.lag, 'event')} behind`}</div>)}</dd>
          </dl>
        </Card>
      </div>
      <StorageCard space={space} />
      <PolicyCard space={space} />
      <MemberTable space={space} />
    </>
  );
}
