import type { Space } from '../../api/types';
import { count } from '../../logic/text';
import { href } from '../../logic/route';
import { Remote } from '../../ui/Remote';

export function SpaceList({ spaces }: { spaces: Space[] }) {
  return (
    <ul className="plain">
      {spaces.map(space => (
        <li key={space.id}>
          <a href={href('spaces', space.id)}><strong><Remote text={space.name} /></strong></a>{' '}
          <span className="soft">{space.type ?? 'unknown type'} · {count(space.members_count, 'member')} · {count(space.events, 'event')}</span>
          <div><Remote text={space.state} /></div>
        </li>
      ))}
    </ul>
  );
}
