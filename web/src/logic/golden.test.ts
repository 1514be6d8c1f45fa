import { expect, test } from 'vitest';
import type { BoardNode, Envelope, FieldConflict, FieldConflictPage, Project, ProjectInFull, SwarmProject, SwarmSettings, SyncHealth, TaskInFull, TaskLogPage, TaskPage } from '../api/boardTypes';
import type { AuditPage, HubNode, HubProject, Key, Link, LinkProject, Organisation, ShownKey, User } from '../api/hub';
import type {
  Agent, Chains, Checked, Comment, Conflict, ConflictPage, Explained, Hive, HiveMember, HiveMembers, Invitation, Job, LogPage, Members, NodeInfo, Page, Peer, Policies, Post, RemovalPreview, RowsPage, Run, Settings, Space, SpaceInFull, Status, Storage,
  SyncGroup, SyncPeer, Synced, TableKey, TableRow,
} from '../api/types';
import agents from '../../golden/agents.json';
import chains from '../../golden/chains.json';
import conflicts from '../../golden/conflicts.json';
import explainEvent from '../../golden/explain-event.json';
import explainRow from '../../golden/explain-row.json';
import groups from '../../golden/groups.json';
import history from '../../golden/history.json';
import hiveComments from '../../golden/hive-comments.json';
import hiveFeed from '../../golden/hive-feed.json';
import hiveMembers from '../../golden/hive-members.json';
import hivePost from '../../golden/hive-post.json';
import hives from '../../golden/hives.json';
import hubAudit from '../../golden/hub-audit.json';
import hubKey from '../../golden/hub-key.json';
import hubKeys from '../../golden/hub-keys.json';
import hubLinkProjects from '../../golden/hub-link-projects.json';
import hubLink from '../../golden/hub-link.json';
import hubNodes from '../../golden/hub-nodes.json';
import hubOrganisations from '../../golden/hub-organisations.json';
import hubProjects from '../../golden/hub-projects.json';
import hubUsers from '../../golden/hub-users.json';
import invite from '../../golden/invite.json';
import jobCheck from '../../golden/job-check.json';
import job from '../../golden/job.json';
import logEntry from '../../golden/log-entry.json';
import log from '../../golden/log.json';
import members from '../../golden/members.json';
import node from '../../golden/node.json';
import peerTest from '../../golden/peer-test.json';
import peers from '../../golden/peers.json';
import policiesHive from '../../golden/policies-hive.json';
import policies from '../../golden/policies.json';
import projectConflicts from '../../golden/project-conflicts.json';
import projectHealth from '../../golden/project-health.json';
import projectNodes from '../../golden/project-nodes.json';
import projectTasks from '../../golden/project-tasks.json';
import project from '../../golden/project.json';
import projects from '../../golden/projects.json';
import removalPreview from '../../golden/removal-preview.json';
import resync from '../../golden/resync.json';
import rows from '../../golden/rows.json';
import settings from '../../golden/settings.json';
import space from '../../golden/space.json';
import spaces from '../../golden/spaces.json';
import status from '../../golden/status.json';
import storage from '../../golden/storage.json';
import swarmProjects from '../../golden/swarm-projects.json';
import swarmSettings from '../../golden/swarm-settings.json';
import syncPeers from '../../golden/sync-peers.json';
import tables from '../../golden/tables.json';
import taskLog from '../../golden/task-log.json';
import task from '../../golden/task.json';
import { activity } from './activity';
import { columns, waitsFor } from './board';
import { choices, fieldRows, KINDS } from './conflict';
import { lanes, rowPicture } from './dag';
import { queryOf, rowHref, TONES } from './explain';
import { canMerge, FIELD_NAMES, merged } from './fields';
import { swarmHealth } from './health';
import { series } from './history';
import { layout } from './mesh';
import { mayModerate, moderating } from './moderation';
import { parts } from './route';
import { fromText, label, toText } from './settings';
import { logLines, readDirectly } from './taskLog';
import { cellSays, explainHref } from './rows';
import { reported } from './work';

// What a node answers: the Java test GoldenAnswersTest says that it still does. That the page's types fit is checked when this is compiled.

/// A type whose choices of words are any words: a file of JSON says no more.
type Loose<T> = T extends string ? string : T extends (infer Each)[] ? Loose<Each>[] : T extends object ? { [Name in keyof T]: Loose<T[Name]> } : T;
/// Rows whose columns are whatever the tables of people have.
type Rows<T, Name extends keyof T> = Omit<Loose<Omit<T, Name>>, never> & { [Each in Name]: unknown };

