package dev.waggle.store.capture;

/// The file is followed no more: it was untracked, or the node stops. Whoever had the follower before may still ask it.
public final class FollowerClosed extends IllegalStateException {
    FollowerClosed(Throwable cause) {
        super("this follower is closed", cause);
    }
}
