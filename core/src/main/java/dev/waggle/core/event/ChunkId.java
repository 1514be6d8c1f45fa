package dev.waggle.core.event;

import java.util.ArrayList;
import java.util.List;

/// SHA-256 of a chunk's bytes.
///
/// @param hex 64 lower-case hexadecimal digits
public record ChunkId(String hex) implements Comparable<ChunkId> {
    /// The member of a payload that lists the chunks which have to be stored before the event is admitted.
    public static final String MEMBER = "chunks";

    public ChunkId {
        Hex.require("a chunk id", hex, 64);
    }

    public static ChunkId of(byte[] bytes) {
        return new ChunkId(Hex.of(bytes));
    }

    /// What the top level of a payload lists; nothing when it is no list of ids.
    public static List<ChunkId> listed(Json.Obj body) {
        if (!(body.members().get(MEMBER) instanceof Json.Arr(var items)) || items.isEmpty()) return List.of();
        var chunks = new ArrayList<ChunkId>(items.size());
        for (var item : items) {
            if (!(item instanceof Json.Str(var hex)) || !Hex.isLower(hex, 64)) return List.of();
            chunks.add(new ChunkId(hex));
        }
        return List.copyOf(chunks);
    }

    public byte[] bytes() {
        return Hex.bytes(hex);
    }

    /// The first eight digits, for people; never used to tell ids apart.
    public String brief() {
        return hex.substring(0, 8);
    }

    @Override public int compareTo(ChunkId other) {
        return hex.compareTo(other.hex);
    }

    @Override public String toString() {
        return hex;
    }
}
