import { useState, type FormEvent } from 'react';
import { hub, type User } from '../../api/hub';
import { Modal } from '../../ui/Modal';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';
import { PasswordField } from './PasswordField';

/// Another password for a user who forgot his, or should not be known by the one who has it.
export function ChangePassword({ of }: { of: User }) {
  const [open, setOpen] = useState(false);
  const [password, setPassword] = useState('');
  const work = useWork();
  function close() {
    setOpen(false);
    setPassword('');
  }
  async function change(event: FormEvent) {
    event.preventDefault();
    if (await work.run(() => hub.changeUser(of.id, { password })) !== undefined) close();
  }
  return (
    <>
      <button type="button" aria-label={`Password of ${of.email}`} onClick={() => setOpen(true)}>Password…</button>
      <Modal open={open} onClose={close} title="Give a user another password">
        <form onSubmit={change}>
          <p><strong><Remote text={of.email} /></strong> is signed out everywhere and signs in with the new one.</p>
          <PasswordField value={password} onChange={setPassword} />
          <ProblemNote failure={work.failure} />
          <button className="main" disabled={work.busy}>Change the password</button>
        </form>
      </Modal>
    </>
  );
}
