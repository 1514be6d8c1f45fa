package dev.waggle.store.sql;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.log.DamagedLog;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.Verdict;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Reads entries on one connection. Every payload is hashed again: what is damaged is named, never given out.
final class LogReader {
    private static final String ENTRIES = """
        SELECT e."offset", e.id, e.signature, e.payload, e.seq, b.void_from, b.void_ranges
        FROM entries e JOIN branches b ON /*b.space*/ b.id = e.branch
        """;
    private static final String CHANGES = """
        SELECT v."offset", b.origin, b.epoch, b.number, v.from_seq, v.to_seq, v.void
        FROM verdict_changes v JOIN branches b ON /*b.space*/ b.id = v.branch
        """;

    /// Asked after each append, by everybody who follows the log: statements that are kept.
    private static final String READ = ENTRIES + "WHERE /*e.space*/ e.\"offset\" > ? ORDER BY e.\"offset\" LIMIT ?";
    private static final String READ_CHANGES = CHANGES + "WHERE /*v.space*/ v.\"offset\" BETWEEN ? AND ? ORDER BY v.\"offset\" LIMIT ?";

    /// Of a condensed event the bytes are not in its row: it is read in any case.
    private static final String HOLDING = ENTRIES + "WHERE /*e.space*/ e.\"offset\" > ? AND e.\"offset\" < ? AND (length(e.payload) = " + Segments.PLACE_BYTES
        + " OR /*in*/instr(e.payload, ?) > 0) ORDER BY e.\"offset\" ";
    private static final String CHANGES_BETWEEN = CHANGES + "WHERE /*v.space*/ v.\"offset\" > ? AND v.\"offset\" < ? ORDER BY v.\"offset\" ";

    private final LogConnection connection;
    private final Segments segments;

    LogReader(LogConnection connection, Segments segments) {
        this.connection = connection;
        this.segments = segments;
    }

    List<Entry> read(long after, int entriesMax, int bytesMax) throws SQLException {
        var entries = new ArrayList<Entry>();
        var select = connection.kept(READ);
        select.setLong(1, after);
        select.setInt(2, entriesMax);
        long bytes = 0;
        long expected = after + 1;
        try (var row = select.executeQuery()) {
            while (entries.size() < entriesMax && row.next()) {
                long offset = row.getLong(1);
                if (offset > expected) entries.addAll(changes(expected, offset - 1, entriesMax - entries.size()));
                if (entries.size() >= entriesMax) break;
                var entry = admitted(row);
                bytes += entry.event().payload().length;
                if (bytes > bytesMax && !entries.isEmpty()) return entries;
                entries.add(entry);
                expected = offset + 1;
            }
        }
        if (entries.size() == entriesMax) return entries;
        for (var change : changes(expected, Long.MAX_VALUE, entriesMax - entries.size())) {
            if (change.offset() != expected++) break;                // newer than the entries that were read: what was appended between the two comes first
            entries.add(change);
        }
        return entries;
    }

    List<Entry> readHolding(byte[] wanted, long after, long before, boolean newestFirst, int entriesMax, int bytesMax) throws SQLException {
        var order = newestFirst ? "DESC LIMIT ?" : "LIMIT ?";
        var found = new ArrayList<Entry>();
        boolean cut = false;
        try (var select = connection.prepare(HOLDING + order)) {
            select.setLong(1, after);
            select.setLong(2, before);
            select.setBytes(3, wanted);
            select.setInt(4, entriesMax);
            long bytes = 0;
            try (var row = select.executeQuery()) {
                while (!cut && row.next()) {
                    var entry = admitted(row);
                    bytes += entry.event().payload().length;
                    cut = bytes > bytesMax && !found.isEmpty();
                    if (!cut) found.add(entry);
                }
            }
        }
        cut |= found.size() == entriesMax;
        long end = cut ? found.getLast().offset() : newestFirst ? after : before;      // changes beyond what was found come after what was not
        try (var select = connection.prepare(CHANGES_BETWEEN + order)) {
            select.setLong(1, newestFirst ? end : after);
            select.setLong(2, newestFirst ? before : end);
            select.setInt(3, entriesMax);
            found.addAll(changes(select));
        }
        found.sort(newestFirst ? Comparator.comparingLong(Entry::offset).reversed() : Comparator.comparingLong(Entry::offset));
        return List.copyOf(found.subList(0, Math.min(entriesMax, found.size())));
    }

    Optional<Entry> atOffset(long offset) throws SQLException {
        try (var select = connection.prepare(ENTRIES + "WHERE /*e.space*/ e.\"offset\" = ?")) {
            select.setLong(1, offset);
            try (var row = select.executeQuery()) {
                if (row.next()) return Optional.of(admitted(row));
            }
        }
        return changes(offset, offset, 1).stream().findFirst();
    }

    Optional<Entry.Admitted> at(int branch, long seq) throws SQLException {
        try (var select = connection.prepare(ENTRIES + "WHERE /*e.space*/ e.branch = ? AND e.seq = ?")) {
            select.setInt(1, branch);
            select.setLong(2, seq);
            try (var row = select.executeQuery()) {
                return row.next() ? Optional.of(admitted(row)) : Optional.empty();
            }
        }
    }

