import { useState } from 'react';
import type { Project } from '../../api/boardTypes';
import { boards } from '../../api/projects';
import { queryClient, useHealth } from '../../api/queries';
import { ProblemNote } from '../../ui/ProblemNote';
import { useWork } from '../../ui/useWork';
import { LinkDialog } from './LinkDialog';
import { UnlinkDialog } from './UnlinkDialog';

/// What ties a project to a swarm, and what takes it off. What is left over of an old link can be cleared, too.
export function LinkButtons({ project, small = false }: { project: Project; small?: boolean }) {
  const [open, setOpen] = useState<'link' | 'unlink' | null>(null);
  const { data: health } = useHealth(project.id);
  const work = useWork();
  async function share() {
    await work.run(() => boards.share(project.id));
    await Promise.all(['projects', 'project', 'health', 'swarm-projects'].map(of => queryClient.invalidateQueries({ queryKey: [of] })));
  }
  const size = small ? 'small' : '';
  return (
    <>
      {!project.is_linked && <button type="button" className={`${size} ${small ? '' : 'main'}`} disabled={work.busy} onClick={share} aria-label={small ? `Share ${project.name}` : undefined}>Share</button>}
      {!project.is_linked && <button type="button" className={size} onClick={() => setOpen('link')} aria-label={small ? `Link ${project.name}` : undefined}>Link…</button>}
      {(project.is_linked || health?.has_sync_issues) && <button type="button" className={`${size} danger`} onClick={() => setOpen('unlink')} aria-label={small ? `Unlink ${project.name}` : undefined}>Unlink…</button>}
      <ProblemNote failure={work.failure} />
      <LinkDialog project={project} open={open === 'link'} onClose={() => setOpen(null)} />
      <UnlinkDialog project={project} open={open === 'unlink'} onClose={() => setOpen(null)} />
    </>
  );
}
