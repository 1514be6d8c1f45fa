package dev.waggle.sync.engine;

import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Adoption;
import dev.waggle.core.log.EventLog;
import dev.waggle.sync.protocol.Effect;
import dev.waggle.sync.protocol.Input;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The checkpoints that are being adopted: at most one for each connection and space, forgotten when it ends. What one has taken is in the log, so the next
/// goes on from there. A step runs on a worker thread, and the next one of the same adoption only after it.
final class Adoptions {
    private record Key(long connection, SpaceId space) {}

    /// @param from the log's last offset when it began
    private record Begun(Adoption adoption, long from) {}

    private final Map<Key, Begun> open = new ConcurrentHashMap<>();

    Input step(EventLog log, Effect.Adopt adopt, long wallMs) {
        var key = new Key(adopt.connection(), adopt.space());
        try {
            if (adopt.checkpoint().isPresent()) open.put(key, new Begun(log.adoption(adopt.checkpoint().get()), log.state().lastOffset()));
            var begun = open.get(key);
            if (begun == null) return null;                          // the connection has ended
            var step = begun.adoption.step(adopt.chunks(), wallMs);
            if (step.done()) {
                open.remove(key);
                log.append(List.of(begun.adoption.checkpoint()), wallMs);
            }
            return new Input.Adopted(adopt.connection(), adopt.space(), step.wanted(), step.done(), log.state().lastOffset() - begun.from, "");
        } catch (MalformedPayload refused) {
            open.remove(key);
            return new Input.Adopted(adopt.connection(), adopt.space(), List.of(), false, 0, refused.getMessage());
        }
    }

    void closed(long connection) {
        open.keySet().removeIf(key -> key.connection == connection);
    }
}
