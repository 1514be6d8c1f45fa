import { useMemo } from 'react';
import { useHistory } from '../../api/queries';
import { said, series } from '../../logic/history';
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
  if (drawn.events.every(each => each === 0)) return <Empty title="Nothing was exchanged in the last hour" />;
  return (
    <>
      <Chart seconds={drawn.seconds} bars={drawn.events} line={drawn.latency} barsName="events a minute" lineName="time of an exchange"
        label={`${said(drawn)}.`} />
      <p className="soft">{said(drawn)}.</p>
    </>
  );
}
