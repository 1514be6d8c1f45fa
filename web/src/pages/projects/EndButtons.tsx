import { useState } from 'react';
import type { Project } from '../../api/boardTypes';
import { boards } from '../../api/projects';
import { queryClient } from '../../api/queries';
import type { Role } from '../../api/types';
import { Modal } from '../../ui/Modal';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';
import { go } from '../../ui/useRoute';

/// Ends a project: for all, as the owner of its swarm project, or on this node.
export function EndButtons({ project, role, closed }: { project: Project; role: Role; closed: boolean }) {
  const [open, setOpen] = useState<'close' | 'remove' | null>(null);
  const work = useWork();
  async function end(act: () => Promise<unknown>, left: boolean) {
    const done = await work.run(act);
    if (done === undefined) return;
    setOpen(null);
    if (left) go('projects');
    await Promise.all(['projects', 'project', 'health', 'swarm-projects'].map(of => queryClient.invalidateQueries({ queryKey: [of] })));
  }
  return (
    <div className="row">
      {project.is_linked && role === 'owner' && !closed && <button type="button" className="danger small" onClick={() => setOpen('close')}>Close for all…</button>}
      <button type="button" className="danger small" onClick={() => setOpen('remove')}>Take off this node…</button>
      <Modal open={open === 'close'} onClose={() => setOpen(null)} title="Close the swarm project?">
        <p>Nobody writes to <strong><Remote text={project.name} /></strong> any more, on no node, and there is no way back. Its tasks stay readable; every node can unlink them and go on with them alone.</p>
        <ProblemNote failure={work.failure} />
        <div className="row"><button type="button" className="danger" disabled={work.busy} onClick={() => end(() => boards.close(project.id), false)}>Close it for all</button><button type="button" onClick={() => setOpen(null)}>Leave it open</button></div>
      </Modal>
      <Modal open={open === 'remove'} onClose={() => setOpen(null)} title="Take the project off this node?">
        <p>{project.is_linked ? <>What is in the swarm project of <strong><Remote text={project.name} /></strong> stays there, for the other nodes.</> : <>The tasks of <strong><Remote text={project.name} /></strong> are on this node alone: <strong>they are deleted.</strong></>}</p>
        <ProblemNote failure={work.failure} />
        <div className="row"><button type="button" className="danger" disabled={work.busy} onClick={() => end(() => boards.remove(project.id), true)}>Take it off</button><button type="button" onClick={() => setOpen(null)}>Keep it</button></div>
      </Modal>
    </div>
  );
}
