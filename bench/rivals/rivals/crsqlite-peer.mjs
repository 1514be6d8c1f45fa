// cr-sqlite keeps what changed beside the tables; the way of the changes is left to the program. Here: each side tells which change of the other it
// has, and gets those after it, then what is committed from now on.
import { setImmediate as soon } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { Changes, now } from '../clock.mjs';
import { groups, key } from '../records.mjs';
import { CrDatabase } from './crsqlite-database.mjs';
import { TcpPeer } from './tcp-peer.mjs';

const ROWS = 500;
const CHANGES = 500;
const CHANGES_AFTER = `SELECT pk, cid, val, col_version, db_version, cl, seq FROM crsql_changes
  WHERE db_version > ? AND site_id = crsql_site_id() ORDER BY db_version, seq`;
const ONE_CHANGE = 'INSERT INTO crsql_changes ("table", pk, cid, val, col_version, db_version, site_id, cl, seq) VALUES (\'task\', ?, ?, ?, ?, ?, ?, ?, ?)';
const KNOWN = 'SELECT max(version) FROM crsql_tracked_peers WHERE site_id = ? AND tag = 0 AND event = 0';
const KNOW = 'INSERT OR REPLACE INTO crsql_tracked_peers (site_id, version, seq, tag, event) VALUES (?, ?, 0, 0, 0)';

/** `shape`: the table's columns behind its key, and how a record becomes their values and back. */
export async function openPeer(folder, shape) {
  const database = await CrDatabase.open(folder, 'task.sqlite');
  await database.run(`CREATE TABLE IF NOT EXISTS task (id TEXT NOT NULL PRIMARY KEY, ${shape.columns.join(', ')})`);
  await database.run('SELECT crsql_as_crr(\'task\')');
  const [[site]] = await database.run('SELECT crsql_site_id()');
  const [[count]] = await database.run('SELECT count(*) FROM task');
  return new CrSqlitePeer(database, shape, site, count);
}

class CrSqlitePeer extends TcpPeer {
  #database;
  #shape;
  #site;
  #count;
  #insert;
  #changes = new Changes();
  #work = Promise.resolve();                         // one thing at a time: a connection has one transaction
  #arrived = new Set();

  constructor(database, shape, site, count) {
    super();
    this.#database = database;
    this.#shape = shape;
    this.#site = site;
    this.#count = count;
    this.#insert = `INSERT INTO task VALUES (?${', ?'.repeat(shape.columns.length)})`;
  }

  fill(from, count) {
    return this.commit(from, count, ROWS);
  }

  commit(from, count, size) {
    return this.#alone(async () => {
      const began = now();
      for (const group of groups(from, count, size)) {
        await this.#database.inOne(async () => { for (const one of group) await this.#database.run(this.#insert, one.id, ...this.#shape.values(one)); });
        for (const link of this.links) await this.#tell(link);
      }
      this.#count += count;
      this.#changes.happened();
      return { began, ended: now() };
    });
  }

  #alone(work) {
    const done = this.#work.then(work);
    this.#work = done.catch(() => {});
    return done;
  }

  /** First who it is; the answer is what the other has of it. */
  greet(link) {
    this.#say(link, { site: this.#site });
  }

  receive(link, message) {
    this.#alone(() => this.#hear(link, deserialize(message))).catch(error => link.socket.destroy(error));
  }

  async #hear(link, { site, has, changes, version }) {
    if (site) {
      link.site = site;
      const [[known]] = await this.#database.run(KNOWN, site);
      this.#say(link, { has: known ?? 0 });
    } else if (changes) {
      await this.#apply(link, changes, version);
    } else {
      link.told = has;
      this.links.add(link);
      await this.#tell(link);
    }
  }

  /** A transaction's changes stay together: all have its version. */
  async #tell(link) {
    let changes = [];
    for await (const change of this.#database.rows(CHANGES_AFTER, link.told)) {
      const version = Number(change[4]);
      if (changes.length >= CHANGES && version !== link.told) {
        this.#say(link, { changes, version: link.told });
        changes = [];
        await soon();                                  // it goes out before the next are read
      }
      changes.push(change);
      link.told = version;
    }
    if (changes.length > 0) this.#say(link, { changes, version: link.told });
  }

  async #apply(link, changes, version) {
    const [first] = this.#shape.columns[0].split(' ');
    let rows = 0;
    await this.#database.inOne(async () => {
      for (const [pk, cid, val, colVersion, dbVersion, cl, seq] of changes) {
        await this.#database.run(ONE_CHANGE, pk, cid, val, colVersion, dbVersion, link.site, cl, seq);
        if (cid === first) rows++;
      }
      await this.#database.run(KNOW, link.site, version);
    });
    this.#count += rows;
    if (rows === 1) this.#arrived.add(keyOf(changes[0][0]));
    this.#changes.happened();
  }

  #say(link, message) {
    this.send(link, serialize(message));
  }

  until(count) {
    return this.#changes.until(() => this.#count >= count);
  }

  /** Told by what was committed: a lone change, as the writes that are waited for are. */
  untilRecord(i) {
    return this.#changes.until(() => this.#arrived.delete(key(i)));
  }

  read(i) {
    return this.#alone(async () => {
      const [row] = await this.#database.run('SELECT * FROM task WHERE id = ?', key(i));
      return row && this.#shape.record(row);
    });
  }

  async close() {
    super.close();
    await this.#alone(() => this.#database.close());
  }
}

/** A key as cr-sqlite packs it: the number of values, the kind and length of the first, its text. */
const keyOf = pk => Buffer.from(pk.subarray(3)).toString();
