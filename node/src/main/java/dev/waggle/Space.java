package dev.waggle;

import dev.waggle.core.log.Role;
import dev.waggle.node.Node;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.capture.TableFollower;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// What is shared as a whole: a log, its members, and the file it fills here.
public final class Space {
    private final Node node;
    private final SpaceRuntime runtime;

    Space(Node node, SpaceRuntime runtime) {
        this.node = node;
        this.runtime = runtime;
    }

    /// 64 hexadecimal digits, the same on every node.
    public String id() {
        return runtime.id().hex();
    }

    /// What this node calls it.
    public String name() {
        return runtime.name();
    }

    public Optional<Path> file() {
        return runtime.file();
    }

    /// A ticket with which one other node may write here, good once and for 15 minutes.
    public Ticket invite(String... addresses) {
        return invite(Role.WRITER, Duration.ofMinutes(15), addresses);
    }

    /// @param addresses `host:port` where the other node reaches this one; none for the listening address
    public Ticket invite(Role role, Duration expires, String... addresses) {
        return Waggle.said(() -> new Ticket(node.invite(runtime, List.of(addresses), role, expires).ticket().text()));
    }

    /// A table of the space's file.
    public Collection collection(String table) {
        return new Collection(runtime.file().orElseThrow(() ->
            new Problem(ErrorCode.NOT_FOUND, "No file follows \"" + name() + "\" here.", "Join it into a file first.")), table);
    }

    /// Takes what programs wrote into the log, and what the log says into the file. Returns when nothing is left to do.
    public void flush() {
        Waggle.said(() -> {
            runtime.follower().ifPresent(TableFollower::syncNow);
            return null;
        });
    }

    public CompletableFuture<Void> flushAsync() {
        return Waggle.later(() -> {
            flush();
            return null;
        });
    }

    /// How many conflicts wait for a person.
    public int conflicts() {
        return runtime.follower().map(follower -> follower.conflicts().size()).orElse(0);
    }

    /// Leaves the space; the file keeps its rows.
    public void leave() {
        Waggle.said(() -> node.leave(runtime));
    }
}
