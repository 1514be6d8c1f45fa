import { api } from '../../api/client';
import { queryClient, usePolicies } from '../../api/queries';
import type { Policies, PolicyName, Space } from '../../api/types';
import { Card } from '../../ui/Card';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';

/// By which rule rows are chosen that were changed on two nodes at once: to choose for tables, to read for all other kinds of spaces.
export function PolicyCard({ space }: { space: Space }) {
  const { data, error } = usePolicies(space.id);
  if (error) return <Card title="Policies"><ProblemNote failure={error} /></Card>;
  if (data === undefined) return null;
  if (data.choices.length === 0) return data.rules.length === 0 ? null : (
    <Card title="Policies">
      <p>Where two nodes change the same thing without knowing of each other, these rules decide. They are the same in every space of this type; there is nothing to choose.</p>
      <ul>{data.rules.map(rule => <li key={rule}>{rule}</li>)}</ul>
    </Card>
  );
  return <Card title="Policies"><Tables space={space} policies={data} /></Card>;
}

function Tables({ space, policies }: { space: Space; policies: Policies }) {
  const work = useWork();
  const says = new Map(policies.choices.map(choice => [choice.policy, choice.says]));

  async function change(table: string | undefined, policy: string) {
    await work.run(() => api.setPolicy(space.id, table, policy));
    await queryClient.invalidateQueries({ queryKey: ['policies', space.id] });
  }
  const row = (table: string | undefined, policy: PolicyName) => (
    <tr key={table ?? '*'}>
      <td data-label="Table">{table === undefined ? <i>all others, and tables to come</i> : <Remote text={table} />}</td>
      <td data-label="Policy">{policies.may_change
        ? <select aria-label={table === undefined ? 'Policy of all other tables' : `Policy of ${table}`} value={policy} disabled={work.busy} onChange={event => change(table, event.target.value)}>{policies.choices.map(choice => <option key={choice.policy}>{choice.policy}</option>)}</select>
        : policy}</td>
      <td data-label="What it means">{says.get(policy)}</td>
    </tr>
  );
  return (
    <>
      <p>What is shown where two nodes change one row without knowing of each other. A change holds for all nodes, and rows are looked at anew.</p>
      {!policies.may_change && <p className="soft">Your role is {space.role === 'none' ? 'none any more' : space.role}: an owner or moderator may change this.</p>}
      <ProblemNote failure={work.failure} />
      {policies.others == null ? <p className="soft">No file here shows the tables of this space, so that its policies are not known here.</p> : (
        <table className="stacks">
          <thead><tr><th>Table</th><th>Policy</th><th>What it means</th></tr></thead>
          <tbody>{policies.tables.map(({ table, policy }) => row(table, policy))}{row(undefined, policies.others)}</tbody>
        </table>
      )}
    </>
  );
}
