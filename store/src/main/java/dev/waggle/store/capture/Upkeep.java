package dev.waggle.store.capture;

import dev.waggle.store.capture.Rescan.KnownRows;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Keeps the file's triggers and our knowledge of its schema right whatever programs do to it: tables added, dropped, renamed or rebuilt, columns added,
/// renamed or dropped. What has to be compared afterwards is noted in the log first, so that an interruption cannot skip it.
final class Upkeep {
    private static final String MARK = "capture_work";

    /// What has to be done for a table.
    enum Kind {
        /// Not followed before: rows of the file go to the space, rows of the space to the file.
        ADOPT,
        /// The same, but where both have a row, the space's stands.
        ADOPT_THEIRS,
        /// The file got a column that the space has: its values are written into the file before anything there counts as an edit.
        FILL,
        /// In a copy of another machine's file: rows that are what they once were in the space become what they are there now, others are edits.
        COPY,
        /// Followed, but something may have been written unseen.
        RESCAN
    }

    record Work(Kind kind, String table) {}

    private final Follower follower;

    Upkeep(Follower follower) {
        this.follower = follower;
    }

    /// Takes up a tracked file after a start, or after it was replaced.
    void takeUp(FileState state, Progress progress) throws SQLException {
        follower.state = state;
        readSchema();                                                 // first: what the view shows otherwise is wanted in these tables
        var found = follower.takeUp(state);
        if (found == Follower.Found.COPY) {
            note(follower.tables.keySet().stream().map(table -> new Work(Kind.COPY, table)).toList());
            install(state.all());
            follower.log.marks(Map.of(CaptureCursor.MARK, follower.cursor.bytes()));
        }
        if (found == Follower.Found.RESTORED) {
            note(follower.tables.keySet().stream().map(table -> new Work(Kind.RESCAN, table)).toList());
            try (var known = Rescan.knownAfter(follower, follower.folded)) {
                new Rescan(follower, known, progress).compare(follower.tables.keySet());
            }
            follower.log.marks(Map.of(CaptureCursor.MARK, follower.cursor.bytes()));
            clear();
        }
        check(progress);
        doNoted(progress);
    }

    private void readSchema() throws SQLException {
        var schema = follower.file.snapshot(() -> FileSchema.read(follower.file.connection()));
        follower.useSchema(schema, tracked(schema, follower.state));
    }

    private static Set<String> tracked(FileSchema schema, FileState state) {
        var tracked = new TreeSet<>(state.all() ? schema.tables().keySet() : state.tables().keySet());
        tracked.retainAll(schema.tables().keySet());
        return tracked;
    }

    private boolean checked;

    /// Looks whether the schema changed, and does what follows. Cheap when it did not.
    ///
    /// @return true when something had to be done
    boolean check(Progress progress) throws SQLException {
        if (checked && follower.schema.version() == follower.file.schemaVersion()) return false;
        readSchema();
        checked = true;
        var file = follower.file;
        boolean right = file.snapshot(() -> Triggers.areIn(file.connection(), follower.tracked()));
        var work = new ArrayList<Work>();
        var columns = new HashMap<String, List<String>>();
        for (var table : follower.tracked()) {
            columns.put(table.name(), table.stored());
            var before = follower.state.tables().get(table.name());
            if (before == null) {
                work.add(new Work(Kind.ADOPT, table.name()));
            } else if (!before.containsAll(table.stored())) {
                if (spaceHasNewColumn(table, before)) work.add(new Work(Kind.FILL, table.name()));
                work.add(new Work(Kind.RESCAN, table.name()));
            }
        }
        boolean sameColumns = columns.entrySet().stream().allMatch(table -> table.getValue().equals(follower.state.tables().get(table.getKey())));
        if (right && sameColumns) return false;
        for (var name : file.snapshot(() -> Triggers.missingFor(file.connection(), follower.tracked())))
            if (work.stream().noneMatch(item -> item.table().equals(name))) work.add(new Work(Kind.RESCAN, name));
        note(work);
        install(follower.state.all());
        follower.emitSchemas();
        doNoted(progress);
        return true;
    }

