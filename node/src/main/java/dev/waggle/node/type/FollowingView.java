package dev.waggle.node.type;

import dev.waggle.store.follow.LogFollower;

/// A view that a [LogFollower] keeps behind its log.
public abstract class FollowingView implements SpaceView {
    /// What follows; always the same.
    protected abstract LogFollower follower();

    @Override public final Status status() {
        var status = follower().status();
        return new Status(status.folded(), status.trouble());
    }

    @Override public final boolean await(long offset, long msMax) throws InterruptedException {
        return follower().await(offset, msMax);
    }
}
