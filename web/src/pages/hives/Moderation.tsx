import { useState, type FormEvent } from 'react';
import { api, type ContentKind } from '../../api/client';
import { useAgents, useHiveMember } from '../../api/queries';
import type { Author, Hive } from '../../api/types';
import { mayModerate, moderating } from '../../logic/moderation';
import { ProblemNote } from '../../ui/ProblemNote';
import { useWork } from '../../ui/useWork';

/// The button that takes a post or comment away, or brings it back, for whoever may.
export function Moderation({ hive, kind, content, agent, changed }: { hive: Hive; kind: ContentKind; content: { id: string; state: string; author: Author }; agent: string | null; changed: () => void }) {
  const { data: agents } = useAgents();
  const [asked, setAsked] = useState(false);
  const [reason, setReason] = useState('');
  const work = useWork();
  const me = agents?.agents.find(each => each.name === agent);
  const { data: mine } = useHiveMember(hive.id, me);
  const can = moderating(content, me, mayModerate(hive, mine?.members ?? [], me));
  if (can === null) return null;

  async function act(does: () => Promise<unknown>) {
    if (await work.run(does) === undefined) return;
    setAsked(false);
    setReason('');
    changed();
  }
  function remove(event: FormEvent) {
    event.preventDefault();
    void act(() => api.removeContent(kind, content.id, reason.trim(), agent!));
  }
  if (can === 'restore') return <span className="moderation"><button type="button" className="small" disabled={work.busy} onClick={() => act(() => api.restoreContent(kind, content.id, agent!))}>Restore</button><ProblemNote failure={work.failure} /></span>;
  const word = can === 'delete' ? 'Delete' : 'Remove';
  if (!asked) return <button type="button" className="small" onClick={() => setAsked(true)}>{word}…</button>;
  return (
    <form className="moderation row" onSubmit={remove}>
      <label>Why <input value={reason} maxLength={300} placeholder="for people; may stay empty" onChange={event => setReason(event.target.value)} autoComplete="off" /></label>
      <button className="danger small" disabled={work.busy}>{word} it</button>
      <button type="button" className="small" onClick={() => setAsked(false)}>Keep it</button>
      <ProblemNote failure={work.failure} />
    </form>
  );
}
