/// The `board` space type: tasks that are shared by nodes, claimed, carried out and reported on. From signed events to tasks, claims, log lines and
/// conflicts. Pure: what is shown is a function of the events that count.
///
/// [dev.waggle.apps.board.BoardChange] says what can happen, [dev.waggle.apps.board.BoardRules] decides what a local person or worker may do,
/// [dev.waggle.apps.board.BoardView] follows the log, [dev.waggle.apps.board.Claims] judges who holds a task, and [dev.waggle.apps.board.Resolution] by which
/// rules a task's changes become what is shown. Read [dev.waggle.apps.board.BoardView] first. `store.board` keeps the rows.
package dev.waggle.apps.board;
