package dev.waggle.node.board;

import dev.waggle.apps.board.News;
import dev.waggle.node.type.Audience;
import dev.waggle.node.type.SpaceContext;
import dev.waggle.node.type.SpaceView;
import dev.waggle.store.board.BoardFold;
import dev.waggle.store.board.BoardQueries;
import dev.waggle.store.follow.LogFollower;

/// The view of one board while the node runs: the fold behind its log, connections to read from, and those who look on.
final class BoardSpace implements SpaceView {
    private final LogFollower follower;
    private final BoardQueries queries;
    private final Audience<News> audience = new Audience<>();

    BoardSpace(SpaceContext space) {
        var fold = BoardFold.open(space.viewFile(), space.log(), space.self(), audience::tell);
        queries = new BoardQueries(space.viewFile());
        follower = new LogFollower(space.name(), space.log(), fold).start();
    }

    BoardQueries queries() {
        return queries;
    }

    Audience<News> audience() {
        return audience;
    }

    @Override public Status status() {
        var status = follower.status();
        return new Status(status.folded(), status.trouble());
    }

    @Override public boolean await(long offset, long msMax) throws InterruptedException {
        return follower.await(offset, msMax);
    }

    @Override public void close() {
        audience.close();
        follower.close();
        queries.close();
    }
}
