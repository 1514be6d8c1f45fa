// What the node's routes answer, as far as the page uses it. GET /openapi.json says all of it. A member that has no value is left out, or null.

export type LightColor = 'green' | 'yellow' | 'red';
export type LightHelp = 'none' | 'start' | 'sync' | 'space' | 'check';
export type PeerState = 'connected' | 'dialling' | 'waiting' | 'unreachable';
export type Role = 'owner' | 'moderator' | 'writer' | 'coordinator' | 'reader' | 'none';

export interface Light { color: LightColor; says: string; help: LightHelp; space: string }

export interface Status {
  node: string;
  ready: boolean;
  reasons: string[];
  light: Light;
  last_sync_ms: number;
  spaces: Space[];
  peers: Peer[];
}

export interface NodeInfo { node: string; version: string; data: string; state: string; listen?: string | null; addresses: string[]; started_ms: number; notes: string[] }

export interface Space {
  id: string;
  name: string;
  role: Role;
  type?: string | null;
  file?: string | null;
  members_count: number;
  events: number;
  log_offset: number;
  applied_offset?: number | null;
  queue?: number | null;
  waiting: number;
  held: number;
  rejected: number;
  conflicts: number;
  removed: boolean;
  state: string;
}

export interface SpaceInFull extends Space {
  forks: number;
  chains: number;
  received: number;
  accepted: number;
  void: number;
  duplicate: number;
  quarantined: number;
  refused_rows?: string[];
  missing_tables?: string[];
  last_error?: string;
}

export type ExplainTone = 'done' | 'open' | 'bad' | 'note';
export interface ExplainStep { kind: string; tone: ExplainTone; says: string; events: string[] }
export interface Explained { kind: string; space: string; space_name: string; title: string; summary: string; steps: ExplainStep[]; offset?: number }
export interface ExplainQuery { [name: string]: string | undefined; event?: string; space?: string; table?: string; key?: string; post?: string; comment?: string; task?: string }
export interface TableKey { name: string; key: string[]; columns: string[] }

/// A cell as a table is looked through: of a long text its beginning, of a blob its size.
export type Cell = Value | { text: string; bytes: number } | { blob: number };
/// @param key what the row is explained by; null where it cannot be typed
export interface TableRow { key: string[] | null; cells: Cell[] }
/// @param rows_count of the first page
export interface RowsPage { key: string[]; columns: string[]; more_columns: number; rows: TableRow[]; next?: string | null; rows_count?: number }

export interface PeerShare { space: string; name: string; open: boolean; whole: boolean; agreed: boolean; differs: boolean; lag: number }

export interface Peer {
  node: string;
  name: string;
  state: PeerState;
  addresses: string[];
  source: 'manual' | 'hub' | 'met' | 'gossip';
  last_sync_ms: number;
  remark: string;
  lag: number;
  agreed: boolean;
  failures: number;
  refused: number;
  spaces: PeerShare[];
}

export interface Run { peer: string; space: string; name: string; started_ms: number; duration_ms: number; sent: number; received: number; accepted: number; error: string }

export interface Members {
  members: { node: string; role: Role; self: boolean }[];
  former: { node: string; by: string }[];
  removed_by?: string | null;
  owner_gone_ms: number;
}

export type PolicyName = 'union' | 'last-write' | 'merge';

export interface Policies {
  type?: string | null;
  may_change: boolean;
  tables: { table: string; policy: PolicyName }[];
  others?: PolicyName | null;
  choices: { policy: PolicyName; says: string }[];
  rules: string[];
}

export interface Storage {
  log_bytes?: number | null;
  view_bytes: number;
  file_bytes?: number | null;
  events: number;
  chunks: number;
  chunk_bytes: number;
  segments: number;
  segment_bytes: number;
  open_events: number;
  covered_events: number;
  would_condense: number;
  writes_checkpoints: boolean;
  checkpoints_by?: string | null;
  checkpoint?: string | null;
  condensed?: string | null;
}

export type SettingValue = boolean | number | string | string[] | null;
export interface Setting { name: string; kind: 'flag' | 'number' | 'text' | 'texts'; value: SettingValue; default: SettingValue; is_default: boolean; editable: boolean; says: string }
/// @param next what holds from the next start on, where the settings file says something else by now
export interface FixedSetting { name: string; value: string; next?: string | null; how: string }
export interface Settings { file: string; token_file: string; settings: Setting[]; fixed: FixedSetting[] }

