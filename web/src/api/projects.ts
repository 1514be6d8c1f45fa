// The routes of projects and tasks. They answer in an envelope, which ends here.

import type {
  BoardNode, Envelope, FieldConflictPage, FieldValue, Project, ProjectInFull, SwarmProject, SwarmSettings, SyncHealth, Task, TaskFields, TaskInFull, TaskLogPage, TaskPage, TaskStatus,
} from './boardTypes';
import { ended, get, send, type Progress } from './client';
import type { Job } from './types';

const at = encodeURIComponent;
const project = (id: string) => `/api/projects/${at(id)}`;
const task = (id: string) => `/api/tasks/${at(id)}`;

async function got<Data>(path: string, query: Record<string, string | number | undefined> = {}): Promise<Data> {
  return (await get<Envelope<Data>>(path, query)).data;
}

async function sent<Data>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: object = {}): Promise<Data> {
  return (await send<Envelope<Data>>(method, path, body)).data;
}

async function work<Result>(path: string, body: object, progress?: Progress): Promise<Result> {
  return ended(await sent<Job<Result>>('POST', path, body), progress);
}

export const boards = {
  projects: () => got<Project[]>('/api/projects'),
  project: (id: string) => got<ProjectInFull>(project(id)),
  swarmProjects: () => got<SwarmProject[]>('/api/swarm-projects'),
  settings: () => got<SwarmSettings>('/api/swarm-settings'),
  create: (name: string) => sent<Project>('POST', '/api/projects', { name }),
  adopt: (remote_project_id: string, name: string) => sent<Project>('POST', '/api/projects', { remote_project_id, name }),
  remove: (id: string) => sent('DELETE', project(id)),
  join: (ticket: string, name: string, local: string, progress?: Progress) => work<Project>('/api/projects/join', { ticket, name: name || undefined, project: local || undefined }, progress),
  link: (id: string, remote_project_id: string, progress?: Progress) => work<Project>(`${project(id)}/link`, { remote_project_id }, progress),
  share: (id: string) => sent<Project>('POST', `${project(id)}/share`),
  unlink: (id: string, notify_hive: boolean) => sent('POST', `${project(id)}/unlink-swarm`, { notify_hive }),
  close: (id: string) => sent('POST', `${project(id)}/close`),
  health: (id: string) => got<SyncHealth>(`${project(id)}/sync-health`),
  nodes: (id: string) => got<BoardNode[]>(`${project(id)}/nodes`),
  conflicts: (id: string, cursor: string) => got<FieldConflictPage>(`${project(id)}/conflicts`, { cursor }),

  tasks: (id: string, status: TaskStatus, cursor: string) => got<TaskPage>(`${project(id)}/tasks`, { status, cursor, limit: 500 }),
  task: (id: string) => got<TaskInFull>(task(id)),
  add: (id: string, fields: Partial<TaskFields> & { status?: TaskStatus }) => sent<TaskInFull>('POST', `${project(id)}/tasks`, fields),
  edit: (id: string, fields: Partial<TaskFields>, version: number) => sent<TaskInFull>('PATCH', task(id), { ...fields, version }),
  move: (id: string, status: TaskStatus) => sent<Task>('POST', `${task(id)}/move`, { status }),
  assign: (id: string, node: string) => sent<TaskInFull>('POST', `${task(id)}/assign`, { node }),
  discard: (id: string) => sent<TaskInFull>('DELETE', task(id)),
  restore: (id: string) => sent<TaskInFull>('POST', `${task(id)}/restore`),
  log: (id: string, cursor: string) => got<TaskLogPage>(`${task(id)}/log`, { cursor, limit: 200 }),
  write: (id: string, line: string) => sent('POST', `${task(id)}/log`, { lines: [line] }),
  settle: (id: string, conflict: string, keep: 'shown' | 'other' | 'value', value?: FieldValue) => sent<TaskInFull>('POST', `${task(id)}/conflicts/${at(conflict)}/resolve`, keep === 'value' ? { keep, value } : { keep }),
};
