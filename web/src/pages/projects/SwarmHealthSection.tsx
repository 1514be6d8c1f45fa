import { useState } from 'react';
import type { Project } from '../../api/boardTypes';
import { boards } from '../../api/projects';
import { queryClient, useHealthOfAll } from '../../api/queries';
import { fixAll, ORPHANED_HOW, swarmHealth, type Fixed } from '../../logic/health';
import { count } from '../../logic/text';
import { Card } from '../../ui/Card';
import { JobBar } from '../../ui/JobBar';
import { ProblemNote } from '../../ui/ProblemNote';
import { Remote } from '../../ui/Remote';
import { useWork } from '../../ui/useWork';

/// What is wrong between this node's projects and their swarms, and one button for all of it. Not there while nothing is; a result stays until it is put away.
export function SwarmHealthSection({ projects }: { projects: Project[] }) {
  const of = useHealthOfAll(projects);
  const health = swarmHealth(projects, of.map(each => each.data));
  const [fixed, setFixed] = useState<Fixed | null>(null);
  const work = useWork();
  if (health.isHealthy && fixed === null && !work.busy && work.failure === null) return null;

  async function fix() {
    setFixed(null);
    const done = await work.run(progress => fixAll(projects, boards.health, id => boards.unlink(id, false), (number, total) => progress({ id: '', what: 'Unlinking projects', done: number, total, state: 'running' })));
    if (done) setFixed(done);
    await Promise.all(['projects', 'project', 'health'].map(of => queryClient.invalidateQueries({ queryKey: [of] })));
  }
  const broken = projects.filter((_, index) => of[index]?.data?.has_sync_issues);
  return (
    <Card title="Swarm health" className="swarm-health">
      {!health.isHealthy && (
        <>
          <p><span className="health"><span aria-hidden="true">⚠</span> {count(health.projectsWithIssues, 'project')} with sync issues, {count(health.totalOrphanedTasks, 'orphaned task')}</span></p>
          <p>{broken.length === 1 ? 'Project' : 'Projects'}: {broken.map((project, index) => <span key={project.id}>{index > 0 && ', '}<strong><Remote text={project.name} /></strong></span>)}</p>
          <p className="soft">{ORPHANED_HOW} Fixing unlinks {broken.length === 1 ? 'this project' : 'these projects'}: {broken.length === 1 ? 'its' : 'their'} tasks stay here as tasks of this node alone, and can be linked again.</p>
        </>
      )}
      <JobBar job={work.job} />
      <ProblemNote failure={work.failure} />
      <div role="status">{fixed !== null && (
        <>
          <p><strong>{fixed.fixed} fixed, {count(fixed.failed.length, 'error')}.</strong>{fixed.failed.length === 0 && ' Their tasks are tasks of this node alone now.'}</p>
          {fixed.failed.length > 0 && <ul>{fixed.failed.map(each => <li key={each.name}><strong><Remote text={each.name} /></strong>: <Remote text={each.why} /></li>)}</ul>}
        </>
      )}</div>
      <div className="row">
        {!health.isHealthy && <button type="button" className="main" disabled={work.busy} onClick={fix}>{work.busy ? 'Fixing…' : 'Fix all issues'}</button>}
        {fixed !== null && <button type="button" onClick={() => setFixed(null)}>Put this away</button>}
      </div>
    </Card>
  );
}
