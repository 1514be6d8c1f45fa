// What is measured, in the order in which the systems take turns. Each has its module in rivals/.

export const REFERENCE = 'sqlite';

export const SYSTEMS = {
  sqlite: {
    title: 'plain SQLite',
    packages: ['better-sqlite3'],
    oneWay: true,
    durable: 'every commit is fsynced (WAL, synchronous=FULL) on both sides; one direction only, no merging: the floor',
  },
  waggle: {
    title: 'Waggle',
    packages: [],
    durable: 'the program\'s commits (better-sqlite3, WAL, synchronous=FULL) are fsynced; commits are timed until the program has them, and the log '
      + 'follows. The table is filled 500 rows a transaction before it is tracked, and rows of one transaction are bundled',
  },
  pouchdb: {
    title: 'PouchDB',
    packages: ['pouchdb', 'express-pouchdb'],
    durable: 'LevelDB without fsync after a write (its adapter asks for none): survives a crash of the process, not of the machine. Live sync '
      + 'over HTTP with express-pouchdb, 500 documents a batch',
  },
  yjs: {
    title: 'Yjs',
    packages: ['yjs'],
    durable: 'Yjs leaves storage to the program: here a file of updates, fdatasync after every transaction on A and every message on B. One '
      + 'document in memory, y-protocols/sync over TCP',
  },
  loro: {
    title: 'Loro',
    packages: ['loro-crdt'],
    durable: 'as with Yjs: a file of updates with fdatasync, one document in memory, version vectors and updates over TCP',
  },
  automerge: {
    title: 'Automerge',
    packages: ['@automerge/automerge'],
    durable: 'as with Yjs: a file of changes with fdatasync, one document in memory, Automerge\'s own sync messages over TCP. The records are spread '
      + 'over maps of 100: a change costs time by the size of the map it is in',
  },
  hypercore: {
    title: 'Hypercore',
    packages: ['hypercore', 'corestore'],
    durable: 'RocksDB without fsync after an append: survives a crash of the process, not of the machine. One signed log a writer, replicated over '
      + 'TCP; readable means its blocks are there, no table is made of them',
  },
};
