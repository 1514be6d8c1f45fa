import { useState } from 'react';
import type { Status } from '../../api/types';
import { href } from '../../logic/route';
import { Card } from '../../ui/Card';
import { Empty } from '../../ui/Empty';
import { Modal } from '../../ui/Modal';
import { Remote } from '../../ui/Remote';
import { JoinForm } from './JoinForm';
import { TrackForm } from './TrackForm';

/// All spaces of the node, and the ways to more.
export function SpacesPage({ status }: { status: Status }) {
  const [open, setOpen] = useState<'track' | 'join' | null>(null);
  return (
    <>
      <h1>Spaces</h1>
      <Card title="What this node shares" actions={<>
        <button type="button" className="main" onClick={() => setOpen('track')}>Track a database</button>
        <button type="button" onClick={() => setOpen('join')}>Join with a ticket</button>
        <a className="button" href={href('hives')}>Hives</a>
      </>}>
        {status.spaces.length === 0 ? <Empty title="No spaces yet"><p>Track a database of this machine, or join a space with a ticket.</p></Empty> : (
          <table className="stacks">
            <thead><tr><th>Name</th><th>Type</th><th>Your role</th><th className="number">Members</th><th className="number">Events</th><th>State</th></tr></thead>
            <tbody>
              {status.spaces.map(space => (
                <tr key={space.id}>
                  <td data-label="Name"><a href={href('spaces', space.id)}><Remote text={space.name} /></a></td>
                  <td data-label="Type"><Remote text={space.type ?? 'not known yet'} /></td>
                  <td data-label="Your role">{space.removed ? 'removed' : space.role}</td>
                  <td data-label="Members" className="number">{space.members_count}</td>
                  <td data-label="Events" className="number">{space.events.toLocaleString('en')}</td>
                  <td data-label="State"><span><Remote text={space.state} />{space.file != null && <div className="soft"><Remote text={space.file} /></div>}</span></td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Card>
      <Modal open={open === 'track'} onClose={() => setOpen(null)} title="Track a database"><TrackForm /></Modal>
      <Modal open={open === 'join'} onClose={() => setOpen(null)} title="Join a space"><JoinForm /></Modal>
    </>
  );
}
