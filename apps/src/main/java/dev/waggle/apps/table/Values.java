package dev.waggle.apps.table;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Large values: cut into chunks, put together again.
final class Values {
    private Values() {}

    record Split(Value.Chunked value, List<Chunk> chunks) {}

    static long bytes(Value value) {
        return switch (value) {
            case Value.Text(var bytes) -> bytes.length;
            case Value.Blob(var bytes) -> bytes.length;
            case Value.Chunked(_, var bytes, _) -> bytes;
            case Value.Null _, Value.Int _, Value.Real _ -> 8;
        };
    }

    static Split split(boolean text, byte[] bytes) {
        var chunks = new ArrayList<Chunk>();
        for (int from = 0; from < bytes.length; from += Chunk.BYTES_MAX)
            chunks.add(Chunk.of(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + Chunk.BYTES_MAX))));
        return new Split(new Value.Chunked(text, bytes.length, chunks.stream().map(Chunk::id).toList()), chunks);
    }

    /// @throws IllegalStateException when a chunk is not here, or not as long as was checked when its event was read
    static Value whole(Value value, ChunkSource source) {
        if (!(value instanceof Value.Chunked(var text, var bytes, var chunks))) return value;
        var out = new byte[Math.toIntExact(bytes)];
        int length = 0;
        for (var id : chunks) {
            var chunk = chunk(id, source);
            if (chunk.length > out.length - length) throw new IllegalStateException("chunk " + id.brief() + " is longer than its value");
            System.arraycopy(chunk, 0, out, length, chunk.length);
            length += chunk.length;
        }
        if (length != out.length) throw new IllegalStateException("a value's chunks are shorter than the value");
        return text ? new Value.Text(out) : new Value.Blob(out);
    }

    static byte[] chunk(ChunkId id, ChunkSource source) {
        return source.chunk(id).orElseThrow(() -> new IllegalStateException("chunk " + id.brief() + " is not here, although its event was admitted"));
    }

    static SortedMap<String, Value> whole(SortedMap<String, Value> row, ChunkSource source) {
        boolean chunked = false;
        for (var value : row.values()) chunked |= value instanceof Value.Chunked;
        if (!chunked) return row;
        var whole = new TreeMap<>(row);
        whole.replaceAll((_, value) -> whole(value, source));
        return whole;
    }
}
