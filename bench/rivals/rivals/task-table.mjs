import Database from 'better-sqlite3';
import { groups, key } from '../records.mjs';

const COLUMNS = ['id', 'title', 'description', 'status', 'assignee', 'priority', 'created_at'];

/** A table of tasks as a program has one: WAL, every commit fsynced. */
export class TaskTable {
  constructor(file) {
    this.database = new Database(file);
    this.database.pragma('journal_mode = WAL');
    this.database.pragma('synchronous = FULL');
    this.database.pragma('busy_timeout = 10000');
  }

  create() {
    this.database.exec(`CREATE TABLE IF NOT EXISTS task (id TEXT NOT NULL PRIMARY KEY, title TEXT NOT NULL, description TEXT, status TEXT,
      assignee TEXT, priority INTEGER, created_at INTEGER)`);
    return this;
  }

  insert(records) {
    this.insertStatement ??= this.database.prepare(`INSERT INTO task VALUES (${COLUMNS.map(column => `@${column}`).join(', ')})`);
    this.inOne ??= this.database.transaction(all => { for (const one of all) this.insertStatement.run(one); });
    if (records.length === 1) this.insertStatement.run(records[0]);
    else this.inOne.immediate(records);
  }

  commit(from, count, size) {
    for (const group of groups(from, count, size)) this.insert(group);
  }

  count() {
    return this.database.prepare('SELECT count(*) FROM task').pluck().get();
  }

  read(i) {
    this.readStatement ??= this.database.prepare('SELECT * FROM task WHERE id = ?');
    return this.readStatement.get(key(i));
  }

  close() {
    this.database.close();
  }
}
