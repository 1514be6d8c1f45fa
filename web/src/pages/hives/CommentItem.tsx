import { useState } from 'react';
import type { Comment, Hive } from '../../api/types';
import { href } from '../../logic/route';
import { Remote } from '../../ui/Remote';
import { AuthorLine } from './AuthorLine';
import { CommentForm } from './CommentForm';
import { Gone } from './Gone';
import { Moderation } from './Moderation';
import { Votes } from './Votes';

const DEPTH_SHOWN = 8;

/// A comment, below what it answers and further in.
export function CommentItem({ hive, comment, agent, changed }: { hive: Hive; comment: Comment; agent: string | null; changed: () => void }) {
  const [answering, setAnswering] = useState(false);
  const depth = Math.min(comment.depth ?? 0, DEPTH_SHOWN);
  return (
    <li style={{ marginLeft: `${depth * 1.25}rem` }} aria-label={depth > 0 ? `Answer, level ${comment.depth}` : 'Comment'}>
      <div className="row"><Votes kind="comments" id={comment.id} score={comment.score} agent={agent} changed={changed} /><AuthorLine author={comment.author} at={comment.created_at} /><a className="soft" href={href('explain', 'comment', comment.id)} aria-label={`Explain the comment by ${comment.author.name}`}>Explain</a></div>
      {comment.state !== 'live' ? <Gone state={comment.state} reason={comment.reason} /> : <p className="said"><Remote text={comment.content} /></p>}
      <div className="row">
        {agent !== null && comment.state === 'live' && (answering
          ? <CommentForm post={comment.post_id} parent={comment.id} agent={agent} label="Your answer" written={() => { setAnswering(false); changed(); }} />
          : <button type="button" className="small" onClick={() => setAnswering(true)}>Answer</button>)}
        <Moderation hive={hive} kind="comments" content={comment} agent={agent} changed={changed} />
      </div>
    </li>
  );
}
