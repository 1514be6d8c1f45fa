package dev.waggle.store.board;

import dev.waggle.apps.board.BoardView;
import dev.waggle.apps.board.News;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.EventLog;
import dev.waggle.store.follow.FoldedView;
import dev.waggle.store.follow.RowsFold;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// Writes a board's rows behind its log.
public final class BoardFold {
    private BoardFold() {}

    /// @param file may be deleted at any time while nothing is open
    /// @param self this node
    /// @param told what is shown otherwise, after each commit; must return at once
    public static FoldedView open(Path file, EventLog log, NodeId self, Consumer<List<News>> told) {
        return RowsFold.open(file, path -> BoardFile.writer(path, log.space(), self), db -> {
            var store = new SqlBoardStore(db);
            var view = new BoardView(store, log);
            return new RowsFold.Folding<>(store.cursor(), view::apply, view::settle, view::takeNews);
        }, told);
    }
}
