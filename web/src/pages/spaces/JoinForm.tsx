import { useState, type FormEvent } from 'react';
import { api, Problem } from '../../api/client';
import { boards } from '../../api/projects';
import { queryClient } from '../../api/queries';
import type { Joined } from '../../api/types';
import { Field } from '../../ui/Field';
import { JobBar } from '../../ui/JobBar';
import { Notes } from '../../ui/Notes';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';
import { go } from '../../ui/useRoute';

type Kind = 'tables' | 'hive' | 'project';

const PAGES: Record<Kind, string> = { tables: 'spaces', hive: 'hives', project: 'projects' };

/// Joins a space with a ticket: tables fill a file, a hive and a project do not.
export function JoinForm({ first = 'tables' }: { first?: Kind }) {
  const [kind, setKind] = useState<Kind>(first);
  const [ticket, setTicket] = useState('');
  const [file, setFile] = useState('');
  const [name, setName] = useState('');
  const [adopt, setAdopt] = useState('');
  const [joined, setJoined] = useState<(Joined & { kind: Kind }) | null>(null);
  const work = useWork();

  async function join(event: FormEvent) {
    event.preventDefault();
    const done = await work.run(async progress => {
      switch (kind) {
        case 'tables': return await api.join(ticket.trim(), file.trim(), adopt, progress);
        case 'hive': return { notes: [], ...await api.joinHive(ticket.trim(), progress) };
        case 'project': return { notes: [], ...await boards.join(ticket.trim(), name.trim(), '', progress) };
      }
    });
    await Promise.all(['hives', 'projects'].map(of => queryClient.invalidateQueries({ queryKey: [of] })));
    if (done) setJoined({ id: done.id, name: done.name, notes: done.notes, kind });
  }
  if (joined !== null) return (
    <>
      <p role="status">This node is a member of <strong><Remote text={joined.name} /></strong> now.</p>
      <Notes notes={joined.notes} />
      <button type="button" className="main" onClick={() => go(PAGES[joined.kind], joined.id)}>Open it</button>
    </>
  );
  return (
    <form onSubmit={join}>
      <Field label="Ticket" hint="The text that begins with waggle1, from somebody who invited this node. It works once.">
        {ids => <textarea {...ids} required value={ticket} onChange={event => setTicket(event.target.value)} spellCheck={false} autoComplete="off" />}
      </Field>
      <fieldset className="choice">
        <legend>What is it for?</legend>
        <label className="check"><input type="radio" name="kind" checked={kind === 'tables'} onChange={() => setKind('tables')} /> Tables of a database</label>
        <label className="check"><input type="radio" name="kind" checked={kind === 'hive'} onChange={() => setKind('hive')} /> A hive: posts, comments, votes</label>
        <label className="check"><input type="radio" name="kind" checked={kind === 'project'} onChange={() => setKind('project')} /> A project: tasks that several nodes work on</label>
      </fieldset>
      {kind === 'tables' && (
        <Field label="Database file" hint="The whole path on the machine where this node runs. A file that is missing is made; one that is there is joined with the space.">
          {ids => <input {...ids} required value={file} onChange={event => setFile(event.target.value)} placeholder="/home/me/app.sqlite" spellCheck={false} autoComplete="off" />}
        </Field>
      )}
      {kind === 'project' && (
        <Field label="Name of the project here" hint="May stay empty: then it is called as there.">
          {ids => <input {...ids} maxLength={80} value={name} onChange={event => setName(event.target.value)} autoComplete="off" />}
        </Field>
      )}
      {kind === 'tables' && work.failure instanceof Problem && work.failure.remedy.includes('adopt') && (
        <Field label="Where rows differ, show" hint="The other version is kept as a conflict, which you can settle later.">
          {ids => <select {...ids} value={adopt} onChange={event => setAdopt(event.target.value)}><option value="">choose…</option><option value="mine">the file’s</option><option value="theirs">the space’s</option></select>}
        </Field>
      )}
      <JobBar job={work.job} />
      <ProblemNote failure={work.failure} />
      <button className="main" disabled={work.busy}>Join</button>
    </form>
  );
}
