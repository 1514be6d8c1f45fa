package dev.waggle.store.sql;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Compaction;
import dev.waggle.core.log.DamagedLog;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogUnavailable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Supplier;

/// Makes a log anew from all events of a damaged file that still prove themselves, when single events cannot be mended: a b-tree page, a row of a
/// chain, the list of control events. What is derived is derived again by the rules of every append; what could not be read is missing, and comes
/// from the peers by the usual exchange. Marks are not taken over: without a capture cursor the tracked file is compared as a whole, and the node
/// writes on under a new epoch.
public final class LogRebuild {
    private static final int BATCH_EVENTS = 500;

    /// @param taken    events of the new log
    /// @param unread   rows that could not be read or did not prove themselves
    /// @param damaged  where the old file is kept
    public record Report(long taken, long unread, Path damaged) {}

    private final Path file;
    private final EventLog fresh;
    private final long nowMs;
    private final List<Event> batch = new ArrayList<>();
    private final HashSet<ChainId> unsigned = new HashSet<>();
    private long unread;

    private LogRebuild(Path file, EventLog fresh, long nowMs) {
        this.file = file;
        this.fresh = fresh;
        this.nowMs = nowMs;
    }

    /// The log must be closed. On return the new file stands in its place, durable; a crash before leaves the old one there.
    ///
    /// @param nowMs this node's wall clock
    /// @throws LogUnavailable when disk or database failed; the damaged file is still in place and a retry is safe
    public static Report rebuild(Path file, SpaceId space, Verifier verifier, Supplier<Epoch> fresh, long nowMs) {
        var next = file.resolveSibling(file.getFileName() + ".rebuilt");
        var kept = file.resolveSibling(file.getFileName() + ".damaged-" + nowMs);
        try {
            for (var suffix : List.of("", "-wal", "-shm")) Files.deleteIfExists(next.resolveSibling(next.getFileName() + suffix));
            long unread;
            long taken;
            try (var log = SqlEventLog.open(next, space, verifier, fresh)) {
                var work = new LogRebuild(file, log, nowMs);
                work.copy();
                unread = work.unread;
                taken = log.counts().accepted() + log.counts().voided();
            }
            for (var suffix : List.of("-wal", "-shm", ""))                       // the database itself last: until then the old one opens
                if (Files.exists(file.resolveSibling(file.getFileName() + suffix)))
                    Files.move(file.resolveSibling(file.getFileName() + suffix), kept.resolveSibling(kept.getFileName() + suffix), StandardCopyOption.ATOMIC_MOVE);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            return new Report(taken, unread, kept);
        } catch (IOException | SQLException e) {
            throw new LogUnavailable("rebuild " + file, e);
        }
    }

    private void copy() throws SQLException {
        try (var connection = SqliteLog.at(file).reader()) {
            chunks(connection);
            condensed(connection);
            for (long after = 0, last = lastOffset(connection); after < last;) after = page(connection, after, last);
        }
        flush();
    }

    /// What a checkpoint condensed is taken from its segments as a peer's would be. Where one of them is damaged the rest comes from the peers.
    private void condensed(LogConnection connection) throws SQLException {
        var segments = new Segments(fresh.space());
        var reader = new LogReader(connection, segments);
        try {
            for (var id : reader.mark(Compaction.CONDENSED).map(Compaction::named).orElse(List.of())) {
                var checkpoint = reader.find(id);
                if (checkpoint.isPresent()) adopt(checkpoint.get().event(), reader);
            }
        } catch (SQLException | DamagedLog | MalformedPayload | IllegalArgumentException _) {
            unread++;
        }
    }

    private void adopt(Event checkpoint, LogReader reader) throws SQLException {
        var adoption = fresh.adoption(checkpoint).believing();
        for (var step = adoption.step(List.of(), nowMs); !step.done(); ) {
            var came = new ArrayList<Chunk>();
            for (var id : step.wanted()) reader.chunk(id).ifPresent(bytes -> came.add(new Chunk(id, bytes)));
            if (came.isEmpty() && !step.wanted().isEmpty()) return;
            step = adoption.step(came, nowMs);
        }
    }

    private long lastOffset(LogConnection connection) throws SQLException {
        try (var statement = connection.prepare("SELECT max(\"offset\") FROM entries"); var row = statement.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    /// One row at a time where a page cannot be read: the rows around the damage are good.
    private long page(LogConnection connection, long after, long last) {
        try (var select = connection.prepare("SELECT \"offset\", id, signature, payload FROM entries WHERE \"offset\" > ? ORDER BY \"offset\" LIMIT 100")) {
            select.setLong(1, after);
            try (var rows = select.executeQuery()) {
                long at = last;
                int found = 0;
                while (rows.next()) {
                    at = rows.getLong(1);
                    found++;
                    take(rows.getBytes(2), rows.getBytes(3), rows.getBytes(4));
                }
                return found < 100 ? last : at;
            }
        } catch (SQLException _) {
            return singly(connection, after, Math.min(last, after + 100));
        }
    }

    private long singly(LogConnection connection, long after, long upTo) {
        for (long offset = after + 1; offset <= upTo; offset++) {
            try (var select = connection.prepare("SELECT id, signature, payload FROM entries WHERE \"offset\" = ?")) {
                select.setLong(1, offset);
                try (var row = select.executeQuery()) {
                    if (row.next()) take(row.getBytes(1), row.getBytes(2), row.getBytes(3));
                }
            } catch (SQLException _) {
                unread++;                                            // said in the report; peers have it, or it is named as lost
            }
        }
        return upTo;
    }

    /// Whether an event is what it says is decided by the append, not by the id that is stored beside it.
    private void take(byte[] id, byte[] signature, byte[] payload) {
        if (Segments.isPointer(payload)) return;                        // it came with its segment, or comes from the peers
        if (payload == null || id == null) {
            unread++;
            return;
        }
        try {
            var event = Event.read(payload, signature != null && signature.length == Event.SIGNATURE_BYTES ? signature : null);
            batch.add(event);
            if (event.signature().isPresent()) unsigned.remove(event.chain());
            else unsigned.add(event.chain());
        } catch (MalformedPayload _) {
            unread++;
            return;
        }
        // A run is not cut: its inner events have no proof but the last one's signature.
        if (batch.size() >= BATCH_EVENTS && unsigned.isEmpty() || batch.size() >= EventLog.APPEND_EVENTS_MAX) flush();
    }

    private void flush() {
        if (!batch.isEmpty()) fresh.append(List.copyOf(batch), nowMs);
        batch.clear();
        unsigned.clear();
    }

    private void chunks(LogConnection connection) {
        var ids = new LinkedHashSet<Long>();
        try (var statement = connection.prepare("SELECT rowid FROM chunks"); var rows = statement.executeQuery()) {
            while (rows.next()) ids.add(rows.getLong(1));
        } catch (SQLException _) {
            unread++;
        }
        for (long rowid : ids)
            try (var select = connection.prepare("SELECT bytes FROM chunks WHERE rowid = ?")) {
                select.setLong(1, rowid);
                try (var row = select.executeQuery()) {
                    if (row.next()) fresh.putChunks(List.of(Chunk.of(row.getBytes(1))), nowMs);
                }
            } catch (SQLException _) {
                unread++;
            }
    }
}
