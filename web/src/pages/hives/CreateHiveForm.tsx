import { useState, type FormEvent } from 'react';
import { api } from '../../api/client';
import { queryClient, useAgents } from '../../api/queries';
import { Field } from '../../ui/Field';
import { ProblemNote } from '../../ui/ProblemNote';
import { useWork } from '../../ui/useWork';
import { go } from '../../ui/useRoute';

/// Makes a hive; on a node where nobody acts yet, an agent to act as, too.
export function CreateHiveForm() {
  const { data } = useAgents();
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [agent, setAgent] = useState('');
  const work = useWork();
  const known = data?.agents[0]?.name;

  async function create(event: FormEvent) {
    event.preventDefault();
    const made = await work.run(async () => {
      const as = known ?? (await api.makeAgent(agent.trim())).name;
      await queryClient.invalidateQueries({ queryKey: ['agents'] });
      return await api.makeHive(name.trim(), description.trim(), as);
    });
    if (!made) return;
    await queryClient.invalidateQueries({ queryKey: ['hives'] });
    go('hives', made.id);
  }
  return (
    <form onSubmit={create}>
      <Field label="Name of the hive">{ids => <input {...ids} required value={name} onChange={event => setName(event.target.value)} autoComplete="off" />}</Field>
      <Field label="What it is about">{ids => <input {...ids} value={description} onChange={event => setDescription(event.target.value)} autoComplete="off" />}</Field>
      {data !== undefined && known === undefined && (
        <Field label="Your name in hives" hint="Letters, digits, _, - and . — everybody in a hive sees it, with this node’s id.">
          {ids => <input {...ids} required pattern="[A-Za-z0-9_.\-]+" value={agent} onChange={event => setAgent(event.target.value)} autoComplete="off" />}
        </Field>
      )}
      <ProblemNote failure={work.failure} />
      <button className="main" disabled={work.busy || data === undefined}>Create the hive</button>
    </form>
  );
}
