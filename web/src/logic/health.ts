import type { Issue, Project, SyncHealth } from '../api/boardTypes';
import { count } from './text';

/// How all projects of the node stand with the swarm.
export interface SwarmHealth { totalProjects: number; projectsWithIssues: number; totalOrphanedTasks: number; isHealthy: boolean; isLoading: boolean }

/// @param of the health of each project, in any order; undefined where it is not known yet
export function swarmHealth(projects: Project[] | undefined, of: (SyncHealth | undefined)[]): SwarmHealth {
  const projectsWithIssues = of.filter(health => health?.has_sync_issues).length;
  const totalOrphanedTasks = of.reduce((sum, health) => sum + (health?.orphaned_task_count ?? 0), 0);
  return {
    totalProjects: projects?.length ?? 0, projectsWithIssues, totalOrphanedTasks, isHealthy: projectsWithIssues === 0 && totalOrphanedTasks === 0,
    isLoading: projects === undefined || of.some(health => health === undefined),
  };
}

/// An issue in words.
export function issueSays(issue: Issue): string {
  return issue === 'ProjectNotLinked' ? 'The project is not linked, and tasks of it are still called something in a swarm.'
    : `${count(issue.OrphanedTasks.count, 'task')} of it ${issue.OrphanedTasks.count === 1 ? 'is' : 'are'} orphaned: shared with nobody any more.`;
}

/// Why a linked project's tasks can be orphaned cannot be told from their number, so all ways are named.
export const ORPHANED_HOW = 'Tasks are orphaned when their project was unlinked, when the swarm project was closed, removed at the hub or left, or when no other node was met for long.';

/// What became of each project when all issues were fixed.
export interface Fixed { fixed: number; failed: { name: string; why: string }[] }

/// Unlinks every project with issues, one after the other. A failure does not keep the others from it.
export async function fixAll(projects: Project[], health: (id: string) => Promise<SyncHealth>, unlink: (id: string) => Promise<unknown>, progress: (done: number, total: number) => void): Promise<Fixed> {
  const known = await Promise.all(projects.map(async project => ({ project, broken: (await health(project.id)).has_sync_issues })));
  const broken = known.filter(each => each.broken).map(each => each.project);
  const result: Fixed = { fixed: 0, failed: [] };
  for (const [index, project] of broken.entries()) {
    progress(index, broken.length);
    try {
      await unlink(project.id);
      result.fixed++;
    } catch (failure) {
      result.failed.push({ name: project.name, why: failure instanceof Error ? failure.message : String(failure) });
    }
  }
  progress(broken.length, broken.length);
  return result;
}
