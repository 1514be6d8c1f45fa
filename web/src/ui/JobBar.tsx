import type { Job } from '../api/types';
import { Remote } from './Remote';

/// How far long work is.
export function JobBar({ job }: { job: Job<unknown> | null }) {
  if (job === null) return null;
  return (
    <div className="job" role="status">
      <Remote text={job.what} />
      <progress aria-label={job.what} max={job.total || undefined} value={job.total > 0 ? job.done : undefined} />
      {job.total > 0 && <span>{job.done.toLocaleString('en')} of {job.total.toLocaleString('en')}</span>}
    </div>
  );
}
