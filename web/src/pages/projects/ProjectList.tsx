import { useState } from 'react';
import type { Project } from '../../api/boardTypes';
import { href } from '../../logic/route';
import { Card } from '../../ui/Card';
import { Empty } from '../../ui/Empty';
import { Modal } from '../../ui/Modal';
import { JoinForm } from '../spaces/JoinForm';
import { CreateProjectForm } from './CreateProjectForm';
import { ProjectCard } from './ProjectCard';
import { SwarmHealthSection } from './SwarmHealthSection';

/// All projects of this node.
export function ProjectList({ projects }: { projects: Project[] }) {
  const [open, setOpen] = useState<'create' | 'join' | null>(null);
  return (
    <>
      <h1>Projects</h1>
      <SwarmHealthSection projects={projects} />
      <Card title="Lists of tasks, of this node alone or of a swarm of nodes" actions={<>
        <button type="button" className="main" onClick={() => setOpen('create')}>Create a project</button>
        <button type="button" onClick={() => setOpen('join')}>Join with a ticket</button>
        <a className="button" href={href('swarm')}>Node projects and settings</a>
      </>}>
        {projects.length === 0 ? (
          <Empty title="No projects yet">
            <p>A project is a board of tasks. It works on this node alone, without a network; shared, several nodes work on it together.</p>
            <p>Create one, or ask somebody for a ticket to theirs. <code>waggle import board FILE.jsonl</code> loads the tasks of another tracker.</p>
          </Empty>
        ) : <ul className="plain projects">{projects.map(project => <ProjectCard key={project.id} project={project} />)}</ul>}
      </Card>
      <Modal open={open === 'create'} onClose={() => setOpen(null)} title="Create a project"><CreateProjectForm /></Modal>
      <Modal open={open === 'join'} onClose={() => setOpen(null)} title="Join a project"><JoinForm first="project" /></Modal>
    </>
  );
}
