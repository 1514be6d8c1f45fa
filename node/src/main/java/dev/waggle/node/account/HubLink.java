package dev.waggle.node.account;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Role;
import dev.waggle.node.HubAddress;
import dev.waggle.node.Node;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// This node at its hub: registered with an API key, connected as long as the hub can be reached, asked what the organisation's nodes and projects are. One thread; whatever
/// fails is tried again for ever, after 1, 2, 4 … 60 s. Thread-safe.
///
/// Without a hub everything of this node goes on; only what others bring there arrives later.
public final class HubLink implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("waggle.hub");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TICKET = Duration.ofMinutes(10);
    private static final long RETRY_MS_FIRST = 1_000;
    private static final long RETRY_MS_MAX = 60_000;
    private static final int ADDRESSES_MAX = 4;
    private static final int NODES_MAX = 10_000;
    private static final String PIN = "hub-node ";

    private final Node node;
    private final HubAddress hub;
    private final String name;
    private final String publicUrl;
    private final java.net.http.HttpClient http;
    private final Thread thread;
    private volatile HubConnection connection;                            // null while there is none that is registered
    private volatile Json.Obj registered = Json.object();
    private volatile String trouble = "not asked yet";
    private volatile boolean closed;

    /// @param name      how the node calls itself
    /// @param publicUrl where others find it; may be empty
    public HubLink(Node node, HubAddress hub, String name, String publicUrl) {
        this.node = node;
        this.hub = hub;
        this.name = name;
        this.publicUrl = publicUrl;
        this.http = node.http(hub.node(), TIMEOUT);
        this.thread = Thread.ofVirtual().name("hub-link").unstarted(this::run);
    }

    public HubLink start() {
        thread.start();
        return this;
    }

    // Standing

    /// @param trouble      empty when connected
    /// @param hub          the hub's id; empty before it was met
    /// @param organisation its name
    public record Standing(String url, boolean connected, String trouble, String hub, String organisation) {}

    public Standing standing() {
        var said = registered;
        boolean connected = connection != null;
        return new Standing(hub.url().toString(), connected, connected ? "" : trouble, said.textIfPresent("hub").orElse(""),
            said.get("organisation").isPresent() ? said.object("organisation").text("name") : "");
    }

    // The connection

    private void run() {
        long retryMs = RETRY_MS_FIRST;
        while (!closed) {
            try (var open = HubConnection.open(http, hub)) {
                register(open);
                connection = open;
                if (!trouble.isEmpty()) LOG.log(System.Logger.Level.INFO, "hub " + hub + " answers");
                trouble = "";
                retryMs = RETRY_MS_FIRST;
                stay(open);
            } catch (InterruptedException _) {
                return;
            } catch (IOException | RuntimeException e) {                  // whatever it is: without this thread nobody would come back to the hub
                say(e.getMessage() == null ? e.toString() : e.getMessage());
            } finally {
                connection = null;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(retryMs / 2 + (node.random(1)[0] & 0xff) * (retryMs / 2) / 255);      // a hub that was away is not asked by all of its nodes at once
            } catch (InterruptedException _) {
                return;
            }
            retryMs = Math.min(2 * retryMs, RETRY_MS_MAX);
        }
    }

    private void say(String problem) {
        if (!problem.equals(trouble) && !closed) LOG.log(System.Logger.Level.WARNING, "hub " + hub + ": " + problem + "; it is tried again");
        trouble = problem;
    }

    private void register(HubConnection open) throws IOException, InterruptedException {
        var challenge = open.challenge();
        var id = challenge.text("hub");
        if (!Hex.isLower(id, 64)) throw new IOException("that is no hub");
        requireSame(id);
        var greeting = new Greeting(new NodeId(id), node.id(), Greeting.nonce(challenge.text("nonce")), Hex.of(node.random(Greeting.NONCE_BYTES)), name, publicUrl);
        var answer = require(open.ask(Json.object("type", "register", "node", node.id().hex(), "name", name, "public_url", publicUrl, "nonce", greeting.nodeNonce(),
            "signature", greeting.sign(Greeting.Role.NODE, node.signer()))));
        if (!greeting.isSigned(Greeting.Role.HUB, answer.text("signature"), node.verifier())) throw new IOException("whoever answers there is not the hub that it says it is");
        node.store().setting(PIN + hub.url(), id);
        registered = answer.with("hub", Json.of(id));
        var addresses = new LinkedHashSet<String>();
        addresses.add(hub.url().getAuthority() + (hub.url().getPort() > 0 ? "" : hub.url().getScheme().equals("https") ? ":443" : ":80"));
        for (var each : answer.arrayOrEmpty("addresses")) if (addresses.size() < ADDRESSES_MAX) addresses.add(each.asText());
        node.peers().named(new NodeId(id), "hub", List.copyOf(addresses), 0);
    }

    /// Whom this node met at this address before, or was told of, it goes on speaking to.
    private void requireSame(String id) throws IOException {
        var known = hub.node().map(NodeId::hex).or(() -> node.store().setting(PIN + hub.url()));
        if (known.filter(before -> !before.equals(id)).isPresent())
            throw new IOException("another hub answers there than before (" + id.substring(0, 8) + " instead of " + known.get().substring(0, 8) + "); if that is right, name it in WAGGLE_HUB_NODE");
    }

    private void stay(HubConnection open) throws IOException, InterruptedException {
        while (!closed) {
            long beatMs = Math.clamp(registered.integer("heartbeat_ms"), 100, 600_000);
            if (open.awaitEnd(beatMs)) open.requireOpen();
            require(open.ask(Json.object("type", "heartbeat")));
        }
    }

    private static List<Json.Obj> pages(HubConnection open, String what, int max) throws IOException, InterruptedException {
        var all = new ArrayList<Json.Obj>();
        for (boolean more = true; more && all.size() < max; ) {
            var page = require(open.ask(Json.object("type", what, "after", all.size())));
            var items = page.array(what);
            items.forEach(each -> all.add(each.asObject()));
            more = !items.isEmpty() && page.get("has_more").filter(Json.TRUE::equals).isPresent();
        }
        return all;
    }

    private static Json.Obj require(Json.Obj answer) {
        if (!answer.text("type").equals("error")) return answer;
        var code = List.of(ErrorCode.values()).stream().filter(each -> each.wire().equals(answer.text("code"))).findFirst().orElse(ErrorCode.NOT_ALLOWED);
        throw new Problem(code, "The hub refuses: " + answer.text("message"), answer.textIfPresent("remedy").orElse(""));
    }

    // What is asked

    private interface Asking<T> {
        T ask(HubConnection open) throws IOException, InterruptedException;
    }

    private <T> T asking(Asking<T> asking) {
        var open = connection;
        if (open == null) throw new Problem(ErrorCode.PEER_UNREACHABLE, "The hub at " + hub + " is not connected: " + trouble + ".", "It is tried again by itself; ask again later.");
        try {
            return asking.ask(open);
        } catch (IOException e) {
            throw new Problem(ErrorCode.PEER_UNREACHABLE, "The hub did not answer: " + e.getMessage() + ".", "Ask again in a moment.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(ErrorCode.NOT_READY, "The node is stopping.", "Ask again when it is up.", e);
        }
    }

    /// The projects of the organisation that this node may take part in.
    public List<Json.Obj> projects() {
        return asking(open -> pages(open, "projects", Swarms.PROJECTS_MAX));
    }

    /// The nodes of the organisation.
    public List<Json.Obj> nodes() {
        return asking(open -> pages(open, "nodes", NODES_MAX));
    }

    /// Brings a project of this node's to the hub: the hub becomes a moderator of it, so that it can let others in while this node is away.
    ///
    /// @return the hub
    public NodeId publish(SpaceRuntime space) {
        var id = new NodeId(registered.textIfPresent("hub").orElseThrow(() -> new Problem(ErrorCode.PEER_UNREACHABLE, "The hub was not met yet.", "Ask again in a moment.")));
        var ticket = node.ticketFor(id, space, Role.MODERATOR, TICKET);
        asking(open -> require(open.ask(Json.object("type", "publish", "ticket", ticket.text()))));
        return id;
    }

    /// The hub shows the project to nobody any more.
    public void withdraw(SpaceId space) {
        asking(open -> require(open.ask(Json.object("type", "withdraw", "space", space.hex()))));
    }

    /// A ticket for a project that [#projects] names.
    public String ticket(String space) {
        return asking(open -> require(open.ask(Json.object("type", "link", "space", space)))).text("ticket");
    }

    @Override public void close() {
        closed = true;
        thread.interrupt();
        var open = connection;
        if (open != null) open.close();
        http.shutdownNow();
    }
}
