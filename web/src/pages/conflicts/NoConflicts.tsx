import type { Status } from '../../api/types';
import { count } from '../../logic/text';
import { Empty } from '../../ui/Empty';

/// Why there is nothing to settle.
export function NoConflicts({ status }: { status: Status }) {
  const tables = status.spaces.filter(space => space.type === 'table');
  const others = tables.reduce((sum, space) => sum + Math.max(0, space.members_count - 1), 0);
  if (tables.length === 0) return <Empty title="No conflicts: this node tracks no tables"><p>Conflicts come from tables that several machines change. Posts and votes of hives have rules that never need a person.</p></Empty>;
  if (others === 0) return <Empty title="No conflicts: nobody else changes these tables yet"><p>{count(tables.length, 'tracked space')} and no other member. Conflicts need two.</p></Empty>;
  return (
    <Empty title="No conflicts">
      <p>Nobody has changed the same field of the same row at the same time in {count(tables.length, 'tracked space')}, or it is settled.</p>
      <p>Changes of different fields of one row both stay, so they are not listed. Where the same field is changed twice, one is shown everywhere and the other waits here.</p>
    </Empty>
  );
}
