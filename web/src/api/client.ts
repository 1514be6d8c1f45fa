// The one way to the node. Every route the page uses is a function here; answers are typed, "no" is a Problem with a sentence and a remedy.

import type {
  Agent, Chains, Checked, Comment, Compacted, ConflictPage, Explained, ExplainQuery, Hive, HiveMembers, Invitation, Job, Joined, LogPage, Members, NodeInfo, Page, Peer, Policies, Post, RemovalPreview, RowsPage, Run, Setting, Settings, SettingValue, Space, SpaceInFull, Status, Storage, SyncGroup,
  SyncPeer, Synced, TableKey, Tracked, Value,
} from './types';
import { csrfToken } from './session';

const JOB_WAIT_MS = 5_000;

/// What the node refused, in its words.
export class Problem extends Error {
  constructor(readonly code: string, message: string, readonly remedy: string) {
    super(message);
  }
}

type Query = Record<string, string | number | boolean | undefined>;

function target(path: string, query: Query): string {
  const pairs = Object.entries(query).filter(([, value]) => value !== undefined && value !== '').map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

/// A request in this browser's session.
export async function ask(method: string, path: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { 'X-CSRF-Token': csrfToken() };
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer: Response;
  try {
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw new Problem('no_answer', 'The node does not answer.', 'Start it with `./waggle up`; the page goes on by itself.');
  }
  if (answer.ok) return answer;
  const said = await answer.json().catch(() => null) as { error?: { code: string; message: string; remedy: string } } | null;
  throw new Problem(said?.error?.code ?? String(answer.status), said?.error?.message ?? `The node answered ${answer.status}.`, said?.error?.remedy ?? '');
}

export async function get<Answer>(path: string, query: Query = {}): Promise<Answer> {
  return await (await ask('GET', target(path, query))).json() as Answer;
}

export async function send<Answer>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: object = {}): Promise<Answer> {
  return await (await ask(method, path, body)).json() as Answer;
}

/// Starts long work and waits until it has ended.
async function work<Result>(path: string, body: object, progress?: (job: Job<Result>) => void): Promise<Result> {
  return ended(await send<Job<Result>>('POST', path, body), progress);
}

/// Waits until a job has ended.
export async function ended<Result>(job: Job<Result>, progress: (job: Job<Result>) => void = () => {}): Promise<Result> {
  while (job.state === 'running') {
    progress(job);
    job = await get<Job<Result>>(`/api/v1/jobs/${job.id}`, { wait_ms: JOB_WAIT_MS });
  }
  if (job.error) throw new Problem(job.error.code, job.error.message, job.error.remedy);
  return job.result!;
}

const at = encodeURIComponent;
const space = (id: string) => `/api/v1/spaces/${at(id)}`;
const hive = (id: string) => `/api/v1/hives/${at(id)}`;

export type ContentKind = 'posts' | 'comments';
export type Progress = (job: Job<unknown>) => void;
export interface LogQuery { [name: string]: string | number | undefined; after?: number; before?: number; limit: number; type?: string; origin?: string; verdict?: string }

