package dev.waggle.store.hive;

import dev.waggle.apps.hive.HiveView;
import dev.waggle.apps.hive.News;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.EventLog;
import dev.waggle.store.follow.FoldedView;
import dev.waggle.store.follow.RowsFold;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// Writes a hive's rows behind its log.
public final class HiveFold {
    private HiveFold() {}

    /// @param file        may be deleted at any time while nothing is open
    /// @param self        this node
    /// @param incarnation something random, for a file that is made now
    /// @param told        what is shown otherwise, after each commit; must return at once
    public static FoldedView open(Path file, EventLog log, NodeId self, String incarnation, Consumer<List<News>> told) {
        return RowsFold.open(file, path -> HiveFile.writer(path, log.space(), self, incarnation), db -> {
            var store = new SqlHiveStore(db);
            var view = new HiveView(store, log);
            return new RowsFold.Folding<>(store.cursor(), view::apply, view::settle, view::takeNews);
        }, told);
    }
}
