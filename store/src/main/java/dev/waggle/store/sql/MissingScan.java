package dev.waggle.store.sql;

import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Lacking;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.PriorityQueue;

/// Reads what somebody lacks, in offset order. Where most of the log is lacking the entries are walked; where little is, the lacking
/// pieces of the few branches concerned are merged, so that ten events among a million cost ten reads. Damaged events are left out, and
/// with them the unsigned events before them that nothing else vouches for: whoever receives the rest asks for them by id, elsewhere.
final class MissingScan {
    private static final int PIECES_MERGED_MAX = 64;
    private static final String COLUMNS = "SELECT \"offset\", branch, seq, id, signature, payload FROM entries ";

    private final LogConnection connection;
    private final Lacking lacking;
    private final long lastOffset;

    MissingScan(LogConnection connection, Lacking lacking, long lastOffset) {
        this.connection = connection;
        this.lacking = lacking;
        this.lastOffset = lastOffset;
    }

    EventLog.Missing read(long after, int eventsMax, int bytesMax) throws SQLException {
        var answer = new Lacking.Collector(after, eventsMax, bytesMax);
        long events = lacking.pieces().stream().mapToLong(Lacking.Piece::events).sum();
        if (events == 0) return answer.end(lastOffset);
        boolean few = lacking.pieces().size() <= PIECES_MERGED_MAX && events < (lastOffset - after) / 2;
        boolean whole = few ? merge(after, answer) : walk(after, answer);
        return whole ? answer.end(lastOffset) : answer.full();
    }

    private boolean walk(long after, Lacking.Collector answer) throws SQLException {
        var select = connection.kept(COLUMNS + "WHERE /*space*/ \"offset\" > ? AND \"offset\" <= ? ORDER BY \"offset\"");
        select.setLong(1, after);
        select.setLong(2, lastOffset);
        try (var row = select.executeQuery()) {
            while (row.next())
                if (lacking.contains(row.getInt(2), row.getLong(3)) && !take(row, answer)) return false;
        }
        return true;
    }

    /// Within a branch offsets grow with seq, so the pieces are sorted lists to merge.
    private boolean merge(long after, Lacking.Collector answer) throws SQLException {
        var open = new ArrayList<Cursor>();
        var next = new PriorityQueue<>(Comparator.comparingLong((Cursor cursor) -> cursor.offset));
        try {
            for (var piece : lacking.pieces()) {
                var cursor = new Cursor(piece, firstAfter(piece, after));
                open.add(cursor);
                if (cursor.advance() && cursor.offset <= lastOffset) next.add(cursor);
            }
            while (!next.isEmpty()) {
                var cursor = next.poll();
                if (!take(cursor.row, answer)) return false;
                if (cursor.advance() && cursor.offset <= lastOffset) next.add(cursor);
            }
            return true;
        } finally {
            for (var cursor : open) cursor.close();
        }
    }

    /// The first seq of a piece whose offset is above `after`: a binary search in the index by place.
    private long firstAfter(Lacking.Piece piece, long after) throws SQLException {
        long low = piece.from();
        long high = piece.to() + 1;
        try (var select = connection.prepare("SELECT \"offset\" FROM entries WHERE /*space*/ branch = ? AND seq = ?")) {
            while (low < high) {
                long middle = (low + high) >>> 1;
                select.setInt(1, piece.branch().key());
                select.setLong(2, middle);
                try (var row = select.executeQuery()) {
                    if (row.next() && row.getLong(1) > after) high = middle;
                    else low = middle + 1;
                }
            }
        }
        return low;
    }

    private static boolean take(ResultSet row, Lacking.Collector answer) throws SQLException {
        if (Segments.isPointer(row.getBytes(6))) return answer.stopAtCondensed();
        var event = Rows.event(row.getBytes(4), row.getBytes(5), row.getBytes(6));
        if (event.isPresent()) return answer.take(row.getLong(1), row.getInt(2), event.get());
        answer.skipDamaged();
        return true;
    }

    private final class Cursor {
        private final PreparedStatement select;
        private final ResultSet row;
        private long offset;

        Cursor(Lacking.Piece piece, long from) throws SQLException {
            select = connection.prepare(COLUMNS + "WHERE /*space*/ branch = ? AND seq BETWEEN ? AND ? ORDER BY seq");
            select.setInt(1, piece.branch().key());
            select.setLong(2, from);
            select.setLong(3, piece.to());
            row = select.executeQuery();
        }

        boolean advance() throws SQLException {
            if (!row.next()) return false;
            offset = row.getLong(1);
            return true;
        }

        void close() throws SQLException {
            select.close();
        }
    }
}
