package dev.waggle.core.log;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.NodeId;

import java.util.List;
import java.util.stream.Collectors;

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

    /// What is known when the events of `run` are, too.
    default Chronicle with(List<Event> run) {
        var outer = this;
        var inRun = run.stream().map(Event::ref).collect(Collectors.toSet());
        var first = run.getFirst();
        var before = first.envelope().prev().map(prev -> new EventRef(prev, first.chain(), first.seq() - 1));
        return new Chronicle() {
            @Override public boolean leadsTo(EventRef event, EventRef later) {
                if (!inRun.contains(later)) return !inRun.contains(event) && outer.leadsTo(event, later);
                return inRun.contains(event) ? event.seq() <= later.seq() : before.isPresent() && outer.leadsTo(event, before.get());
            }

            @Override public boolean signedWithin(NodeId node, long afterMs, long upToMs) {
                return outer.signedWithin(node, afterMs, upToMs);
            }
        };
    }

    /// Whether `event` is `later` or one of its chain ancestors.
    boolean leadsTo(EventRef event, EventRef later);

    /// Whether an event signed by `node` is stamped after `afterMs` and not after `upToMs`, whatever it is worth.
    boolean signedWithin(NodeId node, long afterMs, long upToMs);
}
