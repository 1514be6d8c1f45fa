package dev.waggle.sync.protocol;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Tip;

import java.util.List;
import java.util.Optional;

/// What an [Exchange] wants done; [Protocol] adds the connection and the space.
sealed interface ExchangeStep {
    record Send(Frame frame) implements ExchangeStep {}

    record Read(List<Tip> have, long after, long until) implements ExchangeStep {}

    record Locate(List<Tip> tips) implements ExchangeStep {}

    record Append(List<Event> events, long upTo) implements ExchangeStep {}

    record PutChunks(List<Chunk> chunks) implements ExchangeStep {}

    record Adopt(Optional<Event> checkpoint, List<Chunk> chunks) implements ExchangeStep {}

    record Fetch(List<EventId> events, List<ChunkId> chunks) implements ExchangeStep {}

    record Look(ChainId chain, List<Long> seqs, boolean forPeer) implements ExchangeStep {}

    record ListWaiting() implements ExchangeStep {}

    /// @param taken events that the peer newly took since the cursor moved last
    record CursorMoved(long offset, long taken) implements ExchangeStep {}

    record Ran(SyncRun run) implements ExchangeStep {}

    record Said(Notice notice) implements ExchangeStep {}

    record WakeAt(long atMs) implements ExchangeStep {}

    /// The peer broke the protocol: the connection ends.
    record Violation(String code, String message) implements ExchangeStep {}
}
