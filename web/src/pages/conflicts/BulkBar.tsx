import type { Job } from '../../api/types';
import { JobBar } from '../../ui/JobBar';

/// The same decision for many, also for those that are not shown yet.
export function BulkBar({ all, chosen, busy, job, chooseAll, chooseNone, settle }: {
  all: number; chosen: number; busy: boolean; job: Job<unknown> | null; chooseAll: () => void; chooseNone: () => void; settle: (keep: 'shown' | 'other') => void;
}) {
  return (
    <div className="card row bulk" role="group" aria-label="Many at once">
      <label className="check"><input type="checkbox" checked={chosen === all} onChange={chosen === all ? chooseNone : chooseAll} /> all {all.toLocaleString('en')}</label>
      <span className="soft">{chosen.toLocaleString('en')} chosen</span>
      <button type="button" disabled={busy || chosen === 0} onClick={() => settle('shown')}>Keep what is shown</button>
      <button type="button" disabled={busy || chosen === 0} onClick={() => settle('other')}>Take the other</button>
      <JobBar job={job} />
    </div>
  );
}
