package dev.waggle;

import dev.waggle.store.node.FileTable;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A table of a space. It is the SQLite table that every other program sees, too; use SQL on the file for everything beyond these few calls.
/// Values are `Long`, `Double`, `String`, `byte[]` or null.
public final class Collection {
    private static final int ROWS_MAX = 100_000;
    private final FileTable table;

    Collection(Path file, String table) {
        this.table = new FileTable(file, table);
    }

    /// Inserts the row, or sets these columns in the row that has its key.
    public void put(Map<String, ?> row) {
        Waggle.said(() -> {
            table.put(row);
            return null;
        });
    }

    /// One row whose columns are equal to `where`.
    public Optional<Map<String, Object>> get(Map<String, ?> where) {
        return Waggle.said(() -> table.find(where, 1).stream().findFirst());
    }

    /// All rows, at most 100,000.
    public List<Map<String, Object>> rows() {
        return Waggle.said(() -> table.find(Map.of(), ROWS_MAX));
    }

    /// @return how many rows were deleted
    public int remove(Map<String, ?> where) {
        return Waggle.said(() -> table.remove(where));
    }
}
