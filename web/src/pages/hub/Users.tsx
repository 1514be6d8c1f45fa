import { useState, type FormEvent } from 'react';
import { changed, hub, useUsers, type Organisation, type User } from '../../api/hub';
import { Ago } from '../../ui/Ago';
import { Empty } from '../../ui/Empty';
import { Field } from '../../ui/Field';
import { Modal } from '../../ui/Modal';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';
import { ChangePassword } from './ChangePassword';
import { PasswordField } from './PasswordField';
import { Sure } from './Sure';

/// People who look after the organisation.
export function Users({ of }: { of: Organisation }) {
  const { data, error } = useUsers();
  const work = useWork();
  const users = data?.filter(user => user.organisation === of.id);
  async function role(user: User, to: string) {
    await work.run(() => hub.changeUser(user.id, { role: to }));
    await changed();
  }
  return (
    <>
      <ProblemNote failure={error ?? work.failure} />
      {users?.length === 0 && <Empty title="No users yet"><p>The hub’s operator can do everything without one. A user looks after one organisation, from wherever the hub can be reached.</p></Empty>}
      {users !== undefined && users.length > 0 && (
        <table className="stacks">
          <thead><tr><th>E-mail</th><th>Role</th><th>Signed in</th><th>Act</th></tr></thead>
          <tbody>
            {users.map(user => (
              <tr key={user.id}>
                <td data-label="E-mail"><Remote text={user.email} /></td>
                <td data-label="Role"><select aria-label={`Role of ${user.email}`} value={user.role} disabled={work.busy} onChange={event => role(user, event.target.value)}><option value="admin">admin: may change</option><option value="member">member: may look</option></select></td>
                <td data-label="Signed in">{user.signed_in_at === undefined ? 'never' : <Ago ms={Date.parse(user.signed_in_at)} />}</td>
                <td data-label="Act"><ChangePassword of={user} /> <Sure label="Remove" name={user.email} title="Remove the user" act={() => hub.removeUser(user.id)}><p><strong><Remote text={user.email} /></strong> is signed out and comes in no more.</p></Sure></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <AddUser of={of} />
    </>
  );
}

function AddUser({ of }: { of: Organisation }) {
  const [open, setOpen] = useState(false);
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState('member');
  const work = useWork();
  async function add(event: FormEvent) {
    event.preventDefault();
    if (await work.run(() => hub.addUser(of.id, email.trim(), password, role)) === undefined) return;
    setOpen(false);
    setEmail('');
    setPassword('');
    await changed();
  }
  return (
    <>
      <p><button type="button" onClick={() => setOpen(true)}>Make a user…</button></p>
      <Modal open={open} onClose={() => setOpen(false)} title="Make a user">
        <form onSubmit={add}>
          <Field label="E-mail">{ids => <input {...ids} type="email" required value={email} onChange={event => setEmail(event.target.value)} autoComplete="off" />}</Field>
          <PasswordField value={password} onChange={setPassword} />
          <Field label="Role">{ids => <select {...ids} value={role} onChange={event => setRole(event.target.value)}><option value="member">member: may look</option><option value="admin">admin: may change</option></select>}</Field>
          <ProblemNote failure={work.failure} />
          <button className="main" disabled={work.busy}>Make the user</button>
        </form>
      </Modal>
    </>
  );
}
