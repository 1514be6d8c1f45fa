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
/// it is read, so damage is noticed as it is with payloads. Thread-safe; a few segments stay in memory, because who reads one event reads its neighbours.
final class Segments {
    static final String TABLE = """
        CREATE TABLE IF NOT EXISTS segments (
            number INTEGER PRIMARY KEY,
            id     BLOB    NOT NULL UNIQUE,           -- SHA-256 of the bytes
            size   INTEGER NOT NULL,                  -- of the bytes
            bytes  BLOB    NOT NULL                   -- deflated (RFC 1951)
        ) STRICT
        """;
    private static final int KEPT_MAX = 6;
    /// Of a payload that only says where the event is.
    static final int PLACE_BYTES = 1 + Integer.BYTES;
    private static final byte POINTER = 1;                  // a payload begins with a brace

    private final SpaceId space;
    private final Map<Integer, Map<EventId, Event>> kept = new LinkedHashMap<>(16, 0.75f, true) {
        @Override protected boolean removeEldestEntry(Map.Entry<Integer, Map<EventId, Event>> eldest) {
            return size() > KEPT_MAX;
        }
    };

    Segments(SpaceId space) {
        this.space = space;
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
        var event = Optional.ofNullable(events(connection, ByteBuffer.wrap(payload, 1, Integer.BYTES).getInt()).get(EventId.of(id)));
        return signature == null || signature.length != Event.SIGNATURE_BYTES ? event : event.map(found -> found.withSignature(signature));
    }

    /// No events when the segment is missing or damaged.
    private Map<EventId, Event> events(LogConnection connection, int number) throws SQLException {
        synchronized (kept) {
            var known = kept.get(number);
            if (known != null) return known;
        }
        var events = new HashMap<EventId, Event>();
        try (var select = connection.prepare("SELECT id, size, bytes FROM segments WHERE /*space*/ number = ?")) {
            select.setInt(1, number);
            try (var row = select.executeQuery()) {
                if (!row.next()) return events;
                var bytes = inflated(row.getBytes(3), row.getInt(2));
                if (bytes.isEmpty() || !Chunk.of(bytes.get()).id().equals(ChunkId.of(row.getBytes(1)))) return events;
                for (var event : Segment.read(space, Chunk.of(bytes.get())).events()) events.put(event.id(), event);
            }
        } catch (MalformedPayload | IllegalArgumentException _) {
            return Map.of();                                // its hash was right: nobody could read it
        }
        synchronized (kept) {
            kept.put(number, events);
        }
        return events;
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
