package dev.waggle.store.capture;

import dev.waggle.apps.table.MemoryRecordStore;
import dev.waggle.apps.table.RecordStore;
import dev.waggle.apps.table.RowRules;
import dev.waggle.apps.table.TableView;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;

import java.nio.file.Path;

/// Opens views on `store.view`.
final class FileViews implements FileView.Opener {
    private final EventLog log;

    FileViews(Path viewFile, EventLog log) {
        this.log = log;
    }

    @Override public FileView open() {
        return new InMemory(log);
    }

    @Override public FileView reset(FileView old) {
        return new InMemory(log);
    }

    @Override public FileView scratch() {
        return new InMemory(log);
    }

    private static final class InMemory implements FileView {
        private final EventLog log;
        private RecordStore store;
        private TableView table;
        private long committed;

        InMemory(EventLog log) {
            this.log = log;
            rollback();
        }

        @Override public TableView table() {
            return table;
        }

        @Override public void fold(Entry entry) {
            store.cursor(entry.offset() - 1);
            table.apply(entry);
        }

        @Override public void commit(long offset) {
            committed = offset;
        }

        @Override public long committed() {
            return committed;
        }

        @Override public void rollback() {
            store = new MemoryRecordStore();
            table = new TableView(store, RowRules.NONE, log::chunk);
            committed = 0;
        }

        @Override public void close() {}
    }
}
