package dev.waggle.node.board;

import dev.waggle.apps.board.News;
import dev.waggle.node.type.Audience;
import dev.waggle.node.type.FollowingView;
import dev.waggle.node.type.SpaceContext;
import dev.waggle.store.board.BoardFold;
import dev.waggle.store.board.BoardQueries;
import dev.waggle.store.follow.LogFollower;

/// The view of one board while the node runs: the fold behind its log, connections to read from, and those who look on.
final class BoardSpace extends FollowingView {
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

    @Override protected LogFollower follower() {
        return follower;
    }

    @Override public void close() {
        audience.close();
        follower.close();
        queries.close();
    }
}
