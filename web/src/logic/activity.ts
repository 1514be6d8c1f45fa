import type { LogEntry, Run } from '../api/types';
import { count } from './text';
import { duration } from './time';

/// One line of what happened lately.
export interface Happening { key: string; ms: number; space: string; who: string; what: string; bad: boolean }

/// Exchanges and entries of logs in one list, newest first.
///
/// of is what each space's log ends with; self says "here" instead of an id
export function activity(runs: Run[], of: { space: string; name: string; entries: LogEntry[] }[], self: string, most: number): Happening[] {
  const happened: Happening[] = runs.map(run => ({
    key: `run ${run.peer} ${run.space} ${run.started_ms}`, ms: run.started_ms + run.duration_ms, space: run.name, who: run.peer, bad: run.error !== '',
    what: run.error !== '' ? `exchange broke off: ${why(run.error)}` : exchanged(run),
  }));
  for (const { space, name, entries } of of) for (const entry of entries) {
    const ms = Date.parse(entry.time ?? '');
    if (Number.isNaN(ms)) continue;
    happened.push({ key: `entry ${space} ${entry.offset}`, ms, space: name, who: entry.origin === self ? '' : entry.origin, what: said(entry.type), bad: entry.verdict === 'void' });
  }
  return together(happened.sort((a, b) => b.ms - a.ms || a.key.localeCompare(b.key))).slice(0, most);
}

/// Neighbours that say the same become one line with their number, under the time of the newest.
function together(sorted: Happening[]): Happening[] {
  const lines: (Happening & { times: number })[] = [];
  for (const each of sorted) {
    const last = lines.at(-1);
    if (last !== undefined && last.what === each.what && last.who === each.who && last.space === each.space) last.times++;
    else lines.push({ ...each, times: 1 });
  }
  return lines.map(({ times, ...line }) => times === 1 ? line : { ...line, what: `${line.what}, ${times} times` });
}

function exchanged(run: Run): string {
  const parts = [run.received > 0 && `gave ${count(run.received, 'event')}`, run.sent > 0 && `took ${count(run.sent, 'event')}`].filter(part => part !== false);
  const took = duration(run.duration_ms);
  return parts.length === 0 ? `compared its log with this node’s: nothing was missing on either side (took ${took})` : `${parts.join(' and ')} in ${took}`;
}

/// What the node's log says in its own words; a broken connection happens to everybody and is told plainly.
function why(error: string): string {
  return error.startsWith('connection-broken') ? 'the connection was lost; it is tried again' : error;
}

const SAID: Record<string, string> = {
  genesis: 'made the space', table_schema: 'told the tables', batch: 'changed rows', bulk: 'changed many rows', member_added: 'let a member in', member_removed: 'removed a member', member_left: 'left',
  role_changed: 'changed a role', ownership_transferred: 'gave the space away', ownership_claimed: 'took the space over', device_rotated: 'replaced a key', readmitted: 'took voided events back',
  coordinator_named: 'said who writes checkpoints', checkpoint: 'wrote a checkpoint', sign_of_life: 'gave a sign of life', epoch_opened: 'began a new epoch', post_created: 'wrote a post', post_updated: 'edited a post', post_deleted: 'deleted a post', comment_created: 'wrote a comment',
  comment_updated: 'edited a comment', comment_deleted: 'deleted a comment', vote_cast: 'voted', hive_setting_changed: 'changed a setting', membership_changed: 'changed who belongs',
  moderator_changed: 'changed who moderates', task_created: 'made a task', task_updated: 'changed a task', task_deleted: 'deleted a task', task_restored: 'restored a task', task_logged: 'wrote to a task’s log',
  task_claimed: 'claimed a task', task_lease_renewed: 'renewed a lease', task_progress: 'reported progress', task_finished: 'ended a task’s work', task_released: 'gave a task back',
  project_linked: 'took part in the project', project_unlinked: 'left the project', project_closed: 'closed the project', project_at_hub: 'told whether the hub has the project',
};

/// An event's type as what somebody did; types that are not known here as they are.
export function said(type: string): string {
  return SAID[type] ?? `wrote ${type}`;
}
