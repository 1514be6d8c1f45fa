/// Compares two SQLite files row by row, with exact types and bytes: how a person, a test or the tour sees that two machines agree.
/// Both files are only read, through SQLite (never as plain files: closing one would drop a program's locks). Read
/// [dev.waggle.store.compare.FileCompare] first; it walks two [dev.waggle.store.compare.RowCursor]s in one order.
package dev.waggle.store.compare;
