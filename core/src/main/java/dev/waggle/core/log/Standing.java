package dev.waggle.core.log;

import dev.waggle.core.event.EventId;

import java.util.Optional;

/// What a log says of one admitted event beside its verdict: what its author was and is, and why it is void. For people.
///
/// @param then  its author's role at the control events that it names; empty where they give it none
/// @param now   its author's role now; empty for one that is no member any more
/// @param cause why the event is void; empty when it counts
public record Standing(Optional<Role> then, Optional<Role> now, Optional<Cause> cause) {
    /// Why an event is void.
    public sealed interface Cause {
        /// It lies beyond what a control event that took authority from its author says that counts.
        record Cut(EventId by) implements Cause {}

        /// What gave its author the right to write has no effect itself.
        record Ground(EventId voided) implements Cause {}

        /// A control event without effect: who wrote it had no right to, as far as all control events that are known now say.
        record Outdone() implements Cause {}

        /// Its author, or a log of his, gave it up: what was written with a wrong clock is written again under a new epoch.
        record Rebased(EventId by) implements Cause {}
    }
}
