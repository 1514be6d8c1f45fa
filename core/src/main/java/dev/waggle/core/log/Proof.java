package dev.waggle.core.log;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Proves a checkpoint's segments from the last event to the first: each event is one of those that the frontier lists, with its author's signature, or the one before an
/// event that is proved, in the same chain. So nobody can have made it up, also where a chain forks. What an event is worth alone is asked, too: an honest log holds nothing that is refused by everybody.
///
/// Memory grows with the number of branches, never with the events: of each branch it knows which event comes next.
final class Proof {
    private final SpaceId space;
    private final Verifier verifier;
    private final Map<EventId, byte[]> signatures;
    private final Map<EventId, EventRef> next = new HashMap<>();

    /// @param signatures of all ends, which are checked when the events come
    Proof(SpaceId space, Verifier verifier, List<EventRef> ends, Map<EventId, byte[]> signatures) {
        this.space = space;
        this.verifier = verifier;
        this.signatures = signatures;
        ends.forEach(this::expect);
    }

    private void expect(EventRef ref) {
        var other = next.putIfAbsent(ref.id(), ref);
        if (other != null && !other.equals(ref)) throw new MalformedPayload("a checkpoint puts an event into two places: " + ref.id().brief());
    }

    /// The segment before those that were proved.
    ///
    /// @throws MalformedPayload when it holds what is not proved
    void take(Segment segment) {
        for (var event : segment.events().reversed()) {
            if (!event.ref().equals(next.remove(event.id())))
                throw new MalformedPayload("a checkpoint holds events that their author did not sign: no end of a branch leads to " + event);
            var signature = signatures.get(event.id());
            if (signature != null && !verifier.verify(event.chain().origin(), event.payload(), signature))
                throw new MalformedPayload("a checkpoint holds events that their author did not sign: " + event.chain() + " up to " + event.seq());
            EventRules.refusal(event, space, verifier).ifPresent(reason -> {
                throw new MalformedPayload("a checkpoint holds an event that nobody takes: " + event + ", " + reason);
            });
            event.envelope().prev().ifPresent(prev -> expect(new EventRef(prev, event.chain(), event.seq() - 1)));
        }
    }

    /// What no segment holds: it has to be in the log already, proved by itself or by an earlier checkpoint.
    Collection<EventRef> left() {
        return next.values();
    }
}
