// What the routes of projects and tasks answer, as far as the page uses it.

export type TaskStatus = 'todo' | 'inprogress' | 'inreview' | 'done' | 'cancelled';
export type Standing = 'online' | 'offline' | 'unknown';

/// How those routes answer: what was asked for is in `data`.
export interface Envelope<Data> { success: boolean; data: Data }

export interface Project {
  id: string;
  name: string;
  created_at: string;
  is_linked: boolean;
  space: string;
  remote_project_id: string | null;
  remote_last_synced_at: string | null;
  source_node_id: string | null;
  source_node_name: string | null;
  source_node_status: Standing | null;
}

/// A project with what its board holds, or with why the board is not open.
export interface ProjectInFull extends Project {
  tasks?: Partial<Record<TaskStatus, number>>;
  task_count?: number;
  conflicts?: number;
  refused?: number;
  closed?: boolean;
  removed_at_hub?: boolean;
  sequencer_node_id?: string | null;
  trouble?: string;
}

export interface SwarmProject { id: string; name: string; space: string; role: string; project_id: string | null; task_count: number; closed: boolean }

export type Issue = { OrphanedTasks: { count: number } } | 'ProjectNotLinked';
export interface SyncHealth { is_linked: boolean; remote_project_id: string | null; orphaned_task_count: number; has_sync_issues: boolean; issues: Issue[] }

export interface BoardNode { id: string; node: string; name: string; status: Standing; public_url: string | null; executes: boolean; since: string; held: number; self: boolean }

export interface ClaimRef { id: string; token: number }

export interface Task {
  id: string;
  project_id: string;
  title: string;
  status: TaskStatus;
  priority: number;
  labels: string[];
  depends_on: string[];
  assignee: string | null;
  assigned_node: string | null;
  /** no other node may claim it; otherwise others do while that one is away */
  assigned_alone: boolean;
  external_id: string | null;
  created_at: string;
  updated_at: string;
  version: number;
  deleted: boolean;
  conflicts: number;
  claim?: ClaimRef | null;
  holder: string | null;
  lease_until: string | null;
  shared_task_id: string | null;
}

export interface Effect { kind: 'lease_renewed' | 'progress' | 'log' | 'result' | 'released'; node: string; at: string; token: number; note: string; percent?: number | null; exit_code?: number | null }
export interface Claim extends ClaimRef { node: string; at: string; counts: boolean; lease_until: string; progress: Effect | null; end: Effect | null }

/// What a field of a task can be.
export type FieldValue = string | number | boolean | null | string[];

/// One value that was passed over. Tasks in `depends_on` are named as the swarm names them (`shared_task_id`).
export interface FieldConflict { id: string; task_id: string; title: string; field: string; shown: FieldValue; other: FieldValue; node: string; at: string }
export interface FieldConflictPage { conflicts: FieldConflict[]; cursor: string; has_more: boolean; conflicts_count: number }

export interface TaskInFull extends Task { description: string; claims: Claim[]; refused: Effect[]; open_conflicts: FieldConflict[] }

export interface TaskPage { tasks: Task[]; cursor: string; has_more: boolean }
/// @param via how it came, where that is told: with the log, or from the node that carries the task out
export interface TaskLogEntry { node: string; at: string; lines: string[]; token?: number | null; refused: boolean; cursor: string; via?: 'log' | 'direct' }
export interface TaskLogPage { entries: TaskLogEntry[]; has_more: boolean }

/// The fields that a person fills in.
export interface TaskFields { title: string; description: string; priority: number; labels: string[]; depends_on: string[]; assignee: string | null }

export type NewsKind = 'task_created' | 'task_changed' | 'task_deleted' | 'task_log' | 'task_conflict' | 'task_refused' | 'board_changed' | 'lost';
export interface BoardNews { type: NewsKind; project_id: string; task_id?: string | null }

/// The member `board` of the node's settings.json, as the node read it when it started.
export interface SwarmSettings {
  node_name: string | null;
  public_url: string | null;
  offline_after_hours: number;
  executor: { enabled: boolean; slots: number; lease_ms: number; settle_ms: number; projects: string[]; commands: Record<string, string[]> };
  file: string;
}
