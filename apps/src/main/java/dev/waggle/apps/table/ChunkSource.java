package dev.waggle.apps.table;

import dev.waggle.core.event.ChunkId;

import java.util.Optional;

/// Where chunks that events name are read: the log's chunk store.
public interface ChunkSource {
    /// A source without chunks, for change sets that name none.
    ChunkSource NONE = _ -> Optional.empty();

    Optional<byte[]> chunk(ChunkId id);
}
