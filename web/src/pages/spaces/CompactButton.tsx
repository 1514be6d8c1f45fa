import { useState } from 'react';
import { api } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Space } from '../../api/types';
import { JobBar } from '../../ui/JobBar';
import { ProblemNote } from '../../ui/ProblemNote';
import { useWork } from '../../ui/useWork';

/// Makes the log small: nothing that can be read changes.
///
/// @param applies whether a run would change anything
export function CompactButton({ space, applies }: { space: Space; applies: boolean }) {
  const [said, setSaid] = useState('');
  const work = useWork();
  async function compact() {
    const done = await work.run(progress => api.compact(space.id, progress));
    await queryClient.invalidateQueries({ queryKey: ['storage', space.id] });
    if (done) setSaid(done.condensed ? 'The log is condensed up to the last checkpoint; its file shrinks at the next start.' : 'There is nothing to condense yet.');
  }
  return (
    <>
      {(applies || work.busy) && <button type="button" className="small" disabled={work.busy} onClick={compact}>Make the log small</button>}
      <span role="status" className="soft"> {said}</span>
      <JobBar job={work.job} />
      <ProblemNote failure={work.failure} />
    </>
  );
}
