import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { api } from '../../api/client';
import type { Author, Hive, HiveMember } from '../../api/types';
import { brief, shown } from '../../logic/text';

const subject = (author: Author) => `${author.instance_id}/${author.agent_id}`;

/// Names somebody who wrote here and is in no list of members, because nobody has to join to write.
export function OtherAuthor({ hive, members, names, busy, change }: { hive: Hive; members: HiveMember[]; names: boolean; busy: boolean; change: (part: 'members' | 'moderators', action: string, subject: string) => void }) {
  const { data } = useQuery({ queryKey: ['feed', hive.id, 'authors'], queryFn: () => api.feed(hive.id, 'new', ''), staleTime: 0 });
  const [who, setWho] = useState('');
  const id = useId();
  const known = new Set(members.map(member => subject(member.agent)));
  const authors = new Map((data?.data ?? []).map(post => [subject(post.author), post.author]));
  const others = [...authors].filter(([key]) => !known.has(key));
  if (others.length === 0) return null;
  const chosen = others.some(([key]) => key === who) ? who : '';
  return (
    <p className="row">
      <label htmlFor={id}>Somebody else who wrote here</label>
      <select id={id} className="narrow" value={chosen} onChange={event => setWho(event.target.value)}>
        <option value="">choose…</option>
        {others.map(([key, author]) => <option key={key} value={key}>{`${shown(author.name)} on node ${brief(author.instance_id)}`}</option>)}
      </select>
      {names && <button type="button" className="small" disabled={busy || chosen === ''} onClick={() => change('moderators', 'add', chosen)}>Make a moderator</button>}
      <button type="button" className="danger small" disabled={busy || chosen === ''} onClick={() => change('members', 'ban', chosen)}>Ban</button>
    </p>
  );
}
