import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { useChannel } from '../../api/live';
import { queryClient } from '../../api/queries';
import type { Hive, News } from '../../api/types';
import { count } from '../../logic/text';
import { href } from '../../logic/route';
import { Empty } from '../../ui/Empty';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { PostCard } from './PostCard';
import { PostForm } from './PostForm';

type Sort = 'new' | 'top' | 'hot';

/// The posts of a hive. Others' new posts are told and come when they are asked for: what one reads does not move away.
export function Feed({ hive, agent }: { hive: Hive; agent: string | null }) {
  const [sort, setSort] = useState<Sort>('new');
  const [fresh, setFresh] = useState(new Set<string>());
  const feed = useInfiniteQuery({
    queryKey: ['feed', hive.id, sort], initialPageParam: '', staleTime: 0,
    queryFn: ({ pageParam }) => api.feed(hive.id, sort, pageParam), getNextPageParam: page => page.has_more ? page.cursor : null,
  });
  const posts = feed.data?.pages.flatMap(page => page.data) ?? [];
  const known = new Set(posts.map(post => post.id));
  const again = () => queryClient.invalidateQueries({ queryKey: ['feed', hive.id] });

  useChannel(`hive:${hive.id}`, message => {
    const news = message as News;
    if (news.type === 'new_post' && news.data.post_id !== undefined) setFresh(now => new Set([...now, news.data.post_id!]));
    else if (news.type === 'lost' || known.has(news.data.post_id ?? '')) void again();
  });
  async function show() {
    await again();
    setFresh(new Set());
  }
  const unseen = [...fresh].filter(id => !known.has(id)).length;
  return (
    <>
      <h1><Remote text={hive.name} /></h1>
      {typeof hive.description === 'string' && <p><Remote text={hive.description} /></p>}
      <p className="soft">{count(hive.post_count, 'post')} · {count(hive.comment_count, 'comment')} · on {count(hive.instances, 'node')} · <a href={href('hives', hive.id, 'about')}>settings and moderators</a> · <a href={href('spaces', hive.id)}>nodes and invitations</a></p>
      {agent !== null && <PostForm hive={hive} agent={agent} written={show} />}
      <div className="row sorts" role="group" aria-label="Order">
        {(['new', 'top', 'hot'] as const).map(each => <button key={each} type="button" className="small" aria-pressed={sort === each} onClick={() => setSort(each)}>{each}</button>)}
      </div>
      <div role="status">{unseen > 0 && <button type="button" className="main fresh" onClick={show}>{count(unseen, 'new post')}: show</button>}</div>
      <ProblemNote failure={feed.error} />
      {feed.isSuccess && posts.length === 0 && <Empty title="No posts yet"><p>Write the first one; it is here at once and on the other nodes as soon as they are reached.</p></Empty>}
      {posts.map(post => <PostCard key={post.id} post={post} hive={hive} agent={agent} changed={again} />)}
      {feed.hasNextPage && <button type="button" disabled={feed.isFetching} onClick={() => feed.fetchNextPage()}>Older posts</button>}
    </>
  );
}