const answers: {
  status: Loose<Status>; node: Loose<NodeInfo>; history: { runs: Loose<Run>[] }; job: Loose<Job<Synced>>; jobCheck: Loose<Job<Checked>>;
  spaces: { spaces: Loose<Space>[] }; space: Loose<SpaceInFull>; policies: Loose<Policies>; policiesHive: Loose<Policies>; storage: Loose<Storage>; members: Loose<Members>; removalPreview: Loose<RemovalPreview>; invite: Loose<Invitation>;
  log: Loose<LogPage>; logEntry: Loose<LogPage>; chains: Loose<Chains>; tables: Loose<{ tables: TableKey[] }>; rows: Omit<RowsPage, 'rows'> & { rows: Rows<TableRow, 'cells'>[] }; explainEvent: Loose<Explained>; explainRow: Loose<Explained>;
  conflicts: Omit<ConflictPage, 'conflicts'> & { conflicts: Rows<Conflict, 'shown' | 'other'>[] };
  agents: { agents: Loose<Agent>[] }; hives: { hives: Rows<Hive, 'description' | 'is_public' | 'settings'>[] }; hiveFeed: Loose<Page<Post>>; hivePost: Loose<Post>; hiveComments: Loose<Page<Comment>>; hiveMembers: Omit<HiveMembers, 'members'> & { members: Loose<HiveMember>[] };
  peers: { peers: Loose<Peer>[] }; syncPeers: { peers: Loose<SyncPeer>[] }; groups: { groups: Loose<SyncGroup>[] }; peerTest: { reached: boolean; ms: number; why: string }; resync: { peers: number };
  projects: Envelope<Loose<Project>[]>; project: Envelope<Loose<ProjectInFull>>; projectHealth: Envelope<Loose<SyncHealth>>; projectNodes: Envelope<Loose<BoardNode>[]>; projectConflicts: Envelope<Omit<FieldConflictPage, 'conflicts'> & { conflicts: Loose<FieldConflict>[] }>;
  projectTasks: Envelope<Loose<TaskPage>>; task: Envelope<Loose<TaskInFull>>; taskLog: Envelope<Loose<TaskLogPage>>; swarmProjects: Envelope<Loose<SwarmProject>[]>; swarmSettings: Envelope<Loose<SwarmSettings>>;
  hubOrganisations: { organisations: Loose<Organisation>[] }; hubUsers: { users: Loose<User>[] }; hubKeys: { keys: Loose<Key>[] }; hubKey: Loose<ShownKey>; hubNodes: { nodes: Loose<HubNode>[] }; hubProjects: { projects: Loose<HubProject>[] };
  hubAudit: Loose<AuditPage>; hubLink: Loose<Link>; hubLinkProjects: { projects: Loose<LinkProject>[] };
} = {
  status, node, history, job, jobCheck, spaces, space, policies, policiesHive, storage, members, removalPreview, invite, log, logEntry, chains, tables, rows, explainEvent, explainRow, conflicts, agents, hives, hiveFeed, hivePost,
  hiveComments, hiveMembers, peers, syncPeers, groups, peerTest, resync, projects, project, projectHealth, projectNodes, projectConflicts, projectTasks, task, taskLog, swarmProjects, swarmSettings, hubOrganisations, hubUsers,
  hubKeys, hubKey, hubNodes, hubProjects, hubAudit, hubLink, hubLinkProjects,
};
const shownSettings = settings as unknown as Settings;                        // a value's type depends on its kind, which a file does not say
const asConflicts = answers.conflicts.conflicts as unknown as Conflict[];

test('the rows that a node tells are read, and each leads to its explanation', () => {
  const page = answers.rows as unknown as RowsPage;
  expect(page.rows.length).toBe(page.rows_count);
  for (const row of page.rows) {
    expect(row.cells.length).toBe(page.columns.length);
    expect(cellSays(row.cells[page.columns.indexOf(page.key[0]!)]!).text).toBe(row.key![0]);
    expect(queryOf(parts(explainHref('s', 'goods', row)!).slice(1))).toMatchObject({ table: 'goods', key: JSON.stringify(row.key) });
  }
});

test('the log that a node tells is drawn in the lanes of the chains that it tells', () => {
  const drawn = lanes(answers.chains.chains);
  expect(drawn.count).toBeGreaterThan(1);
  for (const entry of (answers.log as LogPage).entries) {
    const picture = rowPicture(entry, drawn, new Map());
    expect(picture.lines.map(line => line.lane)).toContain(picture.lane);
  }
  expect(JSON.parse(answers.logEntry.entries[0]!.payload!)).toHaveProperty('$');
});

test('every setting that a node tells has a name for people, and comes back from its form as it was', () => {
  for (const setting of shownSettings.settings) {
    expect(label(setting.name)).not.toBe(setting.name);
    const back = fromText(setting, toText(setting));
    expect(back ?? []).toEqual(setting.value ?? []);
  }
  for (const setting of shownSettings.fixed) expect(setting.how).not.toBe('');
});

