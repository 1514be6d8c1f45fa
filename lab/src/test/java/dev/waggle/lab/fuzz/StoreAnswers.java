package dev.waggle.lab.fuzz;

import dev.waggle.core.event.EventId;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.EventLog;
import dev.waggle.sync.protocol.Effect;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.Input;
import dev.waggle.sync.protocol.TicketProblem;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a store answers to the protocol's effects, out of a log in memory; the least that `sync.engine` would do.
final class StoreAnswers {
    private StoreAnswers() {}

    static Optional<Input> to(Effect effect, Optional<EventLog> log, long nowMs) {
        return switch (effect) {
            case Effect.Redeem(var connection, _, var ticket) -> Optional.of(new Input.TicketJudged(connection, ticket.space(), TicketProblem.USED, null));
            case Effect.Read read when log.isPresent() -> {
                var missing = log.get().readMissing(read.have(), read.after(), read.until(), read.eventsMax(), read.bytesMax());
                yield Optional.of(new Input.ReadDone(read.connection(), read.space(), missing, missing.events().isEmpty() ? 0 : 1, Optional.empty()));
            }
            case Effect.Locate locate when log.isPresent() -> Optional.of(new Input.Located(locate.connection(), locate.space(),
                locate.tips().stream().filter(tip -> log.get().find(tip.id()).isEmpty()).toList()));
            case Effect.Append append when log.isPresent() -> Optional.of(new Input.Appended(append.connection(), append.space(), append.upTo(),
                append.events().isEmpty() ? List.<Admission>of() : log.get().append(append.events(), nowMs)));
            case Effect.PutChunks put when log.isPresent() -> Optional.of(new Input.ChunksPut(put.connection(), put.space(), List.of(), log.get().putChunks(put.chunks(), nowMs)));
            case Effect.Fetch fetch when log.isPresent() -> {
                var frames = new ArrayList<Frame>();
                if (!fetch.chunks().isEmpty()) frames.add(new Frame.Chunks(fetch.space(), List.of()));
                if (!fetch.events().isEmpty()) frames.add(new Frame.Events(fetch.space(), fetch.events().stream().flatMap(id -> log.get().find(id).stream()).map(found -> found.event())
                    .distinct().toList(), 0));
                yield Optional.of(new Input.Fetched(fetch.connection(), fetch.space(), frames));
            }
            case Effect.Look look when log.isPresent() -> Optional.of(new Input.Looked(look.connection(), look.space(), look.chain(), look.seqs(),
                look.seqs().stream().map(seq -> log.get().at(look.chain(), 0, seq).map(found -> found.event().id()).stream().toList()).<List<EventId>>map(List::copyOf).toList(), look.forPeer()));
            case Effect.ListWaiting list when log.isPresent() -> Optional.of(new Input.WaitingListed(list.connection(), list.space(), List.of(), List.of(), List.of()));
            default -> Optional.empty();
        };
    }
}
