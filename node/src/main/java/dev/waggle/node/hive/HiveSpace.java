package dev.waggle.node.hive;

import dev.waggle.apps.hive.News;
import dev.waggle.node.type.Audience;
import dev.waggle.node.type.FollowingView;
import dev.waggle.node.type.SpaceContext;
import dev.waggle.store.follow.LogFollower;
import dev.waggle.store.hive.HiveFold;
import dev.waggle.store.hive.HiveQueries;

/// The view of one hive while the node runs: the fold behind its log, a connection to read from, and those who look on.
final class HiveSpace extends FollowingView {
    private final LogFollower follower;
    private final HiveQueries queries;
    private final Audience<News> audience = new Audience<>();

    HiveSpace(SpaceContext space) {
        var fold = HiveFold.open(space.viewFile(), space.log(), space.self(), space.random(), audience::tell);
        queries = new HiveQueries(space.viewFile());
        follower = new LogFollower(space.name(), space.log(), fold).start();
    }

    HiveQueries queries() {
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
