package dev.waggle.core.log;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.Sha256;

/// Bytes too large for a payload, named by their hash.
///
/// @param bytes at most [#BYTES_MAX]
public record Chunk(ChunkId id, byte[] bytes) {
    public static final int BYTES_MAX = 256 * 1024;

    public static Chunk of(byte[] bytes) {
        if (bytes.length > BYTES_MAX) throw new MalformedPayload("a chunk has at most " + BYTES_MAX + " bytes");
        return new Chunk(new ChunkId(Hex.of(Sha256.of(bytes))), bytes);
    }

    /// @throws MalformedPayload when the bytes are not those that the id names, or too many
    public void requireWhole() {
        if (!of(bytes).id.equals(id)) throw new MalformedPayload("a chunk's bytes do not fit its id");
    }
}
