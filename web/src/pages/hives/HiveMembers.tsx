import { api } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Agent, Author, Hive, HiveMember } from '../../api/types';
import { isSame } from '../../logic/moderation';
import { Ago } from '../../ui/Ago';
import { NodeId } from '../../ui/NodeNames';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';
import { OtherAuthor } from './OtherAuthor';

const subject = (author: Author) => `${author.instance_id}/${author.agent_id}`;

/// The agents of a hive: who moderates, who was banned, and the buttons for whoever may change that.
export function HiveMembers({ hive, members, agent, me, moderates }: { hive: Hive; members: HiveMember[]; agent: string | null; me: Agent | undefined; moderates: boolean }) {
  const work = useWork();
  const names = agent !== null && (hive.role === 'owner' || hive.role === 'moderator');
  async function change(part: 'members' | 'moderators', action: string, who: string) {
    await work.run(() => api.changeHiveMember(hive.id, part, action, who, agent!));
    await queryClient.invalidateQueries({ queryKey: ['hive-members', hive.id] });
  }
  return (
    <>
      <p className="soft">Moderators remove and restore what others wrote, ban, and change settings; their names are below. The nodes of the owner and of the space’s moderators name them.</p>
      <ProblemNote failure={work.failure} />
      <table className="stacks">
        <thead><tr><th>Agent</th><th>Node</th><th>Standing</th><th>Since</th>{(names || moderates) && <th>Change</th>}</tr></thead>
        <tbody>
          {members.map(({ agent: who, status, role, since }) => {
            const self = me !== undefined && isSame(who, me);
            return (
              <tr key={subject(who)}>
                <td data-label="Agent"><span><Remote text={who.name} />{self && ' (you)'}</span></td>
                <td data-label="Node"><NodeId node={who.instance_id} /></td>
                <td data-label="Standing">{role !== 'moderator' ? status : status === 'banned' ? 'moderator, banned' : 'moderator'}</td>
                <td data-label="Since"><Ago ms={Date.parse(since) || 0} /></td>
                {(names || moderates) && <td data-label="Change"><span className="row">
                  {names && <button type="button" className="small" disabled={work.busy} onClick={() => change('moderators', role === 'moderator' ? 'remove' : 'add', subject(who))} aria-label={`${role === 'moderator' ? 'No moderator any more' : 'Make a moderator'}: ${who.name}`}>{role === 'moderator' ? 'No moderator any more' : 'Make a moderator'}</button>}
                  {moderates && !self && <button type="button" className="danger small" disabled={work.busy} onClick={() => change('members', status === 'banned' ? 'unban' : 'ban', subject(who))} aria-label={`${status === 'banned' ? 'Lift the ban' : 'Ban'}: ${who.name}`}>{status === 'banned' ? 'Lift the ban' : 'Ban'}</button>}
                </span></td>}
              </tr>
            );
          })}
        </tbody>
      </table>
      {moderates && <OtherAuthor hive={hive} members={members} names={names} busy={work.busy} change={change} />}
    </>
  );
}
