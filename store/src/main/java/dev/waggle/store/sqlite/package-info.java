/// How a SQLite file of the node's own is opened: created private, checked, and set to lose nothing in a power cut.
/// Read [dev.waggle.store.sqlite.SqliteFile]; what is stored in such a file is decided in `store.sql`.
package dev.waggle.store.sqlite;
