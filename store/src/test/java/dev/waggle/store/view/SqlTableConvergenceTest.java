package dev.waggle.store.view;

import dev.waggle.apps.table.RecordStore;
import dev.waggle.apps.table.RowRules;
import dev.waggle.apps.table.TableConvergenceTest;
import org.junit.jupiter.api.AfterEach;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The same histories, kept in SQL and judged by SQLite itself.
class SqlTableConvergenceTest extends TableConvergenceTest {
    private final List<AutoCloseable> open = new ArrayList<>();
    private final ScratchRules rules = new ScratchRules();

    @Override protected int runs(int wanted) {
        return wanted / 10;
    }

    @Override protected RecordStore store() {
        closeAll();
        var store = SqlRecordStore.open(Path.of(":memory:"));
        store.begin();
        open.add(store);
        return store;
    }

    @Override protected RowRules rules() {
        return rules;
    }

    @AfterEach void close() {
        closeAll();
        rules.close();
    }

    private void closeAll() {
        for (var one : open) {
            try {
                one.close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
        open.clear();
    }
}
