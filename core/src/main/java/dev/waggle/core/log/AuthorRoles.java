package dev.waggle.core.log;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.NodeId;

import java.util.Optional;

/// What the author of an event was where it wrote: judged at the control events that the event names, for ever and on every node alike. For views, which
/// see control events as they were admitted.
public final class AuthorRoles {
    private final Members members;

    /// @param log that the events come from
    public AuthorRoles(EventLog log) {
        members = new Members(new Chronicle() {
            @Override public boolean leadsTo(EventRef event, EventRef later) {
                if (!event.chain().equals(later.chain()) || event.seq() > later.seq()) return false;
                for (var tip : log.state().tips())
                    if (tip.chain().equals(later.chain()) && isAt(log, tip, later)) return isAt(log, tip, event);
                return false;
            }

            /// Only asked about what all events come to, and a view asks about some.
            @Override public boolean signedWithin(NodeId node, long afterMs, long upToMs) {
                return false;
            }
        });
    }

    private static boolean isAt(EventLog log, Tip tip, EventRef event) {
        return log.at(tip.chain(), tip.branch(), event.seq()).filter(entry -> entry.event().id().equals(event.id())).isPresent();
    }

    /// Takes an admitted control event; those it names were given before.
    ///
    /// @return false when it was known
    public boolean add(Event control) {
        if (members.knows(control.id())) return false;
        members.add(ControlEvent.of(control));
        return true;
    }

    /// @param event an admitted event, whose control events were given
    public Optional<Role> of(Event event) {
        return members.at(event.envelope().control()).role(event.chain().origin());
    }
}
