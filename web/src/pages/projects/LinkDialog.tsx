import { useState, type FormEvent } from 'react';
import type { Project, SwarmProject } from '../../api/boardTypes';
import { boards } from '../../api/projects';
import { queryClient, useSwarmProjects } from '../../api/queries';
import { count } from '../../logic/text';
import { Field } from '../../ui/Field';
import { JobBar } from '../../ui/JobBar';
import { Modal } from '../../ui/Modal';
import { ProblemNote } from '../../ui/ProblemNote';
import { useWork } from '../../ui/useWork';
import { shown } from '../../logic/text';

/// Links a project of this node to a swarm project that it is a member of, or that a ticket lets it into.
export function LinkDialog({ project, open, onClose }: { project: Project; open: boolean; onClose: () => void }) {
  return <Modal open={open} onClose={onClose} title="Link to a swarm project">{open && <LinkForm project={project} onClose={onClose} />}</Modal>;
}

function LinkForm({ project, onClose }: { project: Project; onClose: () => void }) {
  const { data, error } = useSwarmProjects();
  const [chosen, setChosen] = useState('');
  const [ticket, setTicket] = useState('');
  const work = useWork();
  const free = (data ?? []).filter((each: SwarmProject) => each.project_id === null && !each.closed);
  const byTicket = chosen === 'ticket' || free.length === 0;

  async function link(event: FormEvent) {
    event.preventDefault();
    const done = await work.run(progress => byTicket ? boards.join(ticket.trim(), '', project.id, progress) : boards.link(project.id, chosen, progress));
    await Promise.all(['projects', 'project', 'health', 'board', 'swarm-projects'].map(of => queryClient.invalidateQueries({ queryKey: [of] })));
    if (done !== undefined) onClose();
  }
  if (data === undefined) return error ? <ProblemNote failure={error} /> : <p role="status">Asking the node…</p>;
  return (
    <form onSubmit={link}>
      <p>The tasks of this project are written anew into the swarm project, beside those that are there; they keep their ids here. Claims are given back first.</p>
      {free.length > 0 && (
        <Field label="Swarm project">
          {ids => (
            <select {...ids} required value={chosen} onChange={event => setChosen(event.target.value)}>
              <option value="">choose…</option>
              {free.map(each => <option key={each.id} value={each.id}>{shown(each.name)} ({count(each.task_count, 'task')})</option>)}
              <option value="ticket">another one, with a ticket</option>
            </select>
          )}
        </Field>
      )}
      {byTicket && (
        <Field label="Ticket" hint={`The text that begins with waggle1, from somebody who invited this node.${free.length === 0 ? ' This node is in no other swarm project that it could be linked to.' : ''}`}>
          {ids => <textarea {...ids} required value={ticket} onChange={event => setTicket(event.target.value)} spellCheck={false} autoComplete="off" />}
        </Field>
      )}
      <JobBar job={work.job} />
      <ProblemNote failure={work.failure} />
      <button className="main" disabled={work.busy}>Link</button>
    </form>
  );
}
