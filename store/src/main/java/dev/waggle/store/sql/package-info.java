/// One space's log in a SQL database: the rules of `core.log`, the rows of a file, and one thread that commits for all. Read
/// [dev.waggle.store.sql.SqlEventLog] first, then [dev.waggle.store.sql.GroupWriter] (many callers, one fsync),
/// [dev.waggle.store.sql.SqlStorage] (what the rules read and write) and [dev.waggle.store.sql.LogReader]. The schema, with a word on
/// every table, is `log-001.sql`. Invariants I1, I4, I5, I7 and I9 are kept here.
package dev.waggle.store.sql;
