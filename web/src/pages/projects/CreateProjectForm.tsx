import { useState, type FormEvent } from 'react';
import { boards } from '../../api/projects';
import { queryClient } from '../../api/queries';
import { Field } from '../../ui/Field';
import { ProblemNote } from '../../ui/ProblemNote';
import { useWork } from '../../ui/useWork';
import { go } from '../../ui/useRoute';

/// Makes a project of this node alone; it can be shared later.
export function CreateProjectForm() {
  const [name, setName] = useState('');
  const work = useWork();
  async function create(event: FormEvent) {
    event.preventDefault();
    const made = await work.run(() => boards.create(name.trim()));
    if (!made) return;
    await queryClient.invalidateQueries({ queryKey: ['projects'] });
    go('projects', made.id);
  }
  return (
    <form onSubmit={create}>
      <Field label="Name of the project" hint="It begins as a project of this node alone. It can be shared with other nodes at any time.">
        {ids => <input {...ids} required maxLength={80} value={name} onChange={event => setName(event.target.value)} autoComplete="off" />}
      </Field>
      <ProblemNote failure={work.failure} />
      <button className="main" disabled={work.busy}>Create the project</button>
    </form>
  );
}
