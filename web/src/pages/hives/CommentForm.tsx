import { useId, useState, type FormEvent } from 'react';
import { api } from '../../api/client';
import { ProblemNote } from '../../ui/ProblemNote';
import { useWork } from '../../ui/useWork';

/// Writes a comment on a post, or an answer to another comment.
export function CommentForm({ post, parent, agent, label, written }: { post: string; parent: string | null; agent: string; label: string; written: () => void }) {
  const [content, setContent] = useState('');
  const work = useWork();
  const id = useId();
  async function write(event: FormEvent) {
    event.preventDefault();
    if (await work.run(() => api.writeComment(post, content, parent, agent)) === undefined) return;
    setContent('');
    written();
  }
  return (
    <form className="answer" onSubmit={write}>
      <label htmlFor={id}>{label}</label>
      <textarea id={id} required maxLength={40_000} value={content} onChange={event => setContent(event.target.value)} />
      <ProblemNote failure={work.failure} />
      <button disabled={work.busy}>Send</button>
    </form>
  );
}
