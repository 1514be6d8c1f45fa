import { useState } from 'react';
import { useAgents, useHives } from '../../api/queries';
import { count } from '../../logic/text';
import { href } from '../../logic/route';
import { Card } from '../../ui/Card';
import { Empty } from '../../ui/Empty';
import { Modal } from '../../ui/Modal';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { JoinForm } from '../spaces/JoinForm';
import { AboutPage } from './AboutPage';
import { ActAs, useActing } from './ActAs';
import { CreateHiveForm } from './CreateHiveForm';
import { Feed } from './Feed';
import { PostPage } from './PostPage';
import './hives.css';

/// The hives of this node; one of them; one post.
export function HivesPage({ hive, post }: { hive: string | undefined; post: string | undefined }) {
  const { data, error } = useHives();
  const { data: agents } = useAgents();
  const acting = useActing(agents?.agents ?? []);
  if (error) return <><h1>Hives</h1><ProblemNote failure={error} /></>;
  if (data === undefined || agents === undefined) return <p role="status">Asking the node…</p>;
  const found = data.hives.find(each => each.id === hive);
  if (hive === undefined) return <HiveList hives={data.hives} />;
  if (found === undefined) return <><h1>There is no such hive here</h1><p><a href={href('hives')}>All hives</a></p></>;
  return (
    <>
      <div className="row where">
        <nav aria-label="Where this is"><a href={href('hives')}>Hives</a>{post !== undefined && <> › <a href={href('hives', found.id)}><Remote text={found.name} /></a></>}</nav>
        <ActAs agents={agents.agents} acting={acting} />
      </div>
      {post === 'about' ? <AboutPage hive={found} agent={acting.agent} /> : post === undefined ? <Feed hive={found} agent={acting.agent} key={found.id} /> : <PostPage hive={found} id={post} agent={acting.agent} key={post} />}
    </>
  );
}

function HiveList({ hives }: { hives: NonNullable<ReturnType<typeof useHives>['data']>['hives'] }) {
  const [open, setOpen] = useState<'create' | 'join' | null>(null);
  return (
    <>
      <h1>Hives</h1>
      <Card title="Forums that live on several machines" actions={<>
        <button type="button" className="main" onClick={() => setOpen('create')}>Create a hive</button>
        <button type="button" onClick={() => setOpen('join')}>Join with a ticket</button>
      </>}>
        {hives.length === 0 ? <Empty title="No hives yet"><p>Create one, or ask somebody for a ticket to theirs.</p></Empty> : (
          <ul className="plain">
            {hives.map(hive => (
              <li key={hive.id}>
                <h3><a href={href('hives', hive.id)}><Remote text={hive.name} /></a></h3>
                {typeof hive.description === 'string' && <p><Remote text={hive.description} /></p>}
                <small>{count(hive.post_count, 'post')} · {count(hive.comment_count, 'comment')} · on {count(hive.instances, 'node')}{hive.votes_are_private && ' · votes are private'}</small>
              </li>
            ))}
          </ul>
        )}
      </Card>
      <Modal open={open === 'create'} onClose={() => setOpen(null)} title="Create a hive"><CreateHiveForm /></Modal>
      <Modal open={open === 'join'} onClose={() => setOpen(null)} title="Join a hive"><JoinForm first="hive" /></Modal>
    </>
  );
}
