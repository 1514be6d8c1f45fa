import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../../api/client';
import { useHistory } from '../../api/queries';
import type { Status } from '../../api/types';
import { activity } from '../../logic/activity';
import { Ago } from '../../ui/Ago';
import { Empty } from '../../ui/Empty';
import { NodeId } from '../../ui/NodeNames';
import { Remote } from '../../ui/Remote';

const LINES = 12;
const ENTRIES = 40;
const SPACES_MAX = 8;

/// What was written and exchanged last.
export function Activity({ status }: { status: Status }) {
  const { data: history } = useHistory();
  const spaces = status.spaces.slice(0, SPACES_MAX);
  const tails = useQueries({ queries: spaces.map(space => ({ queryKey: ['tail', space.id], queryFn: () => api.log(space.id, { limit: ENTRIES }) })) });
  const stamp = tails.map(tail => tail.dataUpdatedAt).join();
  const lines = useMemo(() => activity(history?.runs ?? [], spaces.map((space, index) => ({ space: space.id, name: space.name, entries: tails[index]?.data?.entries ?? [] })), status.node, LINES),
    [history, stamp, status.node]);
  if (lines.length === 0) return <Empty title="Nothing has happened yet"><p>What programs write into spaces, and what is exchanged with peers, comes here as it happens.</p></Empty>;
  return (
    <ul className="plain activity">
      {lines.map(line => (
        <li key={line.key} className={line.bad ? 'bad' : ''}>
          <span>{line.who === '' ? 'this node' : <NodeId node={line.who} />} <Remote text={line.what} /> <span className="soft">in <Remote text={line.space} /></span></span>
          <small><Ago ms={line.ms} /></small>
        </li>
      ))}
    </ul>
  );
}
