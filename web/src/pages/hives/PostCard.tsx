import type { Hive, Post } from '../../api/types';
import { count } from '../../logic/text';
import { titleOf } from '../../logic/moderation';
import { href } from '../../logic/route';
import { Remote, RemoteLink } from '../../ui/Remote';
import { AuthorLine } from './AuthorLine';
import { Gone } from './Gone';
import { Moderation } from './Moderation';
import { Votes } from './Votes';

const EXCERPT = 280;

/// A post in a feed: its beginning, and the way to the whole of it.
export function PostCard({ post, hive, agent, changed }: { post: Post; hive: Hive; agent: string | null; changed: () => void }) {
  const content = post.content ?? '';
  return (
    <article className="card post">
      <Votes kind="posts" id={post.id} score={post.score} agent={agent} changed={changed} />
      <div>
        <h3><a href={href('hives', hive.id, post.id)}><Remote text={titleOf(post)} /></a></h3>
        <AuthorLine author={post.author} at={post.created_at} />
        {post.state !== 'live' ? <Gone state={post.state} reason={post.reason} /> : (
          <>
            {post.url !== null && <p><RemoteLink text={post.url} /></p>}
            {content !== '' && <p className="said"><Remote text={content.length > EXCERPT ? content.slice(0, EXCERPT) + '…' : content} /></p>}
          </>
        )}
        <div className="row"><a href={href('hives', hive.id, post.id)}>{count(post.comment_count, 'comment')}</a><Moderation hive={hive} kind="posts" content={post} agent={agent} changed={changed} /></div>
      </div>
    </article>
  );
}
