// cr-sqlite comes from npm only as WebAssembly, made for browsers. Here it writes real files, and syncs them when SQLite says so: WAL and
// synchronous=FULL, as the other systems that use SQLite. It may have its file for itself, so it needs no shared memory beside the log.
import { closeSync, existsSync, fdatasyncSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as SQLite from '@vlcn.io/wa-sqlite';
import build from '@vlcn.io/wa-sqlite/dist/crsqlite-sync.mjs';
import * as VFS from '@vlcn.io/wa-sqlite/src/VFS.js';

export class CrDatabase {
  #sqlite;
  #database;
  #statements = new Map();

  static async open(folder, name) {
    const wasmBinary = readFileSync(fileURLToPath(import.meta.resolve('@vlcn.io/wa-sqlite/dist/crsqlite-sync.wasm')));
    const database = new CrDatabase();
    database.#sqlite = SQLite.Factory(await build({ wasmBinary, locateFile: name => name }));
    database.#sqlite.vfs_register(new NodeFiles(folder), true);
    database.#database = await database.#sqlite.open_v2(name);
    for (const setting of ['locking_mode = EXCLUSIVE', 'journal_mode = WAL', 'synchronous = FULL', 'temp_store = MEMORY']) await database.run(`PRAGMA ${setting}`);
    return database;
  }

  async run(sql, ...values) {
    const rows = [];
    for await (const row of this.rows(sql, ...values)) rows.push(row);
    return rows;
  }

  /** The rows one after the other, each an array of values. */
  async * rows(sql, ...values) {
    const statement = this.#statements.get(sql) ?? await this.#prepare(sql);
    try {
      this.#sqlite.bind_collection(statement, values);
      while (await this.#sqlite.step(statement) === SQLite.SQLITE_ROW) yield this.#sqlite.row(statement);
    } finally {
      await this.#sqlite.reset(statement).catch(() => {});       // it says again what step said
    }
  }

  async #prepare(sql) {
    const text = this.#sqlite.str_new(this.#database, sql);
    const { stmt: statement } = await this.#sqlite.prepare_v2(this.#database, this.#sqlite.str_value(text));
    this.#sqlite.str_finish(text);
    this.#statements.set(sql, statement);
    return statement;
  }

  async inOne(work) {
    await this.run('BEGIN IMMEDIATE');
    try {
      await work();
      await this.run('COMMIT');
    } catch (error) {
      await this.run('ROLLBACK').catch(() => {});
      throw error;
    }
  }

  /** Its start reads the file before it may be told to want it for itself, which a file in WAL mode does not allow: so the log is folded into it. */
  async close() {
    await this.run('SELECT crsql_finalize()');
    await this.run('PRAGMA journal_mode = DELETE');
    for (const statement of this.#statements.values()) await this.#sqlite.finalize(statement);
    await this.#sqlite.close(this.#database);
  }
}

/** What SQLite asks of a file system: the files of one folder, since this build takes no long names. */
class NodeFiles extends VFS.Base {
  name = 'node-files';
  #folder;
  #open = new Map();

  constructor(folder) {
    super();
    this.#folder = folder;
  }

  xOpen(name, id, flags, outFlags) {
    if (!name) return VFS.SQLITE_CANTOPEN;             // temporary files: kept in memory by the settings
    try {
      const file = join(this.#folder, name);
      const isNew = !existsSync(file);
      if (isNew && !(flags & VFS.SQLITE_OPEN_CREATE)) return VFS.SQLITE_CANTOPEN;
      this.#open.set(id, { file, descriptor: openSync(file, isNew ? 'w+' : 'r+'), gone: flags & VFS.SQLITE_OPEN_DELETEONCLOSE });
      outFlags.setInt32(0, flags, true);
      return VFS.SQLITE_OK;
    } catch {
      return VFS.SQLITE_CANTOPEN;
    }
  }

  xClose(id) {
    const { file, descriptor, gone } = this.#open.get(id);
    this.#open.delete(id);
    closeSync(descriptor);
    if (gone) rmSync(file, { force: true });
    return VFS.SQLITE_OK;
  }

  xRead(id, data, offset) {
    const count = readSync(this.#descriptor(id), data, 0, data.byteLength, offset);
    if (count === data.byteLength) return VFS.SQLITE_OK;
    data.fill(0, count);
    return VFS.SQLITE_IOERR_SHORT_READ;
  }

  xWrite(id, data, offset) {
    return writeSync(this.#descriptor(id), data, 0, data.byteLength, offset) === data.byteLength ? VFS.SQLITE_OK : VFS.SQLITE_IOERR;
  }

  xTruncate(id, size) {
    ftruncateSync(this.#descriptor(id), size);
    return VFS.SQLITE_OK;
  }

  xSync(id) {
    fdatasyncSync(this.#descriptor(id));
    return VFS.SQLITE_OK;
  }

  xFileSize(id, size) {
    size.setBigInt64(0, BigInt(fstatSync(this.#descriptor(id)).size), true);
    return VFS.SQLITE_OK;
  }

  xDelete(name, syncFolder) {
    rmSync(join(this.#folder, name), { force: true });
    if (syncFolder) {
      const folder = openSync(this.#folder);
      fsyncSync(folder);
      closeSync(folder);
    }
    return VFS.SQLITE_OK;
  }

  xAccess(name, flags, result) {
    result.setInt32(0, existsSync(join(this.#folder, name)) ? 1 : 0, true);
    return VFS.SQLITE_OK;
  }

  #descriptor(id) {
    return this.#open.get(id).descriptor;
  }
}
