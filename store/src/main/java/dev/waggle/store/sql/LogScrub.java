package dev.waggle.store.sql;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;
import dev.waggle.core.log.Branch;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.LogUnavailable;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/// Looks for damage in a log's file: hashes every payload again, follows every chain, checks every stored signature, and asks SQLite about
/// the rest. Works beside an open log, and on a file that an open refused.
///
/// A chain says what each id has to be: an event's successor names it, and the branch's tip is stored apart. So a damaged payload, a
/// damaged id and a damaged signature are told from one another.
public final class LogScrub {
    /// @param damages events, in chain order
    /// @param other   damage that is not an event's, each in a sentence: chunks, waiting events and marks, and what SQLite's own check
    ///     found
    public record Report(List<Damage> damages, List<String> other) {
        public boolean clean() {
            return damages.isEmpty() && other.isEmpty();
        }
    }

    private static final String PLACES = """
        SELECT "offset", seq, id, signature, payload FROM entries WHERE /*space*/ branch = ? ORDER BY seq DESC
        """;

    private final LogConnection connection;
    private final Segments segments;
    private final Verifier verifier;
    private final NodeId self;
    private final LongPredicate acknowledged;
    private final LongConsumer progress;
    private final List<Damage> damages = new ArrayList<>();
    private final List<String> other = new ArrayList<>();

    private final TreeSet<Long> control = new TreeSet<>();

    private LogScrub(LogConnection connection, SpaceId space, Verifier verifier, NodeId self, LongPredicate acknowledged, LongConsumer progress) {
        this.connection = connection;
        this.segments = new Segments(space);
        this.verifier = verifier;
        this.self = self;
        this.acknowledged = acknowledged;
        this.progress = progress;
    }

    /// @param acknowledged whether some other node has the entry at an offset
    /// @param progress     told the number of entries looked at, now and then
    /// @throws LogUnavailable when the file cannot be read at all
    public static Report scan(Path file, Verifier verifier, NodeId self, LongPredicate acknowledged, LongConsumer progress) {
        try {
            var database = SqliteLog.at(file);
            SpaceId space;
            try (var connection = database.reader()) {
                space = LogLoader.space(connection);
            }
            return scan(database, space, verifier, self, acknowledged, progress);
        } catch (SQLException e) {
            throw new LogUnavailable("scrub " + file, e);
        }
    }

    /// As above, wherever the log is.
    public static Report scan(Database database, SpaceId space, Verifier verifier, NodeId self, LongPredicate acknowledged, LongConsumer progress) {
        try (var connection = database.reader()) {
            var scrub = new LogScrub(connection, space, verifier, self, acknowledged, progress);
            scrub.other.addAll(database.damages());
            return scrub.scan();
        } catch (SQLException e) {
            throw new LogUnavailable("scrub the log of space " + space.brief(), e);
        }
    }

    private Report scan() throws SQLException {
        var branches = new ArrayList<Branch>();
        try (var statement = connection.prepare("SELECT " + Rows.BRANCH_COLUMNS + " FROM branches WHERE /*space*/ true ORDER BY id"); var rows = statement.executeQuery()) {
            while (rows.next()) {
                var branch = Rows.branch(rows);
                if (!Rows.isWhole(rows, branch)) other.add("the row of chain " + branch.chain() + " is damaged");
                branches.add(branch);
            }
        } catch (IllegalArgumentException e) {
            other.add("a branch row is damaged: " + e.getMessage());
        }
        long looked = 0;
        for (var branch : branches) {
            try {
                looked = follow(branch, looked);
            } catch (SQLException e) {
                other.add("chain " + branch.chain() + " cannot be read whole: " + e.getMessage());
            }
        }
        blobs("SELECT id, bytes FROM chunks WHERE /*space*/ true", "chunk");
        blobs("SELECT id, payload FROM waiting WHERE /*space*/ true", "waiting event");
        segments();
        marks();
        totals();
        controlEvents();
        return new Report(List.copyOf(damages), List.copyOf(other));
    }

