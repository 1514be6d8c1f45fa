import { useExplanation } from '../../api/queries';
import type { ExplainQuery } from '../../api/types';
import { href } from '../../logic/route';
import { Card } from '../../ui/Card';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { StepList } from './StepList';

/// What the node knows of one event, row, post, comment or task. It follows the node's status: who acknowledged it meanwhile appears.
export function Explanation({ query }: { query: ExplainQuery }) {
  const { data, error } = useExplanation(query);
  if (error) return <ProblemNote failure={error} />;
  if (data === undefined) return <p role="status">Asking the node…</p>;
  return (
    <Card title={data.title} actions={data.offset !== undefined && <a href={href('spaces', data.space, 'log')}>Its log</a>}>
      <p className="summary" role="status"><strong><Remote text={data.summary} /></strong></p>
      <StepList steps={data.steps} space={data.space} />
    </Card>
  );
}

/// The same inside a dialog that has a heading of its own.
export function EventWay({ id, space }: { id: string; space: string }) {
  const { data, error } = useExplanation({ event: id, space });
  return (
    <section className="way" aria-label="Its way">
      <h3>Its way</h3>
      <ProblemNote failure={error} />
      {data === undefined ? error === null && <p role="status">Asking the node…</p> : (
        <>
          <p className="summary"><strong><Remote text={data.summary} /></strong></p>
          <StepList steps={data.steps} space={data.space} />
        </>
      )}
    </section>
  );
}
