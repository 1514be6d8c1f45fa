import { useState, type FormEvent } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/queries';
import { Field } from '../../ui/Field';
import { Modal } from '../../ui/Modal';
import { ProblemNote } from '../../ui/ProblemNote';
import { useWork } from '../../ui/useWork';

/// Names a peer by its endpoint. It has to be a member of a space here to be shown anything.
export function AddPeer() {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState('');
  const [endpoint, setEndpoint] = useState('');
  const work = useWork();
  async function add(event: FormEvent) {
    event.preventDefault();
    if (await work.run(() => api.addPeer(name.trim(), endpoint.trim())) === undefined) return;
    setOpen(false);
    await queryClient.invalidateQueries({ queryKey: ['sync-peers'] });
  }
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>Name a peer…</button>
      <Modal open={open} onClose={() => setOpen(false)} title="Name a peer">
        <form onSubmit={add}>
          <Field label="Name">{ids => <input {...ids} value={name} onChange={event => setName(event.target.value)} autoComplete="off" />}</Field>
          <Field label="Endpoint" hint="Where it lets peers in. It is shown nothing of a space that it is no member of.">
            {ids => <input {...ids} required value={endpoint} onChange={event => setEndpoint(event.target.value)} placeholder="https://host:7117/sync/v1" spellCheck={false} autoComplete="off" />}
          </Field>
          <ProblemNote failure={work.failure} />
          <button className="main" disabled={work.busy}>Name it</button>
        </form>
      </Modal>
    </>
  );
}
