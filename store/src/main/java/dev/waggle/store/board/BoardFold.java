package dev.waggle.store.board;

import dev.waggle.apps.board.BoardView;
import dev.waggle.apps.board.News;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.store.follow.FoldedView;
import dev.waggle.store.view.ViewUnavailable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// Writes a board's rows behind its log. A file that is damaged is deleted and made again from the log.
public final class BoardFold implements FoldedView {
    private final BoardFile db;
    private final EventLog log;
    private final Consumer<List<News>> told;
    private BoardView view;
    private long committed;

    private BoardFold(BoardFile db, EventLog log, Consumer<List<News>> told) {
        this.db = db;
        this.log = log;
        this.told = told;
        begin();
    }

    /// @param file may be deleted at any time while nothing is open
    /// @param self this node
    /// @param told what is shown otherwise, after each commit; must return at once
    public static BoardFold open(Path file, EventLog log, NodeId self, Consumer<List<News>> told) {
        try {
            return new BoardFold(BoardFile.writer(file, log.space(), self), log, told);
        } catch (ViewUnavailable damaged) {
            try {
                for (var suffix : List.of("", "-wal", "-shm")) Files.deleteIfExists(Path.of(file + suffix));
            } catch (IOException e) {
                damaged.addSuppressed(e);
                throw damaged;
            }
            return new BoardFold(BoardFile.writer(file, log.space(), self), log, told);
        }
    }

    private void begin() {
        var store = new SqlBoardStore(db);
        committed = store.cursor();
        view = new BoardView(store, log);
    }

    @Override public long cursor() {
        return committed;
    }

    @Override public void fold(List<Entry> entries) {
        try {
            db.begin();
            entries.forEach(view::apply);
            view.settle();
            db.commit();
            committed = entries.getLast().offset();
        } catch (RuntimeException e) {
            try {
                db.rollback();
                begin();
            } catch (RuntimeException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        var news = view.takeNews();
        if (!news.isEmpty()) told.accept(news);
    }

    @Override public void close() {
        db.close();
    }
}
