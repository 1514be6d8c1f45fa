import { useState } from 'react';
import { api } from '../../api/client';
import type { Space } from '../../api/types';
import { Modal } from '../../ui/Modal';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';
import { go } from '../../ui/useRoute';

/// Leaves a space, after saying what that means.
export function LeaveButton({ space }: { space: Space }) {
  const [open, setOpen] = useState(false);
  const work = useWork();
  async function leave() {
    if (await work.run(() => api.leave(space.id)) !== undefined) go('spaces');
  }
  return (
    <>
      <button type="button" className="danger small" onClick={() => setOpen(true)}>Leave this space…</button>
      <Modal open={open} onClose={() => setOpen(false)} title="Leave this space?">
        <p>This node says goodbye to the members of <strong><Remote text={space.name} /></strong> and takes no part any more. The file and the log stay on this machine; coming back needs a new ticket.
          {space.role === 'owner' && ' This node is the owner: make another member the owner first, or nobody can let others in.'}</p>
        <ProblemNote failure={work.failure} />
        <div className="row"><button type="button" className="danger" disabled={work.busy} onClick={leave}>Leave</button><button type="button" onClick={() => setOpen(false)}>Stay</button></div>
      </Modal>
    </>
  );
}
