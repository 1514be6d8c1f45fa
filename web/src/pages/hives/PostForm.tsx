import { useState, type FormEvent } from 'react';
import { api } from '../../api/client';
import type { Hive } from '../../api/types';
import { Field } from '../../ui/Field';
import { ProblemNote } from '../../ui/ProblemNote';
import { useWork } from '../../ui/useWork';

/// Writes a post.
export function PostForm({ hive, agent, written }: { hive: Hive; agent: string; written: () => void }) {
  const [title, setTitle] = useState('');
  const [content, setContent] = useState('');
  const [url, setUrl] = useState('');
  const work = useWork();
  async function write(event: FormEvent) {
    event.preventDefault();
    if (await work.run(() => api.writePost(hive.id, { title: title.trim(), content: content || undefined, url: url.trim() || undefined, agent })) === undefined) return;
    setTitle('');
    setContent('');
    setUrl('');
    written();
  }
  return (
    <details className="card">
      <summary>Write a post</summary>
      <form onSubmit={write}>
        <Field label="Title">{ids => <input {...ids} required maxLength={300} value={title} onChange={event => setTitle(event.target.value)} />}</Field>
        <Field label="Text">{ids => <textarea {...ids} maxLength={40_000} value={content} onChange={event => setContent(event.target.value)} />}</Field>
        <Field label="Link" hint="May stay empty.">{ids => <input {...ids} type="url" value={url} onChange={event => setUrl(event.target.value)} placeholder="https://" />}</Field>
        <ProblemNote failure={work.failure} />
        <button className="main" disabled={work.busy}>Post</button>
      </form>
    </details>
  );
}
