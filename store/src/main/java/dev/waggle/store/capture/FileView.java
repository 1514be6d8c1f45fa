package dev.waggle.store.capture;

import dev.waggle.apps.table.RowChange;
import dev.waggle.apps.table.TableView;
import dev.waggle.core.log.Entry;

import java.nio.file.Path;
import java.util.List;

/// The view of one file's log in its own store (`view.sqlite`). What is folded since the last [#commit] can be taken back.
interface FileView extends AutoCloseable {
    TableView table();

    /// Folds one entry. Entries come in the log's order, but for own ones, which may come early: see [Follower].
    default void fold(Entry entry) {
        fold(entry, List.of());
    }

    /// @param written what this node has just made the entry's event of; empty to read the event
    void fold(Entry entry, List<RowChange> written);

    /// @param offset all entries up to here are folded
    void commit(long offset);

    /// The offset given to the last [#commit], 0 for a new view.
    long committed();

    /// Forgets what was folded since the last commit.
    void rollback();

    @Override void close();

    /// Opens views: the one of the file, and throw-away ones.
    interface Opener {
        FileView open();

        /// Closes and deletes what is stored, then opens an empty view.
        FileView reset(FileView old);

        /// An empty view that leaves nothing behind when closed.
        FileView scratch();

        /// Where a throw-away file may be made, next to the view.
        Path scratchFile(String name);
    }
}
