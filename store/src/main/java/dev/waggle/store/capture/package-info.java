/// The user's SQLite file: what programs write there becomes change sets in the log, and what the log says becomes rows there.
///
/// ```
/// program -> triggers -> sync_queue -> Drain -> TableView.capture -> EventLog.write        (nothing in the file is written by this)
/// EventLog.read -> TableView.apply, settle -> RowWriter -> user's file, applied cursor -> COMMIT -> view commits
/// ```
///
/// Read [dev.waggle.store.capture.TableFollower] first, then `Follower` (one round), `Drain`, `RowWriter`, `Triggers`. The file belongs to the user's
/// programs: they are never slowed much, never broken, never lied to. Positions: the *capture cursor* (a queue row) lives in the log, the *applied cursor*
/// (a log offset) in the file; the view follows the file (docs/decisions.md, "The file commits before the view").
///
/// A tracked file is never opened with plain file I/O in this process: closing such a handle drops SQLite's locks.
package dev.waggle.store.capture;
