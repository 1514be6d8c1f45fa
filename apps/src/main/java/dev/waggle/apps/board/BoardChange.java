package dev.waggle.apps.board;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;

/// Everything that can happen on a board, as an event says it. [BoardCodec] reads and writes them.
public sealed interface BoardChange {
    /// Something about one task.
    sealed interface OfTask extends BoardChange {
        String task();
    }

    /// Something that is done under a claim: without effect once the claim does not count, or another one followed it.
    sealed interface Fenced extends OfTask {
        ClaimRef claim();
    }

    /// Where a task was written anew from.
    ///
    /// @param space    another board's space, hexadecimal
    /// @param task     its id there
    /// @param versions by field: the events there that the values were read from
    record Copied(String space, String task, SortedMap<Field, List<EventId>> versions) {}

    /// @param createdMs when it was made elsewhere, for what was imported or copied
    record Created(String task, SortedMap<Field, Json> fields, OptionalLong createdMs, Optional<Copied> copied) implements OfTask {}

    /// @param fields what is not there stays as it is
    record Updated(String task, SortedMap<Field, Json> fields) implements OfTask {}

    record Deleted(String task) implements OfTask {}

    record Restored(String task) implements OfTask {}

    /// Who wrote something first, for what was copied: a word of the node that copied it.
    record Written(NodeId node, long ms) {}

    /// @param logId   lines with one id are shown once, whoever repeats them; empty for none
    /// @param claim   under which a worker wrote them; empty for people
    record Logged(String task, Optional<String> logId, List<String> lines, Optional<ClaimRef> claim, Optional<Written> written) implements OfTask {}

    /// The node that signs this works on the task from now on.
    ///
    /// @param before the claim before it; empty for a task's first
    /// @param last   the last event under `before` that the author knew: later ones are without effect
    record Claimed(String task, Optional<EventId> before, Optional<EventId> last, long token, long leaseMs) implements OfTask {}

    /// @param leaseMs from this event's stamp on
    record Renewed(String task, ClaimRef claim, long leaseMs) implements Fenced {}

    record Progressed(String task, ClaimRef claim, Optional<TaskStatus> status, OptionalInt percent, Optional<String> note) implements Fenced {}

    /// @param exitCode of the command that was run, if one was
    record Finished(String task, ClaimRef claim, TaskStatus status, OptionalInt exitCode, Optional<String> note) implements Fenced {}

    /// The worker gives the task back.
    record Released(String task, ClaimRef claim, Optional<String> note) implements Fenced {}

    /// The node that signs this has a project that is linked to this board.
    record Linked(String name, Optional<String> publicUrl, boolean executes) implements BoardChange {}

    record Unlinked() implements BoardChange {}

    /// By the owner: the board is no swarm project any more.
    record Closed() implements BoardChange {}

    /// By a hub, which is a moderator of the board: whether it has the board among its projects. Until somebody says so nothing is said: a board needs no hub.
    record AtHub(boolean listed) implements BoardChange {}

    /// By the owner, or by who sequences the board, for nobody: in which order changes reached this node decides which of those that did not know each other is shown ([Tenure]).
    ///
    /// @param node   empty for nobody any more
    /// @param term   one more than that of `before`
    /// @param before the naming that it replaces; empty for the first
    /// @param last   the last sequence number of the term before that the author knew: stamps beyond it are void
    record SequencerNamed(Optional<NodeId> node, long term, Optional<EventId> before, long last) implements BoardChange {}

    /// By the sequencer: in which order these reached it.
    ///
    /// @param first  the sequence number of the first of them
    /// @param events each has the number after that of the one before it
    record Sequenced(long term, long first, List<EventId> events) implements BoardChange {}
}
