import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api } from '../../api/client';
import { useChannel } from '../../api/live';
import { queryClient } from '../../api/queries';
import type { Hive, News } from '../../api/types';
import { titleOf } from '../../logic/moderation';
import { href } from '../../logic/route';
import { count } from '../../logic/text';
import { Card } from '../../ui/Card';
import { Empty } from '../../ui/Empty';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote, RemoteLink } from '../../ui/Remote';
import { AuthorLine } from './AuthorLine';
import { CommentForm } from './CommentForm';
import { CommentItem } from './CommentItem';
import { Gone } from './Gone';
import { Moderation } from './Moderation';
import { Votes } from './Votes';

/// One post with its thread.
export function PostPage({ hive, id, agent }: { hive: Hive; id: string; agent: string | null }) {
  const { data: post, error } = useQuery({ queryKey: ['post', id], queryFn: () => api.post(id) });
  const thread = useInfiniteQuery({
    queryKey: ['thread', id], initialPageParam: '',
    queryFn: ({ pageParam }) => api.comments(id, pageParam), getNextPageParam: page => page.has_more ? page.cursor : null,
  });
  const comments = thread.data?.pages.flatMap(page => page.data);
  const again = () => {
    void queryClient.invalidateQueries({ queryKey: ['post', id] });
    void queryClient.invalidateQueries({ queryKey: ['thread', id] });
  };
  useChannel(`hive:${hive.id}`, message => {
    const news = message as News;
    if (news.type === 'lost' || news.data.post_id === id || news.data.post_id === undefined) again();
  });
  if (error) return <><h1>Post</h1><ProblemNote failure={error} /></>;
  if (post === undefined) return <p role="status">Asking the node…</p>;
  return (
    <>
      <article className="card post">
        <Votes kind="posts" id={post.id} score={post.score} agent={agent} changed={again} />
        <div>
          <h1><Remote text={titleOf(post)} /></h1>
          <AuthorLine author={post.author} at={post.created_at} />
          <p className="soft"><a href={href('explain', 'post', post.id)}>Explain</a> who has it, and who said what</p>
          {post.state !== 'live' ? <Gone state={post.state} reason={post.reason} /> : (
            <>
              {post.url !== null && <p><RemoteLink text={post.url} /></p>}
              {post.content !== null && <p className="said"><Remote text={post.content} /></p>}
            </>
          )}
          <Moderation hive={hive} kind="posts" content={post} agent={agent} changed={again} />
        </div>
      </article>
      <Card title={count(post.comment_count, 'comment')}>
        {agent !== null && <CommentForm post={post.id} parent={null} agent={agent} label="Your comment" written={again} />}
        <ProblemNote failure={thread.error} />
        {comments?.length === 0 && <Empty title="Nobody has answered yet" />}
        <ul className="thread">{comments?.map(comment => <CommentItem key={comment.id} hive={hive} comment={comment} agent={agent} changed={again} />)}</ul>
        {thread.hasNextPage && <button type="button" disabled={thread.isFetching} onClick={() => thread.fetchNextPage()}>More comments</button>}
      </Card>
    </>
  );
}
