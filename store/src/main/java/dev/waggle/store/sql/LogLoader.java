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
        FROM control_events c JOIN entries e ON /*e.space*/ e."offset" = c."offset"
        WHERE /*c.space*/ true
        ORDER BY e."offset"
        """;
    private static final String WAITING = """
        SELECT run, held_until, id, signature, payload FROM waiting WHERE /*space*/ true ORDER BY run, number
        """;

    private final LogConnection connection;

    LogLoader(LogConnection connection) {
        this.connection = connection;
    }

    /// Which space's log this is; a space of zeros for a file that does not say.
    static SpaceId space(LogConnection connection) throws SQLException {
        try (var statement = connection.prepare("SELECT space FROM log"); var row = statement.executeQuery()) {
            return SpaceId.of(row.next() && row.getBytes(1).length == Rows.ID_BYTES ? row.getBytes(1) : new byte[Rows.ID_BYTES]);
        }
    }

    LogStorage.Saved load() throws SQLException {
        var branches = new ArrayList<Branch>();
        try (var statement = connection.prepare("SELECT " + Rows.BRANCH_COLUMNS + " FROM branches WHERE /*space*/ true ORDER BY id"); var rows = statement.executeQuery()) {
            while (rows.next()) {
                var branch = Rows.branch(rows);
                if (!Rows.isWhole(rows, branch)) throw new DamagedLog("the row of chain " + branch.chain() + " is damaged: rebuild the log from its events");
                branches.add(branch);
            }
        }
        branches.sort(Comparator.comparing(Branch::chain).thenComparingInt(Branch::number));
        var cuts = new HashSet<ChainId>();
        try (var statement = connection.prepare("SELECT origin, epoch FROM cuts WHERE /*space*/ true"); var rows = statement.executeQuery()) {
            while (rows.next()) cuts.add(new ChainId(NodeId.of(rows.getBytes(1)), Epoch.of(rows.getBytes(2))));
        }
        var lost = new ArrayList<byte[]>();
        var waiting = waiting(lost);
        forget(lost);
        try (var statement = connection.prepare("SELECT received, accepted, voided, duplicate, rejected, pushed_back, last_offset FROM log WHERE /*space*/ true"); var row = statement.executeQuery()) {
            row.next();
            var counts = new Counts(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), 0, 0, 0, row.getLong(5), row.getLong(6), 0);
            return new LogStorage.Saved(branches, cuts, control(), waiting, counts, row.getLong(7));
        }
    }

    private List<Event> control() throws SQLException {
        var control = new ArrayList<Event>();
        try (var statement = connection.prepare(CONTROL); var rows = statement.executeQuery()) {
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
        try (var statement = connection.prepare(WAITING); var rows = statement.executeQuery()) {
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
        try (var delete = connection.prepare("DELETE FROM waiting WHERE /*space*/ id = ?");
             var uncount = connection.prepare("UPDATE log SET received = received - ? WHERE /*space*/ true")) {
            for (var id : lost) {
                delete.setBytes(1, id);
                delete.executeUpdate();
            }
            uncount.setInt(1, lost.size());
            uncount.executeUpdate();
        }
    }
}
