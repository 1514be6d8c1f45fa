import type { Waiting } from '../../api/types';
import { eventHref } from '../../logic/explain';
import { said } from '../../logic/activity';
import { Card } from '../../ui/Card';
import { NodeId } from '../../ui/NodeNames';
import { Remote } from '../../ui/Remote';

/// Events that are here and cannot be used yet.
export function WaitingList({ waiting }: { waiting: Waiting[] }) {
  if (waiting.length === 0) return null;
  return (
    <Card title={`Waiting: ${waiting.length}`}>
      <ul className="plain">{waiting.map(each => <li key={each.id}><NodeId node={each.origin} /> <Remote text={said(each.type)} /> <span className="soft">#{each.seq}</span>: waits for <Remote text={each.for} /> <a href={eventHref(each.id)}>Explain</a></li>)}</ul>
    </Card>
  );
}
