package dev.waggle.node.account;

import dev.waggle.apps.hub.AccountView;
import dev.waggle.core.log.Entry;
import dev.waggle.node.type.FollowingView;
import dev.waggle.node.type.SpaceContext;
import dev.waggle.store.follow.FoldedView;
import dev.waggle.store.follow.LogFollower;

import java.util.List;
import java.util.function.Function;

/// The accounts behind one log, while the node runs: read from the log at every start, so that they need no file. Thread-safe.
final class HubSpace extends FollowingView {
    private final AccountView accounts;
    private final LogFollower follower;

    HubSpace(SpaceContext space) {
        accounts = new AccountView(space.log());
        follower = new LogFollower(space.name(), space.log(), new FoldedView() {
            @Override public long cursor() {
                return ask(AccountView::offset);
            }

            @Override public void fold(List<Entry> entries) {
                ask(view -> {
                    entries.forEach(view::apply);
                    return null;
                });
            }

            @Override public void close() {
                // memory only
            }
        }).start();
    }

    <T> T ask(Function<AccountView, T> question) {
        synchronized (accounts) {
            return question.apply(accounts);
        }
    }

    @Override protected LogFollower follower() {
        return follower;
    }

    @Override public void close() {
        follower.close();
    }
}
