package dev.waggle.node.board;

import dev.waggle.apps.board.TaskRow;
import dev.waggle.store.board.BoardQueries.Wanted;
import dev.waggle.store.board.Project;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Carries one task out. What the node needs of whoever does the work; [CommandWorker] runs a command.
public interface Worker {
    /// Which tasks it would take at all.
    Wanted wanted();

    /// Begins, and returns at once.
    ///
    /// @param visibleId what the task is called on this node
    /// @param lines     told what is said meanwhile, from a thread of its own, in pieces of bounded size
    Work begin(Project project, TaskRow task, String visibleId, Consumer<List<String>> lines);

    /// Work that goes on.
    interface Work {
        /// Waits for the end.
        ///
        /// @return the exit code; empty when it goes on after `msMax`
        Optional<Integer> await(long msMax) throws InterruptedException;

        /// Ends it now, with everything it started.
        void kill();
    }
}
