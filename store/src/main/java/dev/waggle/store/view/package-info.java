/// Views in SQLite files of their own: what is derived from a log and can be dropped and replayed at any time.
/// Read [dev.waggle.store.view.SqlRecordStore] first: it keeps the records of the `table` space type, new ones dozens to a row
/// ([dev.waggle.store.view.RecordPages], [dev.waggle.store.view.ClaimIndex]). [dev.waggle.store.view.ScratchRules] asks an
/// in-memory SQLite what only SQLite can say of a row. What is shown is decided in `apps.table`, not here.
package dev.waggle.store.view;
