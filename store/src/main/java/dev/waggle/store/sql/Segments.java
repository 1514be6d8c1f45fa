package dev.waggle.store.sql;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Segment;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Where condensed events are: in compressed segments, and in place of each event's payload stands the number of its segment. A segment is hashed again when
/// it is read, so damage is noticed as it is with payloads. Thread-safe; a few segments stay in memory, because who reads one event reads its neighbours; of each event
/// its payload alone: what is parsed is many times as large.
final class Segments {
    static final String TABLE = """
        CREATE TABLE IF NOT EXISTS segments (
            number INTEGER PRIMARY KEY,
            id     BLOB    NOT NULL UNIQUE,           -- SHA-256 of the bytes
            size   INTEGER NOT NULL,                  -- of the bytes
            bytes  BLOB    NOT NULL                   -- deflated (RFC 1951)
        ) STRICT
        """;
    private static final int KEPT_MAX = 3;
    /// Of a payload that only says where the event is.
    static final int PLACE_BYTES = 1 + Integer.BYTES;
    private static final byte POINTER = 1;                  // a payload begins with a brace

    private final SpaceId space;
    private final Map<Integer, Map<EventId, byte[]>> kept = new LinkedHashMap<>(16, 0.75f, true) {
        @Override protected boolean removeEldestEntry(Map.Entry<Integer, Map<EventId, byte[]>> eldest) {
            return size() > KEPT_MAX;
        }
    };

    private final Map<ChunkId, Map<EventId, byte[]>> expected = new LinkedHashMap<>() {
        @Override protected boolean removeEldestEntry(Map.Entry<ChunkId, Map<EventId, byte[]>> eldest) {
            return size() > KEPT_MAX;
        }
    };

    Segments(SpaceId space) {
        this.space = space;
    }

    /// Takes note of a segment that was just stored, so that who reads it next need not take it apart again.
    void expect(Segment segment) {
        var payloads = payloads(segment);
        synchronized (kept) {
            expected.put(segment.id(), payloads);
        }
    }

    static byte[] pointer(int segment) {
        return ByteBuffer.allocate(PLACE_BYTES).put(POINTER).putInt(segment).array();
    }

    static boolean isPointer(byte[] payload) {
        return payload != null && payload.length == PLACE_BYTES && payload[0] == POINTER;
    }

    /// The event of a row, or empty when what is stored of it is damaged.
    Optional<Event> event(LogConnection connection, byte[] id, byte[] signature, byte[] payload) throws SQLException {
        if (!isPointer(payload)) return Rows.event(id, signature, payload);
        if (id == null || id.length != Rows.ID_BYTES) return Optional.empty();
        var found = payloads(connection, ByteBuffer.wrap(payload, 1, Integer.BYTES).getInt()).get(EventId.of(id));
        return found == null ? Optional.empty() : Event.kept(id, found, signature == null || signature.length != Event.SIGNATURE_BYTES ? null : signature);
    }

    /// Nothing when the segment is missing or damaged.
    private Map<EventId, byte[]> payloads(LogConnection connection, int number) throws SQLException {
        synchronized (kept) {
            var known = kept.get(number);
            if (known != null) return known;
        }
        Map<EventId, byte[]> payloads;
        try (var select = connection.prepare("SELECT id, size, bytes FROM segments WHERE /*space*/ number = ?")) {
            select.setInt(1, number);
            try (var row = select.executeQuery()) {
                if (!row.next()) return Map.of();
                var read = payloads(ChunkId.of(row.getBytes(1)), row.getBytes(3), row.getInt(2));
                if (read.isEmpty()) return Map.of();
                payloads = read.get();
            }
        } catch (MalformedPayload | IllegalArgumentException _) {
            return Map.of();                                // its hash was right: nobody could read it
        }
        synchronized (kept) {
            kept.put(number, payloads);
        }
        return payloads;
    }

    /// @return empty when it is damaged
    private Optional<Map<EventId, byte[]>> payloads(ChunkId id, byte[] deflated, int size) {
        synchronized (kept) {
            var known = expected.remove(id);
            if (known != null) return Optional.of(known);
        }
        return inflated(deflated, size).map(Chunk::of).filter(chunk -> chunk.id().equals(id)).map(chunk -> payloads(Segment.read(space, chunk)));
    }

    private static Map<EventId, byte[]> payloads(Segment segment) {
        var payloads = new HashMap<EventId, byte[]>();
        for (var event : segment.events()) payloads.put(event.id(), event.payload());
        return payloads;
    }

    /// The bytes of a segment by its id; empty when there is none, or it is damaged.
    Optional<byte[]> bytes(LogConnection connection, ChunkId id) throws SQLException {
        try (var select = connection.prepare("SELECT size, bytes FROM segments WHERE /*space*/ id = ?")) {
            select.setBytes(1, id.bytes());
            try (var row = select.executeQuery()) {
                if (!row.next()) return Optional.empty();
                return inflated(row.getBytes(2), row.getInt(1)).filter(bytes -> Chunk.of(bytes).id().equals(id));
            }
        }
    }

    static byte[] deflated(byte[] bytes) {
        try (var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
            deflater.setInput(bytes);
            deflater.finish();
            var out = new ByteArrayOutputStream(bytes.length / 3);
            var piece = new byte[8_192];
            while (!deflater.finished()) out.write(piece, 0, deflater.deflate(piece));
            return out.toByteArray();
        }
    }

    static Optional<byte[]> inflated(byte[] deflated, int size) {
        if (size < 0 || size > Chunk.BYTES_MAX) return Optional.empty();
        try (var inflater = new Inflater(true)) {
            inflater.setInput(deflated);
            var bytes = new byte[size];
            int at = 0;
            while (at < size) {
                int read = inflater.inflate(bytes, at, size - at);
                if (read == 0) return Optional.empty();
                at += read;
            }
            return Optional.of(bytes);
        } catch (DataFormatException _) {
            return Optional.empty();
        }
    }
}
