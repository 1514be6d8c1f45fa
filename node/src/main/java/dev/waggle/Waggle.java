package dev.waggle;

import dev.waggle.node.Node;
import dev.waggle.node.NodeSettings;
import dev.waggle.node.Problems;
import dev.waggle.store.capture.Adopt;
import dev.waggle.store.capture.Progress;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/// A running node inside this program. Thread-safe. Close it to stop following files and talking to peers; nothing is lost by that, nor by a
/// kill.
///
/// ```java
/// try (var waggle = Waggle.open(Path.of("my-data"))) {
///     var space = waggle.track(Path.of("app.sqlite"));
///     System.out.println(space.invite().text());
/// }
/// ```
public final class Waggle implements AutoCloseable {
    private static final Executor THREADS = work -> Thread.ofVirtual().name("waggle-call").start(work);
    private final Node node;

    private Waggle(Node node) {
        this.node = node;
    }

    /// Starts a node on a data folder, which is made when it is not there. It listens on a free port of this machine only.
    public static Waggle open(Path data) {
        return open(data, NodeSettings.DEFAULT_LISTEN);
    }

    /// @param listen `host:port` where peers reach it; anything but loopback is encrypted
    public static Waggle open(Path data, String listen) {
        return open(data, listen, System.getenv());
    }

    /// @param environment stands in for the process's: `WAGGLE_STATE` says where keys are kept
    public static Waggle open(Path data, String listen, Map<String, String> environment) {
        var flags = new NodeSettings.Flags(Optional.of(data), Optional.of(listen), List.of(), Optional.empty(), false);
        return new Waggle(Node.start(NodeSettings.read(flags, environment).withoutRest(), bug ->
            System.getLogger("waggle").log(System.Logger.Level.ERROR, "the engine stopped", bug)));
    }

    /// The node's id: its public key, 64 hexadecimal digits.
    public String id() {
        return node.id().hex();
    }

    /// Shares a SQLite file, all its tables, as a new space. Returns when its rows are in the log.
    public Space track(Path file, String... tables) {
        return said(() -> new Space(node, node.track(file.toAbsolutePath().normalize(), List.of(tables), Optional.empty(), Progress.NONE).space()));
    }

    public CompletableFuture<Space> trackAsync(Path file, String... tables) {
        return later(() -> track(file, tables));
    }

    /// Joins a space and fills `file`, which is made when it is not there. Rows of an existing file that differ are refused with
    /// [dev.waggle.node.problem.ErrorCode#ADOPT_NEEDED].
    public Space join(Ticket ticket, Path file) {
        return said(() -> new Space(node, node.join(ticket.text(), file.toAbsolutePath().normalize(), Adopt.ASK, Optional.empty(), Progress.NONE).space()));
    }

    public CompletableFuture<Space> joinAsync(Ticket ticket, Path file) {
        return later(() -> join(ticket, file));
    }

    public List<Space> spaces() {
        return node.spaces().stream().map(space -> new Space(node, space)).toList();
    }

    /// @param nameOrId a name, or the beginning of an id
    public Space space(String nameOrId) {
        return new Space(node, node.space(nameOrId));
    }

    public List<Peer> peers() {
        return node.peers().list().stream().map(Peer::new).toList();
    }

    /// Exchanges with every peer and brings the files up to date.
    ///
    /// @return what was reached, for people
    public String sync() {
        return said(() -> node.peers().syncNow(60_000).summary());
    }

    public CompletableFuture<String> syncAsync() {
        return later(this::sync);
    }

    /// Why the node makes no progress; empty when it does.
    public List<String> problems() {
        return node.reasons();
    }

    @Override public void close() {
        node.close();
    }

    static <T> CompletableFuture<T> later(Supplier<T> call) {
        return CompletableFuture.supplyAsync(call, THREADS);
    }

    static <T> T said(Supplier<T> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            throw Problems.of(e);
        }
    }
}
