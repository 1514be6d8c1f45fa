import { useState } from 'react';
import { api } from '../../api/client';
import { count } from '../../logic/text';
import { ProblemNote } from '../../ui/ProblemNote';
import { useWork } from '../../ui/useWork';

/// The score, and a vote up or down; the same press once more takes it back.
export function Votes({ kind, id, score, agent, changed }: { kind: 'posts' | 'comments'; id: string; score: number; agent: string | null; changed: () => void }) {
  const [mine, setMine] = useState<1 | 0 | -1>(0);
  const work = useWork();
  async function vote(value: 1 | -1) {
    const next = mine === value ? 0 : value;
    if (await work.run(() => api.vote(kind, id, next, agent!)) === undefined) return;
    setMine(next);
    changed();
  }
  return (
    <span className="votes">
      <button type="button" className="small quiet" aria-pressed={mine === 1} disabled={agent === null || work.busy} onClick={() => vote(1)} aria-label="Vote up">▲</button>
      <span className="score" title={count(score, 'point')}>{score}</span>
      <button type="button" className="small quiet" aria-pressed={mine === -1} disabled={agent === null || work.busy} onClick={() => vote(-1)} aria-label="Vote down">▼</button>
      <ProblemNote failure={work.failure} />
    </span>
  );
}
