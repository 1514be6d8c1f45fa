package dev.waggle.store.capture;

import dev.waggle.apps.table.ChangeSetCodec;
import dev.waggle.apps.table.TableView.Observed;
import dev.waggle.core.record.Value;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;

/// Reads what programs wrote since the capture cursor, within the caller's snapshot or lock: whole transactions, each row as it is now.
/// States between two drains are not history. Writes nothing.
final class Drain {
    /// @param observed    every row that was touched, once
    /// @param upTo        the capture cursor once `observed` is in the log
    /// @param compare     tables of which the queue cannot tell all: they have a unique index over expressions
    /// @param keyless     rows written with NULL in their key: they cannot be synced
    /// @param more        the queue went on when it was read: this is a part
    record Drained(List<Observed> observed, CaptureCursor upTo, Set<String> compare, long keyless, boolean more) {}

    /// More are read in parts: what a transaction of any size touched has to fit in memory.
    private static final int QUEUE_ROWS_MAX = 65_536;
    /// What one part holds at most: rows exist several times while they become an event, so a node with little memory takes smaller parts.
    private static final long PART_BYTES_MAX = Math.min(ChangeSetCodec.SET_BYTES_MAX, Runtime.getRuntime().maxMemory() / 24);

    private final UserFile file;
    private final Map<String, TableSql> tables;
    /// The key a row came from, by the key it has now.
    private final Map<RowKey, RowKey> cameFrom = new HashMap<>();
    private final Set<RowKey> touched = new LinkedHashSet<>();
    private final Set<String> compare = new TreeSet<>();

    private Drain(UserFile file, Map<String, TableSql> tables) {
        this.file = file;
        this.tables = tables;
    }

    /// All that is new, as long as it fits one change set; else the first part of it, and `upTo` says how far.
    static Drained read(UserFile file, Map<String, TableSql> tables, CaptureCursor after) throws SQLException {
        var newest = QueueTable.newest(file, after.fileId());
        if (newest.queueId() <= after.queueId()) return new Drained(List.of(), after, Set.of(), 0, false);
        for (int rowsMax = QUEUE_ROWS_MAX; ; rowsMax /= 4) {
            var queue = QueueTable.read(file, after.queueId(), rowsMax);
            var drain = new Drain(file, tables);
            for (var queued : queue) drain.follow(queued);
            var upTo = new CaptureCursor(after.fileId(), queue.getLast().id(), queue.getLast().nonce());
            var drained = drain.observe(upTo, queue.size() > 1, upTo.queueId() < newest.queueId());
            if (drained.isPresent()) return drained.get();
        }
    }

    private void follow(QueueTable.Queued queued) {
        var table = tables.get(queued.table());
        if (table == null) return;                                   // dropped, renamed or no longer tracked
        int parts = table.table().schema().key().size();
        var key = table.table().at(queued.key().subList(0, parts));
        touched.add(key);
        switch (queued.operation()) {
            case "INSERT" -> {
                cameFrom.remove(key);
                if (table.table().hasExpressionIndex()) compare.add(queued.table());
            }
            case "DELETE" -> cameFrom.remove(key);
            case "UPDATE" -> {
                if (table.table().hasExpressionIndex()) compare.add(queued.table());
                var old = table.table().at(queued.oldKey().subList(0, parts));
                if (old.equals(key)) return;
                touched.add(old);
                var origin = cameFrom.remove(old);
                cameFrom.put(key, origin == null ? old : origin);
            }
            default -> { }                                           // REPLACE: a key that may be gone; looking is enough
        }
    }

    /// @return empty when it is more than one change set carries
    private Optional<Drained> observe(CaptureCursor upTo, boolean canBeLess, boolean more) throws SQLException {
        long bytes = 0;
        var present = new ArrayList<Observed>();
        var moved = new LinkedHashSet<RowKey>();
        var gone = new ArrayList<RowKey>();
        long keyless = 0;
        for (var key : touched) {
            if (key.hasNull()) {
                keyless++;
                continue;
            }
            var table = tables.get(key.table());
            Optional<SortedMap<String, Value>> row = table.row(key.key());
            if (row.isEmpty()) {
                gone.add(key);
                continue;
            }
            var from = Optional.ofNullable(cameFrom.get(key)).filter(old -> !old.equals(key) && !old.hasNull());
            from.ifPresent(moved::add);
            bytes += ChangeSetCodec.bytes(row.get());
            if (canBeLess && bytes > PART_BYTES_MAX) return Optional.empty();
            present.add(new Observed(key.table(), table.table().keyOf(row.get()), from.map(RowKey::key), row));
        }
        var all = new ArrayList<Observed>(present.size() + gone.size());
        for (var key : gone) if (!moved.contains(key)) all.add(new Observed(key.table(), key.key(), Optional.empty(), Optional.empty()));
        all.addAll(present);
        return Optional.of(new Drained(all, upTo, compare, keyless, more));
    }
}