    /// From the tip down, so that each event's id is known before the event is read.
    private long follow(Branch branch, long before) throws SQLException {
        long looked = before;
        long expectedSeq = branch.tipSeq();
        var expected = Optional.of(branch.tipId());
        boolean vouched = false;
        try (var select = connection.prepare(PLACES)) {
            select.setInt(1, branch.key());
            try (var row = select.executeQuery()) {
                while (row.next()) {
                    long offset = row.getLong(1);
                    long seq = row.getLong(2);
                    for (; expectedSeq > seq; expectedSeq--) {
                        report(Damage.Kind.HOLE, 0, branch, expectedSeq, expected.orElse(branch.tipId()));
                        expected = Optional.empty();
                    }
                    var stored = row.getBytes(3);
                    var payload = payload(stored, row.getBytes(5));
                    var actual = EventId.of(Sha256.of(payload));
                    boolean idGood = Arrays.equals(stored, actual.bytes());
                    boolean tipDamaged = seq == branch.tipSeq() && idGood && !actual.equals(branch.tipId());
                    boolean payloadGood = tipDamaged || expected.map(actual::equals).orElse(idGood);
                    if (tipDamaged) report(Damage.Kind.TIP, offset, branch, seq, actual);
                    else if (!payloadGood) report(Damage.Kind.PAYLOAD, offset, branch, seq, expected.orElseGet(() -> EventId.of(stored)));
                    else if (!idGood) report(Damage.Kind.ID, offset, branch, seq, actual);
                    var signature = row.getBytes(4);
                    boolean signed = payloadGood && signature != null && signature.length == Event.SIGNATURE_BYTES
                        && verifier.verify(branch.chain().origin(), payload, signature);
                    if (payloadGood && !signed && (signature != null || !vouched)) report(Damage.Kind.SIGNATURE, offset, branch, seq, actual);
                    vouched = true;                  // if not by this one, then its damage is the reason, and reported
                    expected = payloadGood ? prev(payload) : Optional.empty();
                    if (payloadGood && isControl(payload)) control.add(offset);
                    expectedSeq--;
                    if (++looked % 10_000 == 0) progress.accept(looked);
                }
            }
        }
        for (; expectedSeq >= branch.first(); expectedSeq--) {
            report(Damage.Kind.HOLE, 0, branch, expectedSeq, expected.orElse(branch.tipId()));
            expected = Optional.empty();
        }
        return looked;
    }

    /// Of a condensed event what its segment says; what stands in its place when the segment does not have it, which is then no event.
    private byte[] payload(byte[] id, byte[] stored) throws SQLException {
        return Segments.isPointer(stored) ? segments.event(connection, id, null, stored).map(Event::payload).orElse(stored) : stored;
    }

    private static boolean isControl(byte[] payload) {
        try {
            return ControlType.isControl(Event.read(payload, null).type());
        } catch (MalformedPayload _) {
            return false;
        }
    }

    private void totals() throws SQLException {
        try (var statement = connection.prepare("SELECT last_offset, received, accepted, voided, duplicate, rejected, pushed_back, digest FROM log WHERE /*space*/ true"); var row = statement.executeQuery()) {
            if (!row.next()) {
                other.add("the row of totals is missing");
                return;
            }
            var values = new long[7];
            for (int i = 0; i < values.length; i++) values[i] = row.getLong(i + 1);
            var stored = row.getBytes(8);
            boolean fresh = stored.length == 0 && Arrays.stream(values).allMatch(value -> value == 0);
            if (!fresh && !Arrays.equals(stored, Rows.digest(values))) other.add("the row of totals is damaged");
        }
    }

    /// The list of control events is derived from the events; it decides who may write.
    private void controlEvents() throws SQLException {
        var listed = new TreeSet<Long>();
        try (var statement = connection.prepare("SELECT \"offset\" FROM control_events WHERE /*space*/ true"); var rows = statement.executeQuery()) {
            while (rows.next()) listed.add(rows.getLong(1));
        }
        // A damaged control event is reported as such and is in neither set for that reason.
        for (var damage : damages) {
            listed.remove(damage.offset());
            control.remove(damage.offset());
        }
        if (!listed.equals(control)) other.add("the list of control events is damaged");
    }

    private static Optional<EventId> prev(byte[] payload) {
        try {
            return Event.read(payload, null).envelope().prev();
        } catch (MalformedPayload _) {
            return Optional.empty();                 // its id was right, so nobody else could read it either
        }
    }

    private void report(Damage.Kind kind, long offset, Branch branch, long seq, EventId id) {
        damages.add(new Damage(kind, offset, branch.chain(), branch.number(), seq, id, branch.chain().origin().equals(self),
            offset > 0 && acknowledged.test(offset)));
    }

