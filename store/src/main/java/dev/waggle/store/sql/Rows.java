package dev.waggle.store.sql;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.event.Hex;
import dev.waggle.core.log.Branch;
import dev.waggle.core.log.Voids;
import dev.waggle.core.time.Hlc;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// How values become columns and come back.
final class Rows {
    static final int ID_BYTES = 32;
    private static final int DIGEST_BYTES = 8;

    private Rows() {}

    /// The event of a row, or empty when its payload is not what its id says.
    static Optional<Event> event(byte[] id, byte[] signature, byte[] payload) {
        return id == null || payload == null ? Optional.empty() : Event.kept(id, payload, signature);
    }

    static final String BRANCH_COLUMNS =
        "id, origin, epoch, number, parent, first_seq, tip_seq, tip_id, tip_wall, tip_tick, control, head, void_from, continues, digest, void_ranges";

    static Branch branch(ResultSet row) throws SQLException {
        var continues = row.getBytes(14);
        return new Branch(row.getInt(1), new ChainId(NodeId.of(row.getBytes(2)), Epoch.of(row.getBytes(3))), row.getInt(4), row.getInt(5),
            row.getLong(6), row.getLong(7), EventId.of(row.getBytes(8)), new Hlc(row.getLong(9), row.getInt(10)), ids(row.getBytes(11)), row.getInt(12) != 0,
            voids(row.getLong(13), row.getBytes(16)), Optional.ofNullable(continues).map(Epoch::of));
    }

    static void bind(PreparedStatement statement, Branch branch) throws SQLException {
        statement.setInt(1, branch.key());
        statement.setBytes(2, branch.chain().origin().bytes());
        statement.setBytes(3, branch.chain().epoch().bytes());
        statement.setInt(4, branch.number());
        statement.setInt(5, branch.parent());
        statement.setLong(6, branch.first());
        statement.setLong(7, branch.tipSeq());
        statement.setBytes(8, branch.tipId().bytes());
        statement.setLong(9, branch.tipTs().wallMs());
        statement.setInt(10, branch.tipTs().tick());
        statement.setBytes(11, bytes(branch.control()));
        statement.setInt(12, branch.head() ? 1 : 0);
        statement.setLong(13, branch.voids().openFrom());
        statement.setBytes(14, branch.continues().map(Epoch::bytes).orElse(null));
        statement.setBytes(15, digest(branch));
        statement.setBytes(16, ranges(branch.voids()));
    }

    /// False when the row is not as it was written.
    static boolean isWhole(ResultSet row, Branch branch) throws SQLException {
        return Arrays.equals(row.getBytes(15), digest(branch));
    }

    /// Over everything but the tip's id, which the chain itself proves.
    private static byte[] digest(Branch branch) {
        var text = String.join(" ", Integer.toString(branch.key()), branch.chain().text(), Integer.toString(branch.number()), Integer.toString(branch.parent()),
            Long.toString(branch.first()), Long.toString(branch.tipSeq()), branch.tipTs().toString(), branch.control().toString(),
            Boolean.toString(branch.head()), Long.toString(branch.voids().openFrom()), branch.continues().map(Epoch::hex).orElse("-"));
        var ranges = ranges(branch.voids());
        if (ranges != null) text += " " + Hex.of(ranges);
        return Arrays.copyOf(Sha256.of(text.getBytes(StandardCharsets.UTF_8)), DIGEST_BYTES);
    }

    static byte[] digest(long[] values) {
        return Arrays.copyOf(Sha256.of(Arrays.toString(values).getBytes(StandardCharsets.UTF_8)), DIGEST_BYTES);
    }

    /// @param ranges null when nothing but the end of the branch is void
    static Voids voids(long openFrom, byte[] ranges) {
        var all = new ArrayList<Voids.Range>();
        if (ranges != null) {
            var numbers = ByteBuffer.wrap(ranges);
            while (numbers.hasRemaining()) all.add(new Voids.Range(numbers.getLong(), numbers.getLong()));
        }
        if (openFrom != Voids.NO_END) all.add(new Voids.Range(openFrom, Voids.NO_END));
        return all.isEmpty() ? Voids.NONE : new Voids(all);
    }

    /// The ranges that end, 8 bytes for each of their ends.
    private static byte[] ranges(Voids voids) {
        var ended = voids.ranges().stream().filter(range -> range.to() != Voids.NO_END).toList();
        if (ended.isEmpty()) return null;
        var bytes = ByteBuffer.allocate(ended.size() * 2 * Long.BYTES);
        for (var range : ended) bytes.putLong(range.from()).putLong(range.to());
        return bytes.array();
    }

    private static List<EventId> ids(byte[] bytes) {
        var ids = new ArrayList<EventId>();
        for (int at = 0; at < bytes.length; at += ID_BYTES) ids.add(EventId.of(Arrays.copyOfRange(bytes, at, at + ID_BYTES)));
        return ids;
    }

    private static byte[] bytes(List<EventId> ids) {
        var bytes = new ByteArrayOutputStream(ids.size() * ID_BYTES);
        for (var id : ids) bytes.writeBytes(id.bytes());
        return bytes.toByteArray();
    }
}
