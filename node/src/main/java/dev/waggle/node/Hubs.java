package dev.waggle.node;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.NodeId;
import dev.waggle.node.hub.HubClient;
import dev.waggle.node.hub.Registry;
import dev.waggle.node.identity.PrivateFiles;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.sync.engine.SyncFull;
import dev.waggle.sync.protocol.Peer;
import dev.waggle.sync.protocol.PeerSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// This node as a hub (`up --hub`), and this node at hubs (`sync.hubs` in the settings). Thread-safe.
final class Hubs implements AutoCloseable {
    static final String KEY_FILE = "hub.key";
    private static final System.Logger LOG = System.getLogger("waggle.hub");
    private static final int KEY_BYTES = 24;

    private final Node node;
    private final Optional<Registry> registry;
    private final List<HubClient> clients = new ArrayList<>();
    private final Map<URI, List<HubClient.Found>> said = new TreeMap<>();
    private Optional<ScheduledExecutorService> watch = Optional.empty();

    Hubs(Node node) {
        this.node = node;
        this.registry = node.settings().hub() ? Optional.of(new Registry(key(node.settings().data().resolve(KEY_FILE)), node.verifier(), new SecureRandom(), node::nowMs,
            node.settings().sync().staleMs())) : Optional.empty();
    }

    /// Where other nodes find each other, when this node is a hub.
    Optional<Registry> registry() {
        return registry;
    }

    /// The registration key, made at the first start.
    private static String key(Path file) {
        try {
            if (Files.exists(file)) return Files.readString(file).strip();
            var fresh = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(fresh);
            PrivateFiles.write(file, Hex.of(fresh) + "\n");
            return Hex.of(fresh);
        } catch (IOException e) {
            throw new Problem(ErrorCode.STORAGE, "The hub's key in " + file + " cannot be used: " + e.getMessage() + ".", "Check the disk, and the file's owner and permissions.", e);
        }
    }

    /// @param peers  told what all hubs say together
    /// @param cached what was kept of hubs from former runs
    void start(Consumer<List<Peer>> peers, List<Peer> cached) {
        registry.ifPresent(each -> {
            var timer = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("hub-watch").daemon().factory());
            long everyMs = Math.max(100, node.settings().sync().staleMs() / 4);
            timer.scheduleWithFixedDelay(each::markStale, everyMs, everyMs, TimeUnit.MILLISECONDS);
            watch = Optional.of(timer);
        });
        var options = node.settings().sync();
        if (!options.asksHubs()) return;
        for (var hub : options.hubs()) {
            var url = URI.create(hub.url());
            var self = new HubClient.Self("node " + node.id().brief(), this::endpoint,
                () -> node.spaces().stream().filter(space -> space.role().isPresent()).map(SpaceRuntime::name).collect(Collectors.toSet()));
            clients.add(new HubClient(new HubClient.Hub(url, hub.token(), hub.node()), node.identity().seed(), self, node::nowMs, options.engine().heartbeatMs(),
                found -> heard(url, found, peers, cached)));
        }
        clients.forEach(HubClient::start);
    }

    private String endpoint() {
        var addresses = node.peers().listening().isEmpty() ? List.<String>of() : node.peers().addresses();
        return addresses.isEmpty() ? "" : (HostPort.parse(addresses.getFirst()).isLoopback() ? "http://" : "https://") + addresses.getFirst() + "/sync/v1";
    }

    /// Until every hub has answered once, what was kept of them counts too: one that is dead for good takes nobody away.
    private synchronized void heard(URI hub, List<HubClient.Found> found, Consumer<List<Peer>> peers, List<Peer> cached) {
        said.put(hub, found);
        var all = new TreeMap<NodeId, Peer>();
        if (said.size() < clients.size()) for (var peer : cached) all.put(peer.node(), peer);
        for (var list : said.values())
            for (var each : list)
                all.put(each.node(), new Peer(each.node(), each.name(), each.addresses(), List.of(), node.nowMs(), PeerSource.HUB, Peer.TTL_OF_SOURCE));
        try {
            peers.accept(List.copyOf(all.values()));
        } catch (SyncFull _) {
            LOG.log(System.Logger.Level.DEBUG, "the engine is busy; the hub is asked again");
        }
    }

    /// Spaces came or went: hubs hear of it now.
    void changed() {
        clients.forEach(HubClient::wake);
    }

    /// The tokens of this node at its hubs are replaced.
    void registerAnew() {
        clients.forEach(HubClient::registerAnew);
    }

    /// @param trouble empty when it answers
    record Standing(String url, String trouble) {}

    List<Standing> standing() {
        return clients.stream().map(client -> new Standing(client.url().toString(), client.trouble())).toList();
    }

    @Override public void close() {
        clients.forEach(HubClient::close);
        watch.ifPresent(ScheduledExecutorService::shutdownNow);
    }
}
