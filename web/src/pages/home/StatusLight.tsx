import { useEffect, useState } from 'react';
import { api } from '../../api/client';
import type { Checked, Job, Light, Status } from '../../api/types';
import { href } from '../../logic/route';
import { JobBar } from '../../ui/JobBar';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';

const WORDS = { green: 'In sync', yellow: 'Working or waiting', red: 'Stuck' } as const;

type Answer = { says: string } | { checked: Checked } | { failure: unknown } | null;

/// The light, why it has its colour, and the button that helps.
export function StatusLight({ status }: { status: Status }) {
  const { light } = status;
  const [job, setJob] = useState<Job<unknown> | null>(null);
  const [answer, setAnswer] = useState<Answer>(null);
  const [busy, setBusy] = useState(false);

  async function run(work: () => Promise<Answer>) {
    setBusy(true);
    setAnswer(null);
    try {
      setAnswer(await work());
    } catch (failure) {
      setAnswer({ failure });
    }
    setJob(null);
    setBusy(false);
  }
  useEffect(() => {                                        // what was found has passed
    if (light.color !== 'red') setAnswer(now => now !== null && 'checked' in now ? null : now);
  }, [light.color]);
  const sync = () => run(async () => ({ says: (await api.syncNow(setJob)).summary }));
  const check = () => run(async () => ({ checked: await api.check(setJob) }));

  return (
    <section className={`light ${light.color}`} aria-label="Status">
      <span className="lamp" aria-hidden="true" />
      <div className="what">
        <p className="word" role="status">{light.says.startsWith(WORDS[light.color]) ? <strong><Remote text={light.says} /></strong> : <><strong>{WORDS[light.color]}.</strong> <Remote text={light.says} /></>}</p>
        {status.reasons.length > 1 && <ul>{status.reasons.map(reason => <li key={reason}><Remote text={reason} /></li>)}</ul>}
        <JobBar job={job} />
        {answer && 'says' in answer && <p role="status"><Remote text={answer.says} /></p>}
        {answer && 'failure' in answer && <ProblemNote failure={answer.failure} />}
        {answer && 'checked' in answer && <Checks checked={answer.checked} />}
      </div>
      <div className="actions">
        <Help light={light} busy={busy} check={check} />
        <button type="button" className={light.help === 'sync' ? 'main' : ''} disabled={busy} onClick={sync}>Sync now</button>
      </div>
    </section>
  );
}

function Help({ light, busy, check }: { light: Light; busy: boolean; check: () => void }) {
  switch (light.help) {
    case 'start': return <a className="button main" href={href('start')}>Begin</a>;
    case 'space': return <a className="button main" href={href('spaces', light.space)}>Look at the space</a>;
    case 'check': return <button type="button" className="main" disabled={busy} onClick={check}>Check the node</button>;
    case 'sync':
    case 'none': return null;
  }
}

function Checks({ checked }: { checked: Checked }) {
  return (
    <>
      <p role="status">{checked.healthy ? 'The check found nothing wrong on the disk.' : 'The check found this:'}</p>
      <ul>{checked.checks.filter(each => checked.healthy || each.result !== 'ok').map(each => <li key={each.what}><Remote text={each.what} />: <Remote text={each.says || each.result} /></li>)}</ul>
    </>
  );
}