    List<Entry.Admitted> readBranch(int branch, long fromSeq, long toSeq, int eventsMax, int bytesMax) throws SQLException {
        var entries = new ArrayList<Entry.Admitted>();
        try (var select = connection.prepare(ENTRIES + "WHERE /*e.space*/ e.branch = ? AND e.seq BETWEEN ? AND ? ORDER BY e.seq LIMIT ?")) {
            select.setInt(1, branch);
            select.setLong(2, fromSeq);
            select.setLong(3, toSeq);
            select.setInt(4, eventsMax);
            long bytes = 0;
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    var entry = admitted(row);
                    bytes += entry.event().payload().length;
                    if (bytes > bytesMax && !entries.isEmpty()) break;
                    entries.add(entry);
                }
            }
        }
        return entries;
    }

    EventId idAt(int branch, long seq) throws SQLException {
        try (var select = connection.prepare("SELECT id FROM entries WHERE /*space*/ branch = ? AND seq = ?")) {
            select.setInt(1, branch);
            select.setLong(2, seq);
            try (var row = select.executeQuery()) {
                if (!row.next()) throw new DamagedLog("branch " + branch + " has a hole at " + seq);
                return EventId.of(row.getBytes(1));
            }
        }
    }

    /// Up to which offset `id_prefixes` knows all ids.
    long idsIndexed() throws SQLException {
        try (var statement = connection.prepare("SELECT ids_indexed FROM log WHERE /*space*/ true"); var row = statement.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    Optional<Entry.Admitted> find(EventId id) throws SQLException {
        var sql = ENTRIES + """
            WHERE /*e.space*/ e.id = ? AND (e."offset" IN (SELECT "offset" FROM id_prefixes WHERE /*space*/ prefix = substr(?, 1, 8))
                OR e."offset" > (SELECT ids_indexed FROM log WHERE /*space*/ true))
            """;
        try (var select = connection.prepare(sql)) {
            select.setBytes(1, id.bytes());
            select.setBytes(2, id.bytes());
            try (var row = select.executeQuery()) {
                return row.next() ? Optional.of(admitted(row)) : Optional.empty();
            }
        }
    }

    /// @param prefix hexadecimal digits
    List<Entry.Admitted> findAll(String prefix, int max) throws SQLException {
        var first = HexFormat.of().parseHex(prefix + "0".repeat(2 * Rows.ID_BYTES - prefix.length()));
        var last = HexFormat.of().parseHex(prefix + "f".repeat(2 * Rows.ID_BYTES - prefix.length()));
        var sql = ENTRIES + """
            WHERE /*e.space*/ e.id BETWEEN ? AND ? AND (e."offset" IN (SELECT "offset" FROM id_prefixes WHERE /*space*/ prefix BETWEEN substr(?, 1, 8) AND substr(?, 1, 8))
                OR e."offset" > (SELECT ids_indexed FROM log WHERE /*space*/ true)) LIMIT ?
            """;
        try (var select = connection.prepare(sql)) {
            for (int i : new int[] {1, 3}) {
                select.setBytes(i, first);
                select.setBytes(i + 1, last);
            }
            select.setInt(5, max);
            try (var row = select.executeQuery()) {
                var found = new ArrayList<Entry.Admitted>();
                while (row.next()) found.add(admitted(row));
                return found;
            }
        }
    }

    Optional<byte[]> chunk(ChunkId id) throws SQLException {
        try (var select = connection.prepare("SELECT bytes FROM chunks WHERE /*space*/ id = ?")) {
            select.setBytes(1, id.bytes());
            try (var row = select.executeQuery()) {
                if (!row.next()) return segments.bytes(connection, id);
                var bytes = row.getBytes(1);
                if (!Arrays.equals(Sha256.of(bytes), id.bytes())) throw new DamagedLog("chunk " + id + " is damaged");
                return Optional.of(bytes);
            }
        }
    }

    Optional<byte[]> mark(String name) throws SQLException {
        return mark(connection, name);
    }

    static Optional<byte[]> mark(LogConnection connection, String name) throws SQLException {
        try (var select = connection.prepare("SELECT value, digest FROM marks WHERE /*space*/ name = ?")) {
            select.setString(1, name);
            try (var row = select.executeQuery()) {
                if (!row.next()) return Optional.empty();
                var value = row.getBytes(1) == null ? new byte[0] : row.getBytes(1);
                if (!Arrays.equals(SqlStorage.digest(name, value), row.getBytes(2))) throw new DamagedLog("mark " + name + " is damaged");
                return Optional.of(value);
            }
        }
    }

    private Entry.Admitted admitted(ResultSet row) throws SQLException {
        long offset = row.getLong(1);
        Event event = segments.event(connection, row.getBytes(2), row.getBytes(3), row.getBytes(4))
            .orElseThrow(() -> new DamagedLog("the event at offset " + offset + " is damaged"));
        return new Entry.Admitted(offset, event, Rows.voids(row.getLong(6), row.getBytes(7)).contains(row.getLong(5)) ? Verdict.VOID : Verdict.COUNTS);
    }

    private List<Entry> changes(long from, long to, int max) throws SQLException {
        var select = connection.kept(READ_CHANGES);
        select.setLong(1, from);
        select.setLong(2, to);
        select.setInt(3, max);
        return changes(select);
    }

    private static List<Entry> changes(PreparedStatement select) throws SQLException {
        var changes = new ArrayList<Entry>();
        try (var row = select.executeQuery()) {
            while (row.next())
                changes.add(new Entry.VerdictChanged(row.getLong(1), new ChainId(NodeId.of(row.getBytes(2)),
                    Epoch.of(row.getBytes(3))), row.getInt(4), row.getLong(5), row.getLong(6),
                    row.getInt(7) != 0 ? Verdict.VOID : Verdict.COUNTS));
        }
        return changes;
    }
}
