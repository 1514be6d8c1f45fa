import type { ReactNode } from 'react';
import type { Project } from '../../api/boardTypes';
import { href } from '../../logic/route';
import { Remote } from '../../ui/Remote';

/// The way from all projects to what is shown.
export function Where({ project, children }: { project?: Project; children?: ReactNode }) {
  return (
    <div className="row where">
      <nav aria-label="Where this is"><a href={href('projects')}>Projects</a>{project !== undefined && <> › <a href={href('projects', project.id)}><Remote text={project.name} /></a></>}</nav>
      {children}
    </div>
  );
}
