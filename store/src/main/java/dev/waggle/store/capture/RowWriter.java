package dev.waggle.store.capture;

import dev.waggle.core.record.Value;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Makes rows of the file what they should be, within the caller's transaction: only rows and columns whose type or bytes differ are written.
final class RowWriter {
    /// A row that the file itself refused although the rules allowed it. It stays in the log and the view.
    record Refused(RowKey row, String reason) {}

    /// What has to be written.
    ///
    /// @param before empty when the row is not in the file now
    private record Write(RowKey at, Optional<SortedMap<String, Value>> before, SortedMap<String, Value> wanted) {}

    /// @param rows rows inserted, updated or deleted
    record Outcome(long rows, List<Refused> refused) {}

    private final UserFile file;
    private final Map<String, TableSql> tables;
    private final UserTriggers triggers;
    private final Set<RowKey> deletes = new LinkedHashSet<>();
    private final ArrayDeque<Write> writes = new ArrayDeque<>();
    private final List<Refused> refused = new ArrayList<>();

    RowWriter(UserFile file, Map<String, TableSql> tables, UserTriggers triggers) {
        this.file = file;
        this.tables = tables;
        this.triggers = triggers;
    }

    /// @param wanted the rows that should stand under these keys, empty for none
    Outcome write(Map<RowKey, Optional<SortedMap<String, Value>>> wanted) throws SQLException {
        for (var row : wanted.entrySet()) if (row.getValue().isEmpty()) planDelete(row.getKey());
        for (var row : wanted.entrySet()) if (row.getValue().isPresent()) planWrite(row.getKey(), row.getValue().get());
        long rows = deletes.size() + writes.size();
        if (rows == 0) return new Outcome(0, List.of());
        triggers.standAside(file.connection());
        FileState.applying(file, true);
        for (var key : deletes) tables.get(key.table()).delete(key.key());          // first: they free unique values for the others
        writeAll();
        FileState.applying(file, false);
        triggers.putBack(file.connection());
        return new Outcome(rows, refused);
    }

    /// Writes rows that mostly are not there yet: they are inserted without looking, as long as that goes well.
    ///
    /// @param missingOnly leaves rows alone that stand under their key already
    Outcome fill(Map<RowKey, Optional<SortedMap<String, Value>>> wanted, boolean missingOnly) throws SQLException {
        triggers.standAside(file.connection());
        FileState.applying(file, true);
        long inserted = 0;
        boolean absent = true;
        for (var row : wanted.entrySet()) {
            var table = tables.get(row.getKey().table());
            if (!absent) absent = !table.exists(row.getKey().key());
            if (absent) absent = inserted(table, row.getValue().orElseThrow());
            if (absent) inserted++;
            else if (!missingOnly || !table.exists(row.getKey().key())) planWrite(row.getKey(), row.getValue().get());
        }
        long rows = inserted + writes.size();
        writeAll();
        FileState.applying(file, false);
        triggers.putBack(file.connection());
        return new Outcome(rows, refused);
    }

    /// @return false when something is in the way
    private static boolean inserted(TableSql table, SortedMap<String, Value> row) throws SQLException {
        try {
            table.insert(table.stored(row));
            return true;
        } catch (SQLException e) {
            if (UserFile.isConstraint(e)) return false;
            throw e;
        }
    }

    private void planDelete(RowKey key) throws SQLException {
        var table = tables.get(key.table());
        if (table != null && table.exists(key.key())) deletes.add(key);
    }

    private void planWrite(RowKey key, SortedMap<String, Value> wanted) throws SQLException {
        var table = tables.get(key.table());
        if (table == null) return;                                    // the file has no such table: its rows wait in the log
        var now = table.row(key.key());
        var row = table.stored(wanted);                               // a column the file lacks waits in the log until the file's program adds it
        now.ifPresent(found -> deletes.remove(table.table().at(found)));      // one key, spelt otherwise: an update
        if (now.isEmpty() || !changed(now.get(), row).isEmpty()) writes.add(new Write(key, now, row));
    }

    private SortedMap<String, Value> changed(SortedMap<String, Value> now, SortedMap<String, Value> wanted) {
        var changed = new TreeMap<String, Value>();
        wanted.forEach((column, value) -> {
            if (!Same.inFile(now.get(column), value, file.textForm())) changed.put(column, value);
        });
        return changed;
    }

    /// Writes in any order that the unique indexes allow. Where rows swap values none can go first: one is taken out and put in again last.
    private void writeAll() throws SQLException {
        int withoutProgress = 0;
        Set<RowKey> takenOut = new HashSet<>();
        while (!writes.isEmpty()) {
            var write = writes.poll();
            try {
                put(write);
                withoutProgress = 0;
            } catch (SQLException e) {
                if (!UserFile.isConstraint(e)) throw e;
                writes.add(write);
                if (++withoutProgress < writes.size()) continue;
                withoutProgress = 0;
                if (!makeRoom(takenOut)) {
                    var given = writes.removeLast();
                    refused.add(new Refused(given.at(), e.getMessage()));
                }
            }
        }
    }

    private void put(Write write) throws SQLException {
        var table = tables.get(write.at().table());
        if (write.before().isEmpty()) table.insert(write.wanted());
        else table.update(write.at().key(), changed(write.before().get(), write.wanted()));
    }

    /// Takes one row out of the way that is itself still to be written. False when there is none.
    private boolean makeRoom(Set<RowKey> takenOut) throws SQLException {
        for (var write : List.copyOf(writes)) {
            if (write.before().isEmpty() || !takenOut.add(write.at())) continue;
            tables.get(write.at().table()).delete(write.at().key());
            writes.remove(write);
            var whole = new TreeMap<>(write.before().get());
            whole.putAll(write.wanted());
            writes.add(new Write(write.at(), Optional.empty(), whole));
            return true;
        }
        return false;
    }

    /// From rows before and after to what should stand under which key.
    static final class Wanted {
        private final Map<RowKey, Optional<SortedMap<String, Value>>> rows = new LinkedHashMap<>();

        Map<RowKey, Optional<SortedMap<String, Value>>> rows() {
            return rows;
        }

        /// A row left this key. Of rows that change together all leave before any stands: another may take the key.
        void left(RowKey key) {
            rows.put(key, Optional.empty());
        }

        void stands(RowKey key, SortedMap<String, Value> row) {
            rows.put(key, Optional.of(row));
        }

        void should(RowKey key, Optional<SortedMap<String, Value>> row) {
            rows.put(key, row);
        }
    }
}
