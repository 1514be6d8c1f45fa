/// A board's rows in SQLite: what `apps.board` derives from a log, and what people ask of it; and the node's own table of projects, which says where each
/// project's tasks are. Read [dev.waggle.store.board.BoardFold] first, then [dev.waggle.store.board.ProjectStore].
package dev.waggle.store.board;
