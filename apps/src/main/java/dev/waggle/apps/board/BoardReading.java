package dev.waggle.apps.board;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.time.Hlc;

import java.util.List;
import java.util.Optional;

/// What a board's view holds, for those who decide. Rows are as of the view's cursor.
public interface BoardReading {
    int PAGE = 100;

    /// The offset of the last entry folded, 0 at first.
    long cursor();

    /// The changes of a field, newest first.
    ///
    /// @param below only those with a smaller stamp; empty for all
    List<Change> changes(String task, Field field, Optional<Stamp> below, int max);

    /// All changes of a task, by field and then oldest first; empty when there are more than `max`.
    Optional<List<Change>> changes(String task, int max);

    /// What an event sets a task's status to, whether it counts or not.
    Optional<TaskStatus> statusOf(String task, EventId event);

    /// The claims that name `before` as the one before them, in order of id.
    List<Claim> claims(String task, Optional<EventId> before, Optional<EventId> after, int max);

    /// The stamp of an event under a claim, or of the claim itself, by the claim's author, if it counts.
    Optional<Hlc> under(Claim claim, EventId event);

    /// When the lease ends by what its holder wrote up to a moment; empty for all it wrote.
    long leaseEndMs(Claim claim, Optional<Hlc> upTo);

    /// The first event by which its holder ended it, up to a moment.
    Optional<Effect> end(Claim claim, Optional<Hlc> upTo);

    /// The newest event under the claim by its author that counts; empty when there is only the claim itself.
    Optional<EventId> lastUnder(Claim claim);

    /// What names `before` as the naming before it, in order of id.
    List<Naming> namings(Optional<EventId> before, Optional<EventId> after, int max);

    /// Who sequenced the board when, oldest first; empty for a board that never had a sequencer.
    List<Tenure> tenures();

    /// The lowest place that a stamp which counts gives to a change: once it has one, a later stamp does not move it.
    Optional<Rank> rank(EventId change);

    /// The highest sequence number of a term that counts; 0 for none.
    long lastSequence(long term);

    Optional<TaskRow> task(String id);

    List<ConflictRow> conflicts(String task);

    /// Whether a node takes part, by its own last word.
    boolean isLinked(NodeId node);

    /// Whether the owner closed the board.
    boolean isClosed();

    /// Whether a hub had the board among its projects and has it no more, by the last word of any hub.
    boolean isRemoved();
}
