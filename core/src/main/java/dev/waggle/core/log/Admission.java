package dev.waggle.core.log;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.EventId;

import java.util.List;

/// What the log says of one offered event. Every answer is a value: only broken machines throw.
public sealed interface Admission {
    Event event();

    /// Durable here. A counting or a void event; both are forwarded.
    record Accepted(Event event, long offset, Verdict verdict) implements Admission {}

    /// It was here already. Nothing changed, except that a signature that was missing may have been added.
    record Duplicate(Event event) implements Admission {}

    /// It is kept in the waiting room until what it names has arrived: other events (by id), control events or chunks.
    record Waiting(Event event, List<EventRef> parents, List<EventId> control, List<ChunkId> chunks) implements Admission {}

    /// Stamped more than [EventLog#FUTURE_MS_MAX] ahead of this node's clock. Kept; admitted when the clock gets there. Its
    /// successors wait behind it, nobody's clock follows it.
    record Held(Event event, long untilMs) implements Admission {}

    /// Not kept. The same bytes are rejected by every honest node.
    record Rejected(Event event, Reason reason) implements Admission {}

    /// The waiting room for this space or author is full. Not kept, nothing lost: the sender still has it and offers it again.
    ///
    /// @param chunks that keep it from being admitted, when they are all that does: they are taken without it. A room that is full of its successors would
    ///     otherwise never have a place for it
    record PushedBack(Event event, List<ChunkId> chunks) implements Admission {}

    enum Reason {
        BAD_SIGNATURE("the signature does not fit the payload and its author"),
        BAD_KEY("the author's id is no valid Ed25519 key"),
        WRONG_SPACE("the event belongs to another space"),
        NOT_ALLOWED("its author had no right to write it at the control events it names"),
        CONTROL_WENT_BACK("it names older control events than its predecessor"),
        STAMP_NOT_AFTER_PARENTS("its stamp is not greater than that of every parent"),
        BAD_GENESIS("a space has one genesis, its first event"),
        BAD_CONTROL("the control event's members are not what its type needs"),
        BROKEN_CHAIN("its predecessor is not the event with the sequence number before its own");

        private final String sentence;

        Reason(String sentence) {
            this.sentence = sentence;
        }

        /// What happened, for people.
        public String sentence() {
            return sentence;
        }
    }
}
