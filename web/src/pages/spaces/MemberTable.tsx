import { useState, type FormEvent } from 'react';
import { api } from '../../api/client';
import { queryClient, useMembers } from '../../api/queries';
import type { Role, Space } from '../../api/types';
import { Card } from '../../ui/Card';
import { NodeId } from '../../ui/NodeNames';
import { ProblemNote } from '../../ui/ProblemNote';
import { useWork } from '../../ui/useWork';
import { RemoveDialog } from './RemoveDialog';

const RANK: Record<Role, number> = { owner: 3, moderator: 2, writer: 1, coordinator: 1, reader: 1, none: 0 };
const GIVEN = ['moderator', 'writer', 'coordinator', 'reader'] as const;

/// Who belongs to a space, in which role, and what changes that. Buttons are there for whoever may; the node decides.
export function MemberTable({ space }: { space: Space }) {
  const { data, error } = useMembers(space.id);
  const [removing, setRemoving] = useState<string | null>(null);
  const work = useWork();
  if (error) return <Card title="Members"><ProblemNote failure={error} /></Card>;
  if (data === undefined) return null;
  const mine = RANK[space.role];

  async function change(act: () => Promise<unknown>) {
    await work.run(act);
    await queryClient.invalidateQueries({ queryKey: ['members', space.id] });
  }
  return (
    <Card title="Members">
      <ProblemNote failure={work.failure} />
      <table className="stacks">
        <thead><tr><th>Node</th><th>Role</th><th>Change</th></tr></thead>
        <tbody>
          {data.members.map(member => (
            <tr key={member.node}>
              <td data-label="Node"><span><NodeId node={member.node} />{member.self && ' this node'}</span></td>
              <td data-label="Role">
                {mine > RANK[member.role] && mine > 1 && !member.self ? (
                  <select aria-label={`Role of ${member.node.slice(0, 8)}`} value={member.role} disabled={work.busy} onChange={event => change(() => api.setRole(space.id, member.node, event.target.value))}>
                    {GIVEN.filter(role => RANK[role] < mine).map(role => <option key={role}>{role}</option>)}
                  </select>
                ) : member.role}
              </td>
              <td data-label="Change">
                <span className="row">
                  {mine > RANK[member.role] && mine > 1 && !member.self && <button type="button" className="danger small" onClick={() => setRemoving(member.node)}>Remove…</button>}
                  {space.role === 'owner' && !member.self && <TransferButton busy={work.busy} transfer={() => change(() => api.transfer(space.id, member.node))} />}
                </span>
              </td>
            </tr>
          ))}
          {data.former.map(former => (
            <tr key={former.node}>
              <td data-label="Node"><NodeId node={former.node} /></td>
              <td data-label="Role" className="soft">no member any more</td>
              <td data-label="Change">{mine > 1 && <button type="button" className="small" disabled={work.busy} onClick={() => change(() => api.readmit(space.id, former.node))}>Let its voided events count again</button>}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {mine > 1 && <AddMember busy={work.busy} add={(node, role) => change(() => api.addMember(space.id, node, role))} />}
      {removing !== null && <RemoveDialog space={space} node={removing} onClose={() => setRemoving(null)} />}
    </Card>
  );
}

/// Two presses: there is no way back but by the new owner.
function TransferButton({ busy, transfer }: { busy: boolean; transfer: () => void }) {
  const [asked, setAsked] = useState(false);
  if (!asked) return <button type="button" className="small" onClick={() => setAsked(true)}>Make owner…</button>;
  return <><button type="button" className="danger small" disabled={busy} onClick={transfer}>Yes, give it the space</button><button type="button" className="small" onClick={() => setAsked(false)}>No</button></>;
}

function AddMember({ busy, add }: { busy: boolean; add: (node: string, role: string) => void }) {
  const [node, setNode] = useState('');
  const [role, setRole] = useState('writer');
  function submit(event: FormEvent) {
    event.preventDefault();
    add(node.trim(), role);
    setNode('');
  }
  return (
    <form className="row add" onSubmit={submit}>
      <input aria-label="Whole id of a node to add" placeholder="whole id of a node (64 digits)" required pattern="[0-9a-f]{64}" value={node} onChange={event => setNode(event.target.value)} spellCheck={false} autoComplete="off" />
      <select aria-label="Its role" value={role} onChange={event => setRole(event.target.value)}>{GIVEN.map(each => <option key={each}>{each}</option>)}</select>
      <button disabled={busy}>Add</button>
    </form>
  );
}
