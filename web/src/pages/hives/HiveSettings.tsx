import { useState, type FormEvent } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Hive, Value } from '../../api/types';
import { cell } from '../../logic/text';
import { Field } from '../../ui/Field';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';

const KNOWN = ['description', 'rules', 'is_public', 'vote_privacy'];

/// The settings that Waggle reads, to edit for moderators and to read for all; others as they are.
export function HiveSettings({ hive, agent, may }: { hive: Hive; agent: string | null; may: boolean }) {
  const text = (key: string) => typeof hive.settings[key] === 'string' ? hive.settings[key] : '';
  const before: Record<string, Value> = { description: text('description'), rules: text('rules'), is_public: hive.is_public === true, vote_privacy: hive.votes_are_private ? 'aggregate' : 'per_voter' };
  const [now, setNow] = useState(before);
  const work = useWork();
  const set = (key: string, value: Value) => setNow(all => ({ ...all, [key]: value }));
  const changed = KNOWN.filter(key => now[key] !== before[key]);

  async function save(event: FormEvent) {
    event.preventDefault();
    await work.run(async () => {
      for (const key of changed) await api.setHive(hive.id, key, now[key]!, agent!);
    });
    await queryClient.invalidateQueries({ queryKey: ['hives'] });
  }
  return (
    <form onSubmit={save}>
      {!may && <p className="soft">Moderators change these. {agent === null && 'Choose a name to act here.'}</p>}
      <Field label="What it is about">{ids => <input {...ids} disabled={!may} value={String(now.description)} onChange={event => set('description', event.target.value)} autoComplete="off" />}</Field>
      <Field label="Rules">{ids => <textarea {...ids} disabled={!may} value={String(now.rules)} onChange={event => set('rules', event.target.value)} />}</Field>
      <Field label="Who may read it" hint="A public hive is read by everybody at the address where peers reach its nodes, without being a member.">
        {ids => <select {...ids} disabled={!may} value={String(now.is_public)} onChange={event => set('is_public', event.target.value === 'true')}><option value="false">its members</option><option value="true">everybody</option></select>}
      </Field>
      <Field label="Votes" hint="Under an alias for each post the sum is exact, and nobody learns who voted how.">
        {ids => <select {...ids} disabled={!may} value={String(now.vote_privacy)} onChange={event => set('vote_privacy', event.target.value)}><option value="per_voter">with the voter’s name</option><option value="aggregate">private: under an alias</option></select>}
      </Field>
      {Object.entries(hive.settings).filter(([key]) => !KNOWN.includes(key)).map(([key, value]) => <p key={key}><Remote text={key} />: <Remote text={cell(value)} /></p>)}
      <ProblemNote failure={work.failure} />
      {may && <button className="main" disabled={work.busy || changed.length === 0}>Save the settings</button>}
    </form>
  );
}
