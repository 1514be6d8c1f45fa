package dev.waggle.core.log;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.NodeId;

/// What membership has to know of the events that are no control events.
interface Chronicle {
    /// Knows nothing: for the rules alone.
    Chronicle NONE = new Chronicle() {
        @Override public boolean leadsTo(EventRef event, EventRef later) {
            return event.id().equals(later.id()) || event.chain().equals(later.chain()) && event.seq() < later.seq();
        }

        @Override public boolean signedWithin(NodeId node, long afterMs, long upToMs) {
            return false;
        }
    };

    /// Whether `event` is `later` or one of its chain ancestors.
    boolean leadsTo(EventRef event, EventRef later);

    /// Whether an event signed by `node` is stamped after `afterMs` and not after `upToMs`, whatever it is worth.
    boolean signedWithin(NodeId node, long afterMs, long upToMs);
}
