import { useHealth } from '../../api/queries';
import { count } from '../../logic/text';

/// A warning sign, only where a project has issues with the swarm; in words, too.
export function HealthBadge({ project }: { project: string }) {
  const { data } = useHealth(project);
  if (!data?.has_sync_issues) return null;
  return <span className="health"><span aria-hidden="true">⚠</span> Sync issues: {count(data.orphaned_task_count, 'orphaned task')}</span>;
}