test('every policy in force is among the choices', () => {
  const known = answers.policies.choices.map(choice => choice.policy);
  for (const { policy } of answers.policies.tables) expect(known).toContain(policy);
  expect(answers.storage.events).toBe(answers.space.events);
  expect(answers.policiesHive.choices).toEqual([]);
  expect(answers.policiesHive.rules.length).toBeGreaterThan(0);
});

test('what happened lately is told of every run and every entry', () => {
  const { runs } = answers.history as { runs: Run[] };
  const lines = activity(runs, [{ space: answers.space.id, name: 'a', entries: (answers.log as LogPage).entries }], answers.status.node, 100);
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.filter(line => line.ms > 0)).toEqual(lines);
  const drawn = series(runs, runs[0]!.started_ms + 60_000, 60_000, 60);
  expect(drawn.events.reduce((sum, each) => sum + each)).toBeGreaterThan(0);
});

test('a conflict is compared field by field, has choices and leads to its row', () => {
  const [conflict] = asConflicts;
  expect(KINDS[conflict!.kind]).toBeDefined();
  expect(fieldRows(conflict!).find(row => row.concerned)).toMatchObject({ field: 'n', differs: true });
  expect(choices(conflict!).map(choice => choice.keep)).toContain('other');
  expect(queryOf(parts(rowHref(conflict!.space, conflict!.table, conflict!.key)).slice(1))).toMatchObject({ table: 'goods', key: '["honey"]' });
});

test('every step of an explanation has a mark, and its events are ids', () => {
  for (const { steps } of [answers.explainEvent, answers.explainRow] as Explained[]) {
    expect(steps.length).toBeGreaterThan(2);
    for (const step of steps) {
      expect(TONES[step.tone]).toBeDefined();
      for (const event of step.events) expect(event).toMatch(/^[0-9a-f]{64}$/);
    }
  }
});

test('who may moderate a hive is read from its members, and its author may delete a post', () => {
  const [hive] = answers.hives.hives as unknown as Hive[];
  const [agent] = answers.agents.agents;
  const belong = answers.hiveMembers.members as HiveMember[];
  expect(mayModerate(hive!, belong, agent)).toBe(true);
  expect(moderating(answers.hivePost, agent, true)).toBe('delete');
  expect(answers.hiveFeed.data.map(post => moderating(post, agent, true)).sort()).toEqual(['delete', 'remove']);
  expect(answers.hiveComments.data.map(comment => comment.depth)).toEqual([0, 1]);
});

test('the board has every task in its column, and what a task needs is known', () => {
  const { tasks } = answers.projectTasks.data as TaskPage;
  const shown = columns(tasks);
  expect([shown.todo.length, shown.done.length]).toEqual([1, 1]);
  expect(waitsFor(shown.todo[0]!, new Map(tasks.map(each => [each.id, each])))).toBe(0);
  expect(waitsFor(shown.todo[0]!, new Map(tasks.map(each => [each.id, { ...each, status: 'todo' }])))).toBe(1);
  const whole = answers.task.data as TaskInFull;
  expect(reported(whole.claims[0]!.end!)).toBe('result: it worked (exit code 0)');
  expect(logLines((answers.taskLog.data as TaskLogPage).entries).lines.map(line => line.text)).toContain('a stone');
  expect(readDirectly(answers.projectNodes.data.find(each => !each.self)!.node, answers.projectNodes.data as BoardNode[], [])?.name).toBe('barn');
});

test('a field that two nodes set is named and can be merged', () => {
  const [conflict] = answers.projectConflicts.data.conflicts as FieldConflict[];
  expect(FIELD_NAMES[conflict!.field]).toBe('Title');
  expect(canMerge(conflict!)).toBe(true);
  expect([conflict!.shown, conflict!.other]).toContain(merged(conflict!));
});

test('a project that is well has no issues', () => {
  expect(swarmHealth(answers.projects.data as Project[], [answers.projectHealth.data as SyncHealth])).toMatchObject({ totalProjects: 2, isHealthy: true, isLoading: false });
});

test('every peer has a place in the picture, and every group names its peers', () => {
  expect(layout(answers.peers.peers as Peer[], 100).length).toBe(answers.syncPeers.peers.length);
  expect(answers.groups.groups.map(group => group.sync_group_name).sort()).toEqual(answers.spaces.spaces.map(each => each.name).sort());
});

test('a hub tells a secret once, and hints afterwards', () => {
  expect(answers.hubKey.secret).toMatch(/^waggle_node_/);
  expect(JSON.stringify(answers.hubKeys)).not.toContain('"secret"');
  expect(answers.hubProjects.projects.map(each => each.name)).toEqual(answers.hubLinkProjects.projects.map(each => each.name));
  expect(answers.hubLink).toMatchObject({ named: true, connected: true, organisation: answers.hubOrganisations.organisations[0]!.name });
});