export interface RemovalPreview { node: string; events: number; records: number; more: boolean }

export interface Invitation { ticket: string; space: string; name: string; role: string; addresses: string[]; expires_ms: number; notes: string[] }

export interface Job<Result> {
  id: string;
  what: string;
  done: number;
  total: number;
  state: 'running' | 'done' | 'failed';
  result?: Result | null;
  error?: { code: string; message: string; remedy: string };
}

export interface Tracked { id: string; name: string; rows: number; tables: string[]; notes: string[] }
export interface Joined { id: string; name: string; notes: string[] }
export interface Checked { healthy: boolean; checks: { what: string; result: 'ok' | 'note' | 'bad'; says: string }[] }
export interface Synced { peers: number; reached: number; agreed: number; summary: string }

export interface Compacted { written: boolean; checkpoint?: string | null; condensed: boolean }

export interface LogLink { id: string; origin: string; epoch: string; seq: number }

export interface LogEntry {
  offset: number;
  id?: string;
  origin: string;
  epoch: string;
  branch?: number;
  seq: number;
  to_seq?: number;
  type: string;
  time?: string;
  verdict: 'counts' | 'void';
  says: string;
  prev?: string | null;
  merges?: LogLink[];
  payload?: string;
}

export interface LogPage { entries: LogEntry[]; last_offset: number; next?: number | null }

export interface Chain { origin: string; epoch: string; branch: number; first_offset: number; last_offset: number; seq: number; id: string; head: boolean }
export interface Waiting { id: string; origin: string; seq: number; type: string; for: string }
export interface Chains { chains: Chain[]; chains_count: number; waiting: Waiting[] }

/// A cell: plain, or an object with a tag where JSON cannot carry it exactly.
export type Value = null | boolean | number | string | { [tag: string]: unknown } | Value[];

export interface Version { event: string; node: string; time_ms: number; deleted: boolean; values: Record<string, Value> }

export interface Conflict {
  id: string;
  space: string;
  space_name: string;
  kind: 'same_field' | 'delete_against_edit' | 'same_key' | 'constraint';
  table: string;
  key: string[];
  fields: string[];
  shown?: Version | null;
  other: Version[];
  children: number;
  says: string;
}

export interface Author { instance_id: string; agent_id: string; name: string; avatar_url: string | null }

export interface Hive {
  id: string;
  name: string;
  owner_instance_id?: string | null;
  description: Value;
  post_count: number;
  comment_count: number;
  member_count: number;
  instances: number;
  role: Role;
  votes_are_private: boolean;
  is_public: Value;
  settings: Record<string, Value>;
}

export interface HiveMember { agent: Author; status: string; role: 'moderator' | 'member'; since: string }

export interface Post {
  id: string;
  hive: string;
  hive_id: string;
  title: string;
  content: string | null;
  url: string | null;
  state: string;
  reason?: string | null;
  author: Author;
  created_at: string;
  comment_count: number;
  score: number;
  up: number;
  down: number;
}

export interface Comment {
  id: string;
  post_id: string;
  parent_comment_id: string | null;
  content: string;
  state: string;
  reason?: string | null;
  depth: number | null;
  author: Author;
  created_at: string;
  score: number;
}

export interface Page<Row> { data: Row[]; cursor: string | null; has_more: boolean }
export interface Agent { id: string; instance_id: string; name: string }
export interface News { type: string; channel: string; data: { post_id?: string; comment_id?: string; title?: string } }

export interface SyncPeer {
  id: string;
  name: string;
  sync_endpoint: string;
  shared_hives: string[];
  signing_key?: string | null;
  status: 'pending' | 'active' | 'error' | 'unreachable';
  source: 'manual' | 'hub' | 'met' | 'gossip';
  is_manual: boolean;
  last_heartbeat_at?: string | null;
  last_error?: string | null;
}

export interface GroupPeer { id: string; name: string; status: 'active' | 'paused' | 'backfilling' | 'error'; lag: number; last_sync: string; source: string; last_error?: string | null }
export interface SyncGroup { id: string; sync_group_name: string; local_seq: number; peers: GroupPeer[] }

export interface ConflictPage { conflicts: Conflict[]; cursor: string; has_more: boolean; conflicts_count: number }
export interface HiveMembers { members: HiveMember[]; members_count: number }
