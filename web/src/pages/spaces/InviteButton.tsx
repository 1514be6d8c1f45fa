import { useState, type FormEvent } from 'react';
import { api } from '../../api/client';
import type { Invitation, Space } from '../../api/types';
import { CopyButton } from '../../ui/CopyButton';
import { Field } from '../../ui/Field';
import { Modal } from '../../ui/Modal';
import { Notes } from '../../ui/Notes';
import { ProblemNote } from '../../ui/ProblemNote';
import { QrCode } from '../../ui/QrCode';
import { useWork } from '../../ui/useWork';

/// Makes a ticket: as text to copy and as a picture.
export function InviteButton({ space }: { space: Space }) {
  const [open, setOpen] = useState(false);
  if (space.role !== 'owner' && space.role !== 'moderator') return null;
  return (
    <>
      <button type="button" className="main" onClick={() => setOpen(true)}>Invite</button>
      <Modal open={open} onClose={() => setOpen(false)} title="Invite to this space">{open && <InviteForm space={space} />}</Modal>
    </>
  );
}

function InviteForm({ space }: { space: Space }) {
  const [role, setRole] = useState('writer');
  const [expires, setExpires] = useState('15m');
  const [address, setAddress] = useState('');
  const [made, setMade] = useState<Invitation | null>(null);
  const work = useWork();

  async function invite(event: FormEvent) {
    event.preventDefault();
    const done = await work.run(() => api.invite(space.id, role, expires, address.trim() === '' ? [] : address.split(',').map(each => each.trim())));
    if (done) setMade(done);
  }
  if (made !== null) return (
    <>
      <p>A ticket lets one other node in, as {made.role}. It is a secret: hand it over in private. It ends {new Date(made.expires_ms).toLocaleString()}.</p>
      <div className="ticket">
        <QrCode text={made.ticket} label="The ticket as a QR code" />
        <div>
          <textarea readOnly aria-label="Ticket" value={made.ticket} onFocus={event => event.target.select()} />
          <CopyButton text={made.ticket} label="Copy the ticket" />
          <p className="soft">The other node dials {made.addresses.join(', ') || 'nobody yet'}.</p>
        </div>
      </div>
      <Notes notes={made.notes} />
    </>
  );
  return (
    <form onSubmit={invite}>
      <Field label="Role of the new member">
        {ids => <select {...ids} value={role} onChange={event => setRole(event.target.value)}><option value="writer">writer: reads and writes</option><option value="reader">reader: reads</option><option value="moderator">moderator: also lets others in and removes them</option></select>}
      </Field>
      <Field label="How long it is good for">
        {ids => <select {...ids} value={expires} onChange={event => setExpires(event.target.value)}><option value="15m">15 minutes</option><option value="24h">a day</option><option value="7d">a week</option></select>}
      </Field>
      <Field label="Address of this node" hint="host:port, as the other machine reaches this one. Empty: where this node listens.">
        {ids => <input {...ids} value={address} onChange={event => setAddress(event.target.value)} autoComplete="off" spellCheck={false} />}
      </Field>
      <ProblemNote failure={work.failure} />
      <button className="main" disabled={work.busy}>Make a ticket</button>
    </form>
  );
}
