import { useState } from 'react';
import type { Project } from '../../api/boardTypes';
import { boards } from '../../api/projects';
import { queryClient } from '../../api/queries';
import { Modal } from '../../ui/Modal';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';

/// Takes a project off its swarm project, after saying what that means.
export function UnlinkDialog({ project, open, onClose }: { project: Project; open: boolean; onClose: () => void }) {
  const [notify, setNotify] = useState(false);
  const work = useWork();
  async function unlink() {
    const done = await work.run(() => boards.unlink(project.id, notify));
    await Promise.all(['projects', 'project', 'health', 'board-nodes', 'board', 'swarm-projects'].map(of => queryClient.invalidateQueries({ queryKey: [of] })));
    if (done !== undefined) onClose();
  }
  return (
    <Modal open={open} onClose={onClose} title="Unlink from the swarm">
      <p>Are you sure you want to unlink <strong><Remote text={project.name} /></strong> from Swarm?</p>
      <ul className="warnings">
        <li>This will clear all sync state for this project.</li>
        <li>Tasks will no longer be shared with other nodes.</li>
      </ul>
      <p className="soft">The tasks stay here as tasks of this node alone; what runs here for them is given back. The project can be linked again later.</p>
      <label className="check"><input type="checkbox" checked={notify} onChange={event => setNotify(event.target.checked)} /> Tell the hub, and the other nodes, that this node takes no part any more</label>
      <ProblemNote failure={work.failure} />
      <div className="row dialog-end"><button type="button" className="danger" disabled={work.busy} onClick={unlink}>{work.busy ? 'Unlinking…' : 'Unlink'}</button><button type="button" onClick={onClose}>Stay linked</button></div>
    </Modal>
  );
}
