package dev.waggle.node.board;

import dev.waggle.core.event.SpaceId;
import dev.waggle.node.Node;
import dev.waggle.node.account.Swarms.Listing;

import java.util.Optional;
import java.util.function.Function;

/// Everything of this node that has to do with projects, put together.
public final class BoardService implements AutoCloseable {
    private final Boards boards;
    private final Executor executor;
    private final Linking linking;
    private final SyncHealth health;
    private final Keeper keeper;
    private final Sequencer sequencer;

    /// @param listing whether a space is a project of this hub: empty while that is not known yet
    public BoardService(Node node, Function<SpaceId, Optional<Listing>> listing) {
        boards = new Boards(node);
        executor = new Executor(boards, new CommandWorker(boards.options().commands(), node.settings().data()));
        linking = new Linking(boards, executor);
        health = new SyncHealth(boards);
        keeper = new Keeper(boards, health);
        sequencer = new Sequencer(boards, listing);
        node.peers().serve(new OwnLines(boards));
    }

    /// Begins what goes on by itself.
    ///
    /// @param working whether tasks are carried out and changes stamped, too: not by a node that runs for the length of one command
    public void start(boolean working) {
        keeper.start();
        if (!working) return;
        executor.start();
        sequencer.start();
    }

    /// The hub lists a project, or lists it no more.
    public void changed(SpaceId project) {
        sequencer.changed(project);
    }

    public Boards boards() {
        return boards;
    }

    public Linking linking() {
        return linking;
    }

    public SyncHealth health() {
        return health;
    }

    /// Ends what runs here and gives it back, before the node closes its logs.
    @Override public void close() {
        executor.close();
        sequencer.close();
        keeper.close();
        boards.close();
    }
}
