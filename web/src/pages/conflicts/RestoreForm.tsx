import { useState, type FormEvent } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Conflict } from '../../api/types';
import { typed } from '../../logic/conflict';
import { cell } from '../../logic/text';
import { Field } from '../../ui/Field';
import { Modal } from '../../ui/Modal';
import { ProblemNote } from '../../ui/ProblemNote';
import { useWork } from '../../ui/useWork';

/// Brings a row back that was kept out, with other values in the fields that collide.
export function RestoreForm({ conflict }: { conflict: Conflict }) {
  const [open, setOpen] = useState(false);
  const first = conflict.other[0];
  const [values, setValues] = useState<Record<string, string>>(() => Object.fromEntries(conflict.fields.map(field => [field, cell(first?.values[field])])));
  const work = useWork();

  async function restore(event: FormEvent) {
    event.preventDefault();
    const set = Object.fromEntries(Object.entries(values).map(([field, text]) => [field, typed(text)]));
    if (await work.run(() => api.resolve(conflict.id, 'restore', set)) === undefined) return;
    setOpen(false);
    await queryClient.invalidateQueries({ queryKey: ['conflicts'] });
  }
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>Restore with other values…</button>
      <Modal open={open} onClose={() => setOpen(false)} title="Restore the row">
        <form onSubmit={restore}>
          {Object.entries(values).map(([field, value]) => (
            <Field key={field} label={field}>{ids => <input {...ids} value={value} onChange={event => setValues({ ...values, [field]: event.target.value })} />}</Field>
          ))}
          <p className="soft">NULL stands for no value; digits for a number; all else is text.</p>
          <ProblemNote failure={work.failure} />
          <button className="main" disabled={work.busy}>Restore</button>
        </form>
      </Modal>
    </>
  );
}