    private boolean spaceHasNewColumn(TrackedTable table, List<String> before) {
        var known = follower.view.table().schemas().get(table.name());
        return known != null && known.columns().stream().anyMatch(column -> table.stored().contains(column.name()) && !before.contains(column.name()));
    }

    /// Queue, triggers and the state row, in one transaction.
    void install(boolean all) throws SQLException {
        var file = follower.file;
        var tracked = follower.tracked();
        file.locked(() -> {
            var connection = file.connection();
            QueueTable.make(connection, tracked.stream().mapToInt(table -> table.schema().key().size()).max().orElse(1));
            FileState.make(connection);
            Triggers.make(connection, tracked);
            follower.state = follower.state.withTables(tracked, all);
            follower.state.write(connection);
            follower.schema = follower.schema.at(Rows.number(connection, "PRAGMA schema_version"));
            return null;
        });
    }

    // ---- work that survives an interruption --------------------------------------------------------------------------------------

    void note(Collection<Work> work) {
        var all = new ArrayList<>(noted());
        for (var item : work) if (!all.contains(item)) all.add(item);
        if (all.isEmpty()) return;
        var lines = new StringBuilder();
        for (var item : all) lines.append(item.kind()).append(' ').append(item.table()).append('\0');
        follower.log.marks(Map.of(MARK, lines.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private List<Work> noted() {
        var work = new ArrayList<Work>();
        var bytes = follower.log.mark(MARK);
        if (bytes.isEmpty()) return work;
        for (var line : new String(bytes.get(), StandardCharsets.UTF_8).split("\0"))
            if (!line.isEmpty()) work.add(new Work(Kind.valueOf(line.substring(0, line.indexOf(' '))), line.substring(line.indexOf(' ') + 1)));
        return work;
    }

    private void clear() {
        var marks = new TreeMap<String, byte[]>();
        marks.put(MARK, null);
        follower.log.marks(marks);
    }

    /// @return rows that differed
    long doNoted(Progress progress) throws SQLException {
        var work = noted();
        if (work.isEmpty()) return 0;
        long differences = 0;
        var order = follower.tracked().stream().map(TrackedTable::name).toList();
        for (var kind : List.of(Kind.FILL, Kind.ADOPT_THEIRS)) for (var table : tables(work, kind, order)) new Fill(follower).run(table, false, progress);
        if (work.stream().anyMatch(item -> item.kind() == Kind.COPY)) {
            follower.emitSchemas();
            try (var known = Rescan.knownAfter(follower, 0)) {
                for (var table : tables(work, Kind.COPY, order)) differences += new Rescan(follower, known, progress).adopt(table);
            }
            for (var table : tables(work, Kind.COPY, order)) new Fill(follower).run(table, false, progress);
        }
        var inSpace = order.stream().filter(table -> new Rescan(follower, KnownRows.NONE, progress).isShown(table)).toList();
        for (var table : order)
            if (work.contains(new Work(Kind.ADOPT, table)) || work.contains(new Work(Kind.ADOPT_THEIRS, table)))
                differences += new Rescan(follower, KnownRows.NONE, progress).adopt(table);
        for (var kind : List.of(Kind.ADOPT, Kind.ADOPT_THEIRS)) for (var table : tables(work, kind, inSpace)) new Fill(follower).run(table, true, progress);
        differences += new Rescan(follower, KnownRows.NONE, progress).compare(new HashSet<>(tables(work, Kind.RESCAN, order)));
        clear();
        return differences;
    }

    private static List<String> tables(List<Work> work, Kind kind, List<String> order) {
        return order.stream().filter(table -> work.contains(new Work(kind, table))).toList();
    }
}
