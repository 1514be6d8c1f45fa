import { useMemo } from 'react';
import { useHistory } from '../../api/queries';
import { series } from '../../logic/history';
import { count } from '../../logic/text';
import { duration } from '../../logic/time';
import { Chart } from '../../ui/Chart';
import { Empty } from '../../ui/Empty';
import { ProblemNote } from '../../ui/ProblemNote';
import { useNow } from '../../ui/useNow';

const INTERVAL_MS = 60_000;
const INTERVALS = 60;

/// How much was exchanged a minute, and how long an exchange took from the first difference to equal logs.
export function HistoryChart() {
  const { data, error } = useHistory();
  const minute = Math.ceil(useNow(5_000) / INTERVAL_MS) * INTERVAL_MS;
  const drawn = useMemo(() => series(data?.runs ?? [], minute, INTERVAL_MS, INTERVALS), [data, minute]);
  if (error) return <ProblemNote failure={error} />;
  const events = drawn.events.reduce((sum, each) => sum + each, 0);
  if (events === 0) return <Empty title="Nothing was exchanged in the last hour" />;
  const took = drawn.latency.filter(each => each !== null);
  const mean = took.length === 0 ? '' : `; an exchange took ${duration(took.reduce((sum, each) => sum + each, 0) / took.length)} on average`;
  return (
    <>
      <Chart seconds={drawn.seconds} bars={drawn.events} line={drawn.latency} barsName="events a minute" lineName="time of an exchange"
        label={`${count(events, 'event')} exchanged in the last hour${mean}.`} />
      <p className="soft">{count(events, 'event')} in the last hour{mean}.</p>
    </>
  );
}