export const api = {
  node: () => get<NodeInfo>('/api/v1/node'),
  status: () => get<Status>('/api/v1/sync/status'),
  history: () => get<{ runs: Run[] }>('/api/v1/sync/history', { limit: 300 }),
  syncNow: (progress?: Progress) => work<Synced>('/api/v1/sync/now', { timeout_ms: 20_000 }, progress),
  check: (progress?: Progress) => work<Checked>('/api/v1/doctor', {}, progress),

  settings: () => get<Settings>('/api/v1/settings'),
  setSetting: (name: string, value: SettingValue) => send<Setting>('PATCH', '/api/v1/settings', { name, value }),

  spaces: () => get<{ spaces: Space[] }>('/api/v1/spaces'),
  space: (id: string) => get<SpaceInFull>(space(id)),
  track: (file: string, name: string, progress?: Progress) => work<Tracked>('/api/v1/track', { file, name: name || undefined }, progress),
  untrack: (file: string) => send('POST', '/api/v1/untrack', { file }),
  invite: (id: string, role: string, expires: string, addresses: string[]) => send<Invitation>('POST', '/api/v1/invite', { space: id, role, expires, addresses }),
  join: (ticket: string, file: string, adopt: string, progress?: Progress) => work<Joined>('/api/v1/join', { ticket, file, adopt: adopt || undefined }, progress),
  leave: (id: string) => send('POST', '/api/v1/leave', { space: id }),

  members: (id: string) => get<Members>(`${space(id)}/members`),
  addMember: (id: string, node: string, role: string) => send('POST', `${space(id)}/members`, { node, role }),
  setRole: (id: string, node: string, role: string) => send('POST', `${space(id)}/members/${node}/role`, { role }),
  transfer: (id: string, node: string) => send('POST', `${space(id)}/members/${node}/transfer`),
  previewRemoval: (id: string, node: string, all: boolean) => send<RemovalPreview>('POST', `${space(id)}/members/${node}/remove`, { preview: true, all }),
  remove: (id: string, node: string, all: boolean) => send<RemovalPreview>('POST', `${space(id)}/members/${node}/remove`, { all }),
  readmit: (id: string, node: string) => send('POST', `${space(id)}/members/${node}/readmit`),

  policies: (id: string) => get<Policies>(`${space(id)}/policies`),
  setPolicy: (id: string, table: string | undefined, policy: string) => send('POST', `${space(id)}/policies`, { table, policy }),

  log: (id: string, query: LogQuery) => get<LogPage>(`${space(id)}/log`, query),
  logEntry: (id: string, offset: number) => get<LogPage>(`${space(id)}/log`, { after: offset - 1, limit: 1, payloads: true }),
  compact: (id: string, progress?: Progress) => work<Compacted>(`${space(id)}/log/compact`, {}, progress),
  storage: (id: string) => get<Storage>(`${space(id)}/storage`),
  chains: (id: string) => get<Chains>(`${space(id)}/log/chains`),

  explain: (query: ExplainQuery) => get<Explained>('/api/v1/explain', query),
  tables: (id: string) => get<{ tables: TableKey[] }>(`${space(id)}/tables`),
  rows: (id: string, table: string, from: { after?: string; skip?: number }, limit: number) => get<RowsPage>(`${space(id)}/rows`, { table, ...from, limit }),

  conflicts: (cursor: string) => get<ConflictPage>('/api/v1/conflicts', { cursor, limit: 100 }),
  resolveMany: (conflicts: string[], keep: 'shown' | 'other') => send<{ settled: string[] }>('POST', '/api/v1/conflicts/resolve', { conflicts, keep }),
  resolve: (id: string, keep: 'shown' | 'other' | 'restore', set: Record<string, Value> = {}) => send('POST', `/api/v1/conflicts/${id}/resolve`, keep === 'restore' ? { keep, set } : { keep }),

  agents: () => get<{ agents: Agent[] }>('/api/v1/agents'),
  makeAgent: (name: string) => send<Agent>('POST', '/api/v1/agents', { name, key: false }),
  hives: () => get<{ hives: Hive[] }>('/api/v1/hives'),
  makeHive: (name: string, description: string, agent: string) => send<Hive>('POST', '/api/v1/hives', { name, description: description || undefined, agent }),
  joinHive: (ticket: string, progress?: Progress) => work<Hive>('/api/v1/hives/join', { ticket }, progress),
  feed: (id: string, sort: string, cursor: string) => get<Page<Post>>(`${hive(id)}/feed`, { sort, cursor, limit: 50 }),
  post: (id: string) => get<Post>(`/api/v1/posts/${at(id)}`),
  writePost: (id: string, post: { title: string; content?: string; url?: string; agent: string }) => send<Post>('POST', `${hive(id)}/posts`, post),
  comments: (id: string, cursor: string) => get<Page<Comment>>(`/api/v1/posts/${at(id)}/comments`, { sort: 'thread', cursor, limit: 200 }),
  writeComment: (id: string, content: string, parent: string | null, agent: string) => send<Comment>('POST', `/api/v1/posts/${at(id)}/comments`, { content, parent_comment_id: parent ?? undefined, agent }),
  removeContent: (kind: ContentKind, id: string, reason: string, agent: string) => send('DELETE', `/api/v1/${kind}/${at(id)}`, { reason: reason || undefined, agent }),
  restoreContent: (kind: ContentKind, id: string, agent: string) => send('POST', `/api/v1/${kind}/${at(id)}/restore`, { agent }),
  setHive: (id: string, key: string, value: Value, agent: string) => send<Hive>('POST', `${hive(id)}/settings`, { key, value, agent }),
  hiveMembers: (id: string, skip: number) => get<HiveMembers>(`${hive(id)}/members`, { skip, limit: 100 }),
  hiveMember: (id: string, instance: string, agent: string) => get<HiveMembers>(`${hive(id)}/members`, { agent: `${instance}/${agent}` }),
  changeHiveMember: (id: string, part: 'members' | 'moderators', action: string, subject: string, agent: string) => send(`POST`, `${hive(id)}/${part}`, { action, subject, agent }),
  vote: (kind: ContentKind, id: string, value: 1 | 0 | -1, agent: string) => send('POST', `/api/v1/${kind}/${at(id)}/vote`, { value, agent }),

  peers: () => get<{ peers: Peer[] }>('/api/v1/peers'),
  syncPeers: () => get<{ peers: SyncPeer[] }>('/api/v1/sync/peers'),
  addPeer: (name: string, sync_endpoint: string) => send<SyncPeer>('POST', '/api/v1/sync/peers', { name, sync_endpoint }),
  forgetPeer: (id: string) => send('DELETE', `/api/v1/sync/peers/${at(id)}`),
  testPeer: (node: string) => send<{ reached: boolean; ms: number; why: string }>('POST', `/api/v1/peers/${at(node)}/test`, { timeout_ms: 5_000 }),
  groups: () => get<{ groups: SyncGroup[] }>('/api/v1/sync/groups'),
  resync: (group: string) => send<{ peers: number }>('POST', `/api/v1/sync/groups/${at(group)}/resync`),
};
