// What is measured, in the order in which the systems take turns. Each has its module in rivals/.
//
// packages: from npm; maven: the folders in maven/ whose pom.xml name the rest. backfillOnly: there is nothing but W1. oneWay: no W3.
// mutual: a connection carries changes one way, so A connects to B, too, for W3. polls: B asks again and again, and got to know A before W1.
// ownNetwork: its packets are not of TCP, so the peers have a network of their own in place of the forwarder.

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
  'postgres-copy': {
    title: 'PostgreSQL, COPY',
    packages: ['pg', 'pg-copy-streams'],
    maven: ['postgres'],
    backfillOnly: true,
    durable: 'one transaction, fsynced when it commits (PostgreSQL as it comes: fsync and synchronous_commit on); binary COPY from A\'s server into '
      + 'B\'s, once. Memory is that of all of the server\'s processes',
  },
  postgres: {
    title: 'PostgreSQL, logical replication',
    packages: ['pg'],
    maven: ['postgres'],
    mutual: true,
    durable: 'every commit is fsynced (as it comes), and each that B applies (synchronous_commit=on of its subscription, which comes without). '
      + 'Changes of a slot made before the table was filled; for W3 each side subscribes to the other (origin=none). A conflict would stop it. '
      + 'Memory is that of all of the server\'s processes',
  },
  crsqlite: {
    title: 'cr-sqlite, a record as JSON',
    packages: ['@vlcn.io/wa-sqlite'],
    durable: 'every commit is fsynced (WAL, synchronous=FULL) on both sides. The build for browsers (WebAssembly: npm has no other that is whole) with '
      + 'files of this benchmark below it, and messages of its own of 500 changes or a transaction',
  },
  'crsqlite-columns': {
    title: 'cr-sqlite, columns',
    packages: ['@vlcn.io/wa-sqlite'],
    durable: 'the same; each column merges by itself, so a new record is six changes',
  },
  symmetricds: {
    title: 'SymmetricDS',
    packages: ['pg'],
    maven: ['symmetricds', 'postgres'],
    polls: true,
    durable: 'every commit of the program and of its engine is fsynced (databases are PostgreSQL servers as they come). The engine, told to ask and send '
      + 'every 20 ms, comes with a JVM of up to 512 MiB. W1 is its initial load of a table that existed, to a node that had registered before. '
      + 'Memory is that of the engine and of the server\'s processes',
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
  iroh: {
    title: 'iroh-docs',
    packages: ['@number0/iroh'],
    ownNetwork: true,
    durable: 'its database commits some time after it has answered: a crash of the process costs what came last, too. Every entry is signed; '
      + 'contents are blobs of their own, and readable means they are there. There are no transactions: 500 are set at once. QUIC in a '
      + 'network namespace, whole packets counted; for W3 B leaves the document and comes back',
  },
};
