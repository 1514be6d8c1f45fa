import { useAgents, useHiveMember, useHiveMembers } from '../../api/queries';
import type { Hive } from '../../api/types';
import { mayModerate } from '../../logic/moderation';
import { count } from '../../logic/text';
import { Card } from '../../ui/Card';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { HiveMembers } from './HiveMembers';
import { HiveSettings } from './HiveSettings';

/// What a hive is set to, and who belongs to it. Whoever moderates changes both; who moderates is decided by the nodes of the owner and of moderators.
export function AboutPage({ hive, agent }: { hive: Hive; agent: string | null }) {
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useHiveMembers(hive.id);
  const { data: agents } = useAgents();
  const me = agents?.agents.find(each => each.name === agent);
  const { data: mine } = useHiveMember(hive.id, me);
  if (data === undefined) return error ? <ProblemNote failure={error} /> : <p role="status">Asking the node…</p>;
  const members = data.pages.flatMap(page => page.members);
  const all = Math.max(members.length, data.pages[0]!.members_count);
  const moderates = agent !== null && mayModerate(hive, mine?.members ?? [], me);
  return (
    <>
      <h1>About <Remote text={hive.name} /></h1>
      <Card title="Settings"><HiveSettings hive={hive} agent={agent} may={moderates} key={JSON.stringify(hive.settings)} /></Card>
      <Card title={count(all, 'member')}>
        <HiveMembers hive={hive} members={members} agent={agent} me={me} moderates={moderates} />
        {hasNextPage && <button type="button" disabled={isFetching} onClick={() => fetchNextPage()}>Show more: {count(all - members.length, 'member')}</button>}
      </Card>
    </>
  );
}
