import { useState, type FormEvent } from 'react';
import { api } from '../../api/client';
import type { Tracked } from '../../api/types';
import { count } from '../../logic/text';
import { Field } from '../../ui/Field';
import { JobBar } from '../../ui/JobBar';
import { Notes } from '../../ui/Notes';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';
import { go } from '../../ui/useRoute';

/// Shares a SQLite file of this machine as a new space.
export function TrackForm() {
  const [file, setFile] = useState('');
  const [name, setName] = useState('');
  const [tracked, setTracked] = useState<Tracked | null>(null);
  const work = useWork();

  async function track(event: FormEvent) {
    event.preventDefault();
    const done = await work.run(progress => api.track(file.trim(), name.trim(), progress));
    if (done) setTracked(done);
  }
  if (tracked !== null) return (
    <>
      <p role="status"><strong><Remote text={tracked.name} /></strong> is tracked: {count(tracked.rows, 'row')} of {count(tracked.tables.length, 'table')}. Your programs go on as before.</p>
      <Notes notes={tracked.notes} />
      <button type="button" className="main" onClick={() => go('spaces', tracked.id)}>Open the space</button>
    </>
  );
  return (
    <form onSubmit={track}>
      <Field label="Database file" hint="The whole path of a SQLite file on the machine where this node runs. Programs go on using it; Waggle adds triggers and a queue to it.">
        {ids => <input {...ids} required value={file} onChange={event => setFile(event.target.value)} placeholder="/home/me/app.sqlite" spellCheck={false} autoComplete="off" />}
      </Field>
      <Field label="Name of the space" hint="May stay empty: then it is called like the file.">
        {ids => <input {...ids} value={name} onChange={event => setName(event.target.value)} autoComplete="off" />}
      </Field>
      <JobBar job={work.job} />
      <ProblemNote failure={work.failure} />
      <button className="main" disabled={work.busy}>Track this database</button>
    </form>
  );
}
