package dev.waggle.store.sql;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Branch;
import dev.waggle.core.log.Counts;
import dev.waggle.core.log.DamagedLog;
import dev.waggle.core.log.LogStorage;
import dev.waggle.store.sqlite.UnusableFile;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;

/// Reads what a core begins with: branches, control events and the waiting room, never the entries. So a log with a million events opens
/// as fast as a small one.
final class LogLoader {
    private static final String CONTROL = """
        SELECT e."offset", e.id, e.signature, e.payload
        FROM control_events c JOIN entries e ON e."offset" = c."offset"
        ORDER BY e."offset"
        """;
    private static final String WAITING = """
        SELECT run, held_until, id, signature, payload FROM waiting ORDER BY run, number
        """;

    private final Connection connection;

    LogLoader(Connection connection) {
        this.connection = connection;
    }

    /// Makes the row that says which space this is, in a new file, and checks it in an old one.
    static void claim(Connection connection, SpaceId space) throws SQLException {
        try (var insert = connection.prepareStatement("INSERT OR IGNORE INTO log VALUES (1, ?, 0, 0, 0, 0, 0, 0, 0, 0, x'')");
             var select = connection.prepareStatement("SELECT space FROM log")) {
            insert.setBytes(1, space.bytes());
            insert.executeUpdate();
            try (var row = select.executeQuery()) {
                var found = row.next() ? SpaceId.of(row.getBytes(1)) : null;
                if (!space.equals(found)) throw new UnusableFile("this file is the log of another space: " + found + ", not " + space);
            }
        }
    }

    /// Which space's log this is; a space of zeros for a file that does not say.
    static SpaceId space(Connection connection) throws SQLException {
        try (var statement = connection.createStatement(); var row = statement.executeQuery("SELECT space FROM log")) {
            return SpaceId.of(row.next() && row.getBytes(1).length == Rows.ID_BYTES ? row.getBytes(1) : new byte[Rows.ID_BYTES]);
        }
    }

    LogStorage.Saved load() throws SQLException {
        var branches = new ArrayList<Branch>();
        try (var statement = connection.createStatement();
             var rows = statement.executeQuery("SELECT " + Rows.BRANCH_COLUMNS + " FROM branches ORDER BY id")) {
            while (rows.next()) {
                var branch = Rows.branch(rows);
                if (!Rows.isWhole(rows, branch)) throw new DamagedLog("the row of chain " + branch.chain() + " is damaged: rebuild the log from its events");
                branches.add(branch);
            }
        }
        branches.sort(Comparator.comparing(Branch::chain).thenComparingInt(Branch::number));
        var cuts = new HashSet<ChainId>();
        try (var statement = connection.createStatement(); var rows = statement.executeQuery("SELECT origin, epoch FROM cuts")) {
            while (rows.next()) cuts.add(new ChainId(NodeId.of(rows.getBytes(1)), Epoch.of(rows.getBytes(2))));
        }
        var lost = new ArrayList<byte[]>();
        var waiting = waiting(lost);
        forget(lost);
        try (var statement = connection.createStatement(); var row = statement.executeQuery(
            "SELECT received, accepted, voided, duplicate, rejected, pushed_back, last_offset FROM log")) {
            row.next();
            var counts = new Counts(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), 0, 0, 0, row.getLong(5), row.getLong(6), 0);
            return new LogStorage.Saved(branches, cuts, control(), waiting, counts, row.getLong(7));
        }
    }

    private List<Event> control() throws SQLException {
        var control = new ArrayList<Event>();
        try (var statement = connection.createStatement(); var rows = statement.executeQuery(CONTROL)) {
            while (rows.next()) {
                long offset = rows.getLong(1);
                control.add(Rows.event(rows.getBytes(2), rows.getBytes(3), rows.getBytes(4)).orElseThrow(() ->
                    new DamagedLog("the control event at offset " + offset + " is damaged: repair it before the space is opened")));
            }
        }
        return control;
    }

    /// @param lost ids of runs of which something is damaged: others still have them, and offer them again
    private List<LogStorage.SavedRun> waiting(List<byte[]> lost) throws SQLException {
        var runs = new LinkedHashMap<Long, List<Event>>();
        var held = new LinkedHashMap<Long, Long>();
        var ids = new LinkedHashMap<Long, List<byte[]>>();
        var damaged = new HashSet<Long>();
        try (var statement = connection.createStatement(); var rows = statement.executeQuery(WAITING)) {
            while (rows.next()) {
                long run = rows.getLong(1);
                held.merge(run, rows.getLong(2), Math::max);
                ids.computeIfAbsent(run, _ -> new ArrayList<>()).add(rows.getBytes(3));
                var event = Rows.event(rows.getBytes(3), rows.getBytes(4), rows.getBytes(5));
                event.ifPresent(runs.computeIfAbsent(run, _ -> new ArrayList<>())::add);
                if (event.isEmpty()) damaged.add(run);
            }
        }
        for (var run : damaged) lost.addAll(ids.get(run));
        return runs.entrySet().stream().filter(run -> !damaged.contains(run.getKey())).map(run -> new LogStorage.SavedRun(run.getKey(),
            run.getValue().stream().sorted(Comparator.comparingLong(Event::seq)).toList(), held.get(run.getKey()))).toList();
    }

    private void forget(List<byte[]> lost) throws SQLException {
        if (lost.isEmpty()) return;
        connection.setAutoCommit(false);
        try (var delete = connection.prepareStatement("DELETE FROM waiting WHERE id = ?");
             var uncount = connection.prepareStatement("UPDATE log SET received = received - ?")) {
            for (var id : lost) {
                delete.setBytes(1, id);
                delete.executeUpdate();
            }
            uncount.setInt(1, lost.size());
            uncount.executeUpdate();
            connection.setAutoCommit(true);          // commits
        }
    }
}
