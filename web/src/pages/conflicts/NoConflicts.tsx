import type { Status } from '../../api/types';
import { count } from '../../logic/text';
import { href } from '../../logic/route';
import { Empty } from '../../ui/Empty';

/// Why there is nothing to settle.
export function NoConflicts({ status }: { status: Status }) {
  const tables = status.spaces.filter(space => space.type === 'table');
  const others = tables.reduce((sum, space) => sum + Math.max(0, space.members_count - 1), 0);
  return (
    <Empty title="No conflicts">
      <p>{tables.length === 0 ? <>This node keeps no database in step with others yet: <a href={href('start')}>track one, or join one with a ticket</a>.</>
        : others === 0 ? <>Only this node changes {count(tables.length, 'tracked database')} so far. Conflicts need two: invite another machine on the page of a <a href={href('spaces')}>space</a>.</>
          : <>There is nothing for you to decide in {count(tables.length, 'tracked database')}.</>}</p>
      <p>A conflict comes about when two machines change the same field of the same row before they have heard of each other, for example while one was offline. All machines then show the same one of the two values,
        and the other one waits here until you say which is right. Nothing is lost meanwhile.</p>
      <p className="soft">Changes of different fields of one row are no conflict: both stay. Posts and votes of hives never need a decision.</p>
    </Empty>
  );
}
