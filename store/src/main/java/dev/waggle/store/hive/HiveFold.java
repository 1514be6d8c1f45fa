package dev.waggle.store.hive;

import dev.waggle.apps.hive.HiveView;
import dev.waggle.apps.hive.News;
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

/// Writes a hive's rows behind its log. A file that is damaged is deleted and made again from the log.
public final class HiveFold implements FoldedView {
    private final HiveFile db;
    private final EventLog log;
    private final Consumer<List<News>> told;
    private SqlHiveStore store;
    private HiveView view;
    private long committed;

    private HiveFold(HiveFile db, EventLog log, Consumer<List<News>> told) {
        this.db = db;
        this.log = log;
        this.told = told;
        begin();
    }

    /// @param file        may be deleted at any time while nothing is open
    /// @param self        this node
    /// @param incarnation something random, for a file that is made now
    /// @param told        what is shown otherwise, after each commit; must return at once
    public static HiveFold open(Path file, EventLog log, NodeId self, String incarnation, Consumer<List<News>> told) {
        try {
            return new HiveFold(HiveFile.writer(file, log.space(), self, incarnation), log, told);
        } catch (ViewUnavailable damaged) {
            try {
                for (var suffix : List.of("", "-wal", "-shm")) Files.deleteIfExists(Path.of(file + suffix));
            } catch (IOException e) {
                damaged.addSuppressed(e);
                throw damaged;
            }
            return new HiveFold(HiveFile.writer(file, log.space(), self, incarnation), log, told);
        }
    }

    private void begin() {
        store = new SqlHiveStore(db);
        committed = store.cursor();
        view = new HiveView(store, log);
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
