import type { Conflict, Job } from '../../api/types';
import type { Choice } from '../../logic/conflict';
import { JobBar } from '../../ui/JobBar';

/// The same decision for many.
export function BulkBar({ conflicts, selected, busy, job, select, settle }: {
  conflicts: Conflict[]; selected: Conflict[]; busy: boolean; job: Job<unknown> | null; select: (ids: string[]) => void; settle: (keep: Choice['keep']) => void;
}) {
  const all = selected.length === conflicts.length;
  return (
    <div className="card row bulk" role="group" aria-label="Many at once">
      <label className="check"><input type="checkbox" checked={all} onChange={() => select(all ? [] : conflicts.map(conflict => conflict.id))} /> all {conflicts.length}</label>
      <span className="soft">{selected.length} chosen</span>
      <button type="button" disabled={busy || selected.length === 0} onClick={() => settle('shown')}>Keep what is shown</button>
      <button type="button" disabled={busy || selected.length === 0} onClick={() => settle('other')}>Take the other</button>
      <JobBar job={job} />
    </div>
  );
}
