package dev.waggle.core.log;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;

import java.util.List;

/// What [Admitter] says of a run, now.
sealed interface Judgement {
    /// It can be admitted: after the tip of `branch`, or as a new branch.
    ///
    /// @param branch the key of the branch it extends, or leaves when `fork`; [Branch#NONE] for a chain's first event
    record Fits(int branch, boolean fork) implements Judgement {}

    /// Something it names is not here yet.
    ///
    /// @param missing one for each event of the run
    record Lacks(List<Missing> missing) implements Judgement {}

    /// Its clock is ahead of ours by more than [EventLog#FUTURE_MS_MAX].
    ///
    /// @param missing as in [Lacks], if anything: when it comes, the run may be void, and then its stamp matters no more
    record Early(long untilMs, List<Missing> missing) implements Judgement {}

    /// Never: the event at `from` is refused, and so are those after it.
    record Refused(int from, Admission.Reason reason) implements Judgement {}

    /// What one event names and the log has not admitted.
    record Missing(List<EventRef> parents, List<EventId> control, List<ChunkId> chunks) {
        boolean isEmpty() {
            return parents.isEmpty() && control.isEmpty() && chunks.isEmpty();
        }
    }
}
