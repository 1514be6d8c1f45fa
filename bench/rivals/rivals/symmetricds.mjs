// SymmetricDS follows a table by triggers; its engine, in one more process, asks the other one for changes and sends its own. Its databases are two
// PostgreSQL servers: with SQLite its own transactions wait for each other. A is where nodes register; B knows only where A is.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { poll } from '../clock.mjs';
import { freePort } from '../tcp.mjs';
import { mavenFolder } from '../packages.mjs';
import { PostgresPeer, PostgresServer } from './postgres-server.mjs';

const LOOK_MS = 25;
const GRACE_MS = 10_000;
const UNDEFINED_TABLE = '42P01';
const ASK_MS = 20;                                   // how often it looks for changes, sends and asks; it comes with 10 s and a minute

export async function open(folder) {
  const server = await PostgresServer.start(folder);
  const peer = new SymmetricPeer(folder, server, await server.client());
  if (peer.isRegistered()) await peer.start();
  return peer;
}

class SymmetricPeer extends PostgresPeer {
  #folder;
  #engine;
  #errors = '';

  constructor(folder, server, client) {
    super(server, client);
    this.#folder = folder;
  }

  get pid() { return [super.pid, this.#engine?.pid].filter(Boolean); }
  get #settings() { return join(this.#folder, 'engine.properties'); }

  isRegistered() {
    return existsSync(this.#settings);
  }

  async listen() {
    const port = await freePort();
    await this.#configure('a', port, '');
    return port;
  }

  /** The other asks where A says it is: behind the port that it is invited to. */
  async invitation(port) {
    await this.client.query('UPDATE sym_node SET sync_url = $1 WHERE node_id = $2', [url(port), 'a']);
    return port;
  }

  /** B gets to know A's configuration and makes its triggers. */
  async register(port) {
    await this.#configure('b', await freePort(), url(port));
    await poll(LOOK_MS, () => this.#has('SELECT 1 FROM sym_node_security WHERE node_id = \'b\''));
    return this.pid;
  }

  /** B has said to A that it has its configuration. */
  async registered() {
    const known = 'SELECT 1 FROM sym_node_security WHERE node_id = \'b\' AND registration_enabled = 0 AND registration_time IS NOT NULL';
    await poll(LOOK_MS, () => this.#has(known));
  }

  /** A is told to send B what it has: it does when B asks. */
  async load() {
    await this.client.query(`INSERT INTO sym_table_reload_request (source_node_id, target_node_id, trigger_id, router_id, create_time, last_update_time)
      VALUES ('a', 'b', 'ALL', 'ALL', current_timestamp, current_timestamp)`);
    await poll(LOOK_MS, () => this.#has('SELECT 1 FROM sym_outgoing_batch WHERE node_id = \'b\' AND load_id > 0'));
  }

  async #configure(name, port, registration) {
    mkdirSync(this.#scratch, { recursive: true });
    writeFileSync(join(this.#folder, 'configuration.sql'), CONFIGURATION);
    writeFileSync(this.#settings, settings(name, port, registration, this.#folder, this.server.port));
    writeFileSync(join(this.#folder, 'engine.port'), String(port));
    await this.start();
  }

  /** Its scratch files are not B's data: beside the folder. */
  get #scratch() { return `${this.#folder}.scratch`; }

  /** Until the table is followed. */
  async start() {
    const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';
    const port = readFileSync(join(this.#folder, 'engine.port'), 'utf8');
    this.#engine = spawn(java, ['-Xmx512m', '-Dlogging.level.root=OFF', `-Djava.io.tmpdir=${this.#scratch}`, '-cp', join(mavenFolder('symmetricds'), '*'),
      'org.jumpmind.symmetric.SymmetricLauncher', '--server', '--host', '127.0.0.1', '--port', port, '--properties', this.#settings],
    { cwd: this.#folder, stdio: ['ignore', 'ignore', 'pipe'] });
    this.#engine.stderr.on('data', text => { this.#errors = (this.#errors + text).slice(-2_000); });
    await poll(LOOK_MS, () => {
      if (this.#engine.exitCode !== null) throw new Error(`the engine did not come up: ${this.#errors}`);
      return this.#has('SELECT 1 FROM pg_trigger WHERE tgrelid = \'task\'::regclass AND NOT tgisinternal');
    });
  }

  async #has(sql) {
    try {
      return (await this.client.query(sql)).rowCount > 0;
    } catch (error) {
      if (error.code === UNDEFINED_TABLE) return false;          // its tables are not there yet
      throw error;
    }
  }

  /** It asks by itself, as soon as there is somebody to ask. */
  connect() {}

  /** The forwarder goes away; an engine needs not be told. */
  disconnect() {}

  async close() {
    await this.#endEngine();
    await super.close();
  }

  async #endEngine() {
    if (!this.#engine || this.#engine.exitCode !== null || this.#engine.signalCode !== null) return;
    const gone = once(this.#engine, 'exit');
    this.#engine.kill('SIGTERM');
    const late = setTimeout(() => this.#engine.kill('SIGKILL'), GRACE_MS);
    await gone;
    clearTimeout(late);
  }
}

const url = port => `http://127.0.0.1:${port}/sync/a`;

function settings(name, port, registration, folder, database) {
  const isServer = name === 'a';
  return Object.entries({
    'engine.name': name, 'group.id': name, 'external.id': name,
    'registration.url': registration, 'sync.url': `http://127.0.0.1:${port}/sync/${name}`,
    'db.driver': 'org.postgresql.Driver', 'db.user': 'postgres', 'db.password': '', 'db.url': `jdbc:postgresql://127.0.0.1:${database}/postgres`,
    'auto.registration': true, 'auto.update.node.values.from.properties': !isServer,
    'auto.config.registration.svr.sql.script': isServer ? join(folder, 'configuration.sql') : '',
    'registration.number.of.attempts': 1,              // then again when it asks next; it comes with a pause of up to half a minute
    'job.routing.period.time.ms': ASK_MS, 'job.pull.period.time.ms': ASK_MS, 'job.push.period.time.ms': ASK_MS, 'job.random.max.start.time.ms': ASK_MS,
    'time.between.ack.retries.ms': ASK_MS,
    'job.initial.load.queue.period.time.ms': ASK_MS, 'job.initial.load.extract.period.time.ms': ASK_MS,
    'start.pull.job': !isServer, 'start.push.job': !isServer, 'start.heartbeat.job': false, 'file.sync.enable': false,
  }).map(([key, value]) => `${key}=${value}\n`).join('');
}

/** Two groups of one node each: B asks A for its changes (W, waits to be asked) and sends its own (P, pushes). */
const CONFIGURATION = `
insert into sym_node_group (node_group_id) values ('a');
insert into sym_node_group (node_group_id) values ('b');
insert into sym_node_group_link (source_node_group_id, target_node_group_id, data_event_action) values ('a', 'b', 'W');
insert into sym_node_group_link (source_node_group_id, target_node_group_id, data_event_action) values ('b', 'a', 'P');
insert into sym_trigger (trigger_id, source_table_name, channel_id, last_update_time, create_time)
  values ('task', 'task', 'default', current_timestamp, current_timestamp);
insert into sym_router (router_id, source_node_group_id, target_node_group_id, router_type, create_time, last_update_time)
  values ('a_b', 'a', 'b', 'default', current_timestamp, current_timestamp);
insert into sym_router (router_id, source_node_group_id, target_node_group_id, router_type, create_time, last_update_time)
  values ('b_a', 'b', 'a', 'default', current_timestamp, current_timestamp);
insert into sym_trigger_router (trigger_id, router_id, initial_load_order, create_time, last_update_time)
  values ('task', 'a_b', 1, current_timestamp, current_timestamp);
insert into sym_trigger_router (trigger_id, router_id, initial_load_order, create_time, last_update_time)
  values ('task', 'b_a', -1, current_timestamp, current_timestamp);
insert into sym_node (node_id, node_group_id, external_id, sync_enabled, symmetric_version, created_at_node_id) values ('a', 'a', 'a', 1, '3.15.22', 'a');
insert into sym_node_security (node_id, node_password, registration_enabled, registration_time, initial_load_enabled, initial_load_time, created_at_node_id)
  values ('a', 'secret', 0, current_timestamp, 0, current_timestamp, 'a');
insert into sym_node_identity values ('a');
`;