    private void blobs(String sql, String what) throws SQLException {
        try (var statement = connection.prepare(sql); var row = statement.executeQuery()) {
            while (row.next())
                if (!Arrays.equals(row.getBytes(1), Sha256.of(row.getBytes(2))))
                    other.add(what + " " + Hex.of(row.getBytes(1)) + " is damaged");
        }
    }

    private void segments() throws SQLException {
        try (var statement = connection.prepare("SELECT id, size, bytes FROM segments WHERE /*space*/ true"); var row = statement.executeQuery()) {
            while (row.next()) {
                var id = row.getBytes(1);
                if (Segments.inflated(row.getBytes(3), row.getInt(2)).filter(bytes -> Arrays.equals(id, Sha256.of(bytes))).isEmpty())
                    other.add("segment " + Hex.of(id) + " is damaged");
            }
        }
    }

    private void marks() throws SQLException {
        try (var statement = connection.prepare("SELECT name, value, digest FROM marks WHERE /*space*/ true"); var row = statement.executeQuery()) {
            while (row.next()) {
                var value = row.getBytes(2) == null ? new byte[0] : row.getBytes(2);
                if (!Arrays.equals(row.getBytes(3), SqlStorage.digest(row.getString(1), value)))
                    other.add("mark " + row.getString(1) + " is damaged");
            }
        }
    }

    /// Mends one damage, durably. The log may be open.
    ///
    /// @param good the event as another node sent it, with or without its signature; not needed for a damaged id
    /// @return false when `good` is not that event, what is needed is missing, or it is a hole: nothing was changed
    /// @throws LogUnavailable when disk or database failed; a retry is safe
    public static boolean repair(Path file, Damage damage, Optional<Event> good, Verifier verifier) {
        try {
            return repair(SqliteLog.at(file), damage, good, verifier);
        } catch (SQLException e) {
            throw new LogUnavailable("repair " + damage, e);
        }
    }

    /// As above, wherever the log is.
    public static boolean repair(Database database, Damage damage, Optional<Event> good, Verifier verifier) {
        if (good.isPresent() && !good.get().id().equals(damage.id())) return false;
        var signature = good.flatMap(event -> event.signature()
            .filter(bytes -> verifier.verify(damage.chain().origin(), event.payload(), bytes)));
        try (var connection = database.mender()) {
            connection.begin();
            boolean mended = switch (damage.kind()) {
                case PAYLOAD -> good.isPresent() && update(connection, damage, "UPDATE entries SET payload = ?, id = ? WHERE /*space*/ \"offset\" = ?",
                    good.get().payload(), damage.id().bytes());
                case ID -> update(connection, damage, "UPDATE entries SET id = ? WHERE /*space*/ \"offset\" = ?", damage.id().bytes());
                case SIGNATURE -> signature.isPresent()
                    ? update(connection, damage, "UPDATE entries SET signature = ? WHERE /*space*/ \"offset\" = ?", signature.get())
                    : isVouchedFor(connection, damage) && update(connection, damage, "UPDATE entries SET signature = NULL WHERE /*space*/ \"offset\" = ?");
                case TIP -> update(connection, damage, """
                    UPDATE branches SET tip_id = ? WHERE /*space*/ id = (SELECT branch FROM entries WHERE /*space*/ "offset" = ?)
                    """, damage.id().bytes());
                case HOLE -> false;
            };
            connection.commit(mended);
            return mended;
        } catch (SQLException e) {
            throw new LogUnavailable("repair " + damage, e);
        }
    }

    private static boolean update(LogConnection connection, Damage damage, String sql, byte[]... values) throws SQLException {
        try (var statement = connection.prepare(sql)) {
            for (int i = 0; i < values.length; i++) statement.setBytes(i + 1, values[i]);
            statement.setLong(values.length + 1, damage.offset());
            return statement.executeUpdate() == 1;
        }
    }

    private static boolean isVouchedFor(LogConnection connection, Damage damage) throws SQLException {
        try (var statement = connection.prepare("""
            SELECT 1 FROM entries e JOIN entries n ON /*n.space*/ n.branch = e.branch AND n.seq = e.seq + 1
            WHERE /*e.space*/ e."offset" = ?
            """)) {
            statement.setLong(1, damage.offset());
            try (var row = statement.executeQuery()) {
                return row.next();
            }
        }
    }
}
