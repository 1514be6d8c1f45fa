import type { Status } from '../../api/types';
import { queryOf } from '../../logic/explain';
import { Card } from '../../ui/Card';
import { EventForm } from './EventForm';
import { Explanation } from './Explanation';
import { RowForm } from './RowForm';

/// Where is my change, and why does this row say that?
export function ExplainPage({ asked, status }: { asked: string[]; status: Status }) {
  const query = queryOf(asked);
  const spaces = status.spaces.filter(space => space.type === 'table' && space.file != null);
  return (
    <>
      <h1>Where is my change?</h1>
      <p className="soft">Who wrote it and when, who is known to have it, whether it shows here, what it waits for, and what it lost against. Posts, comments and tasks are explained where they are shown, and by <code>waggle explain</code>.</p>
      <Card title="Ask">
        <EventForm />
        <RowForm spaces={spaces} />
      </Card>
      {query !== null && <Explanation query={query} key={asked.join('/')} />}
    </>
  );
}
