import { useState } from 'react';
import { api } from '../../api/client';
import type { Space } from '../../api/types';
import { JobBar } from '../../ui/JobBar';
import { ProblemNote } from '../../ui/ProblemNote';
import { useWork } from '../../ui/useWork';

/// Makes the log small: nothing that can be read changes.
export function CompactButton({ space }: { space: Space }) {
  const [said, setSaid] = useState('');
  const work = useWork();
  async function compact() {
    const done = await work.run(progress => api.compact(space.id, progress));
    if (done) setSaid(done.condensed ? 'The log is condensed up to the last checkpoint; its file shrinks at the next start.' : 'There is nothing to condense yet.');
  }
  return (
    <>
      <button type="button" className="small" disabled={work.busy} onClick={compact}>Make the log small</button>
      <span role="status" className="soft"> {said}</span>
      <JobBar job={work.job} />
      <ProblemNote failure={work.failure} />
    </>
  );
}
