package dev.waggle.node.hub;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.net.websocket.NodeTls;
import dev.waggle.net.wire.StrictJson;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// A node at a hub: registers, keeps its hives and itself known there, and hears who else is in them. One thread; whatever fails is tried again at the next beat, and what
/// the hub said last is kept meanwhile. A word over the WebSocket makes it ask at once.
public final class HubClient implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("waggle.hub");
    private static final int ANSWER_BYTES_MAX = 4 << 20;
    private static final int PEERS_MAX = 512;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /// Which hub, and what it needs.
    ///
    /// @param url  `http(s)://host:port`
    /// @param key  its registration key
    /// @param node its id: nobody else is spoken to. Without one an `https` hub must have a certificate that this machine trusts
    public record Hub(URI url, String key, Optional<NodeId> node) {}

    /// What the node says of itself when it is asked.
    ///
    /// @param endpoint `https://host:port/sync/v1`, empty while nobody can reach it
    /// @param hives    in which it takes part now
    public record Self(String name, Supplier<String> endpoint, Supplier<Set<String>> hives) {}

    /// What the hub says of a peer.
    ///
    /// @param addresses `host:port`, names already looked up
    public record Found(NodeId node, String name, List<String> addresses, List<String> hives, String status) {}

    private final Hub hub;
    private final Signer signer;
    private final Self self;
    private final LongSupplier wallMs;
    private final long beatMs;
    private final Consumer<List<Found>> peers;
    private final HttpClient http;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private String token;
    private String registered = "";
    private final Set<String> joined = new HashSet<>();
    private WebSocket socket;
    private volatile String trouble = "not asked yet";
    private volatile boolean anew;
    private volatile boolean closed;

    /// @param seed   the node's key
    /// @param beatMs how often the hub is told that the node is alive, and asked for peers
    /// @param peers  told what the hub says, whenever it was asked
    public HubClient(Hub hub, byte[] seed, Self self, LongSupplier wallMs, long beatMs, Consumer<List<Found>> peers) {
        this.hub = hub;
        this.signer = Ed25519.signer(seed);
        this.self = self;
        this.wallMs = wallMs;
        this.beatMs = beatMs;
        this.peers = peers;
        var builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT).followRedirects(HttpClient.Redirect.NEVER);
        hub.node().ifPresent(node -> builder.sslContext(new NodeTls(seed).context(node)));
        this.http = builder.build();
        this.thread = Thread.ofVirtual().name("hub " + hub.url().getHost()).unstarted(this::run);
    }

    public HubClient start() {
        thread.start();
        return this;
    }

    /// Asks now instead of at the next beat.
    public void wake() {
        wake.release();
    }

    /// Asks for a new token; the old one is then worth nothing.
    public void registerAnew() {
        anew = true;
        wake();
    }

    /// Why the hub's word is not up to date; empty when it is.
    public String trouble() {
        return trouble;
    }

    public URI url() {
        return hub.url();
    }

    private void run() {
        while (!closed) {
            try {
                beat();
                if (!trouble.isEmpty()) LOG.log(System.Logger.Level.INFO, "hub " + hub.url() + " answers");
                trouble = "";
            } catch (IOException | RuntimeException e) {                // the thread would end without a word
                if (trouble.isEmpty()) LOG.log(System.Logger.Level.WARNING, "hub " + hub.url() + ": " + e.getMessage() + "; what it said last is kept");
                trouble = String.valueOf(e.getMessage());
            } catch (InterruptedException _) {
                return;
            }
            try {
                if (wake.tryAcquire(beatMs, TimeUnit.MILLISECONDS)) wake.drainPermits();
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void beat() throws IOException, InterruptedException {
        var endpoint = self.endpoint().get();
        if (token == null || anew) {
            anew = false;
            token = null;
            register(endpoint);
        }
        if (!endpoint.equals(registered)) {
            ask("PUT", path(""), Json.object("sync_endpoint", endpoint));
            registered = endpoint;
        }
        var hives = self.hives().get();
        for (var hive : hives) if (!joined.contains(hive)) {
            ask("POST", path("/hives"), Json.object("hive_name", hive));
            joined.add(hive);
        }
        for (var hive : Set.copyOf(joined)) if (!hives.contains(hive)) {
            ask("DELETE", path("/hives/" + URLEncoder.encode(hive, StandardCharsets.UTF_8).replace("+", "%20")), null);
            joined.remove(hive);
        }
        ask("POST", path("/heartbeat"), Json.object());
        if (socket == null || socket.isInputClosed()) listen();
        var said = ask("GET", "/api/v1/map/peers/" + signer.node().hex(), null);
        var found = new ArrayList<Found>();
        for (var each : said.array("peers")) if (found.size() < PEERS_MAX) found.add(read(each.asObject()));
        peers.accept(found);
    }

    private void register(String endpoint) throws IOException, InterruptedException {
        var statement = Registry.statement(signer, endpoint, wallMs.getAsLong());
        var answer = ask("POST", "/api/v1/map/swarms", Json.object("id", signer.node().hex(), "name", self.name(), "sync_endpoint", endpoint, "map_transport", "websocket",
            "capabilities", Json.object("hive_sync", true), "registration_key", hub.key(), "statement", Hex.of(statement.bytes()), "signature", Hex.of(statement.signature())));
        token = answer.text("auth_token");
        registered = endpoint;
        joined.clear();
        if (socket != null) socket.abort();
        socket = null;
    }

    private String path(String more) {
        return "/api/v1/map/swarms/" + signer.node().hex() + more;
    }

    private static Found read(Json.Obj peer) {
        var id = peer.text("swarm_id");
        var endpoint = peer.text("sync_endpoint");
        return new Found(new NodeId(id), peer.text("name"), endpoint.isEmpty() ? List.of() : addresses(endpoint),
            peer.array("shared_hives").stream().map(Json::asText).toList(), peer.text("status"));
    }

    /// `host:port` of an endpoint. A name is looked up here, once, so that the address that is judged is the one that is dialled.
    public static List<String> addresses(String endpoint) {
        try {
            var uri = URI.create(endpoint);
            if (uri.getHost() == null) return List.of();
            int port = uri.getPort() > 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
            var addresses = new ArrayList<String>();
            for (var each : InetAddress.getAllByName(uri.getHost().replaceAll("^\\[|]$", ""))) {
                var host = each.getHostAddress().replaceAll("%.*", "");
                if (addresses.size() < 4) addresses.add((host.contains(":") ? "[" + host + "]" : host) + ":" + port);
            }
            return addresses;
        } catch (IllegalArgumentException | UnknownHostException _) {
            return List.of();
        }
    }

    private Json.Obj ask(String method, String path, Json.Obj body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(hub.url().resolve(path)).timeout(TIMEOUT);
        if (token != null) request.header("Authorization", "Bearer " + token);
        if (body == null) request.method(method, HttpRequest.BodyPublishers.noBody());
        else request.header("Content-Type", "application/json").method(method, HttpRequest.BodyPublishers.ofByteArray(Canonical.bytes(body)));
        var response = http.send(request.build(), HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
        if (response.statusCode() == 401) {
            boolean registering = token == null;
            token = null;                                          // the hub started again, or the key is wrong: register with the next beat
            if (!registering) wake.release();
            throw new IOException(registering ? "the hub does not take this registration key, or this machine's clock is wrong" : "the hub does not know this node any more");
        }
        if (response.statusCode() != 200) throw new IOException("the hub answers " + response.statusCode() + " to " + path);
        return StrictJson.object(response.body(), ANSWER_BYTES_MAX);
    }

    private void listen() {
        var at = URI.create(hub.url().toString().replaceFirst("^http", "ws") + "/api/v1/map/events");
        try {
            socket = http.newWebSocketBuilder().header("Authorization", "Bearer " + token).connectTimeout(TIMEOUT).buildAsync(at, new WebSocket.Listener() {
                @Override public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                    if (last) wake();                              // what happened is found by asking
                    from.request(1);
                    return null;
                }

                @Override public void onError(WebSocket from, Throwable problem) {
                    from.abort();
                }
            }).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            LOG.log(System.Logger.Level.DEBUG, "no events from " + at, e);      // it is asked at every beat all the same
        }
    }

    @Override public void close() {
        closed = true;
        thread.interrupt();
        if (socket != null) socket.abort();
        http.shutdownNow();
    }
}
