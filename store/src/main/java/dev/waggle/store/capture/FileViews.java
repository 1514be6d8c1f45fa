package dev.waggle.store.capture;

import dev.waggle.apps.table.RecordStore;
import dev.waggle.apps.table.RowChange;
import dev.waggle.apps.table.TableView;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.store.view.ScratchRules;
import dev.waggle.store.view.SqlRecordStore;
import dev.waggle.store.view.ViewUnavailable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Views of one log, each in a SQLite file of its own: a log may be larger than any memory. A throw-away one is deleted when it is closed.
final class FileViews implements FileView.Opener {
    private final Path viewFile;
    private final EventLog log;

    FileViews(Path viewFile, EventLog log) {
        this.viewFile = viewFile;
        this.log = log;
    }

    @Override public FileView open() {
        try {
            return new Stored(log, SqlRecordStore.open(viewFile));
        } catch (ViewUnavailable damaged) {
            delete(damaged);                  // it can be made again from the log
            return new Stored(log, SqlRecordStore.open(viewFile));
        }
    }

    private void delete(ViewUnavailable damaged) {
        try {
            delete(viewFile);
        } catch (IOException e) {
            damaged.addSuppressed(e);
            throw damaged;
        }
    }

    private static void delete(Path file) throws IOException {
        for (var suffix : new String[] {"", "-wal", "-shm"}) Files.deleteIfExists(Path.of(file + suffix));
    }

    @Override public FileView reset(FileView old) {
        if (!(old instanceof Stored stored)) throw new IllegalArgumentException("a throw-away view is closed, not reset");
        stored.clear();
        return stored;
    }

    @Override public Path scratchFile(String name) {
        return Path.of(viewFile + "." + name);
    }

    @Override public FileView scratch() {
        var file = scratchFile("scratch");
        try {
            delete(file);                     // of a process that was killed
        } catch (IOException e) {
            throw new ViewUnavailable("delete " + file.getFileName(), e);
        }
        return new Stored(log, SqlRecordStore.open(file)) {
            @Override public void close() {
                super.close();
                try {
                    delete(file);
                } catch (IOException e) {
                    throw new ViewUnavailable("delete " + file.getFileName(), e);
                }
            }
        };
    }

    /// An entry beyond others' that are not folded yet may come first (see [Follower]), so the store's own cursor is set for each.
    private static void fold(RecordStore store, TableView table, Entry entry, List<RowChange> written) {
        store.cursor(entry.offset() - 1);
        table.apply(entry, written);
    }

    private static class Stored implements FileView {
        private final EventLog log;
        private final SqlRecordStore store;
        private final ScratchRules rules = new ScratchRules();
        private TableView table;
        private long committed;

        Stored(EventLog log, SqlRecordStore store) {
            this.log = log;
            this.store = store;
            begin();
        }

        private void begin() {
            committed = store.cursor();
            store.begin();
            table = new TableView(store, rules, log::chunk);
        }

        @Override public TableView table() {
            return table;
        }

        @Override public void fold(Entry entry, List<RowChange> written) {
            FileViews.fold(store, table, entry, written);
        }

        @Override public void commit(long offset) {
            store.cursor(offset);
            store.commit();
            committed = offset;
            store.begin();
        }

        @Override public long committed() {
            return committed;
        }

        @Override public void rollback() {
            store.rollback();
            begin();
        }

        private void clear() {
            store.rollback();
            store.clear();
            begin();
        }

        @Override public void close() {
            store.rollback();
            store.close();
            rules.close();
        }
    }
}
