package dev.waggle.apps.board;

import dev.waggle.core.event.NodeId;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Who gets a task when nobody names a node.
public final class Assignment {
    private Assignment() {}

    /// A node that takes part in a board.
    ///
    /// @param mayWrite by the log: a node that was removed, or reads only, never claims what it is given
    /// @param executes it carries tasks out, by its own word
    /// @param online   it can be reached now, as far as whoever chooses knows
    /// @param load     tasks that it holds, or that wait for it alone
    public record Candidate(NodeId node, boolean mayWrite, boolean executes, boolean online, int load) {}

    /// The one with the least to do of those that can do it now; of several the smallest id.
    ///
    /// @return empty when there is none: then it is better that the task waits for anybody
    public static Optional<NodeId> choose(List<Candidate> all) {
        return all.stream().filter(each -> each.mayWrite() && each.executes() && each.online())
            .min(Comparator.comparing(Candidate::load).thenComparing(Candidate::node)).map(Candidate::node);
    }
}
