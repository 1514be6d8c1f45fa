package dev.waggle.node.account;

import dev.waggle.apps.hub.Account;
import dev.waggle.apps.hub.Kind;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Role;
import dev.waggle.net.http.NodesHandler;
import dev.waggle.node.Node;
import dev.waggle.node.Problems;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.sync.protocol.Ticket;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/// Nodes at this hub: who comes in with a key, proves which node it is, and stays connected. What a node asks for is answered with the tickets that its log knows how to judge:
/// to bring a project it makes one for the hub, to take part in one the hub makes one for it. Thread-safe.
///
/// A key that is revoked shows out whoever came in with it within [#LOOK_MS]; who was not heard for [#SILENCE_BEATS] beats is offline.
public final class NodeDoor implements NodesHandler, AutoCloseable {
    public static final long BEAT_MS = 30_000;
    static final long LOOK_MS = 1_000;
    private static final int SILENCE_BEATS = 3;
    private static final int GUESTS_MAX = 10_000;
    private static final int PAGE_MAX = 500;
    private static final int NAME_MAX = 80;
    private static final int URL_MAX = 300;
    private static final int REFUSALS_KEPT = 200;
    private static final long BEGINNING_MS_MAX = 20_000;
    private static final Duration TICKET = Duration.ofMinutes(10);

    private final Accounts accounts;
    private final Swarms swarms;
    private final Node node;
    private final long beatMs;
    private final Set<Visit> visits = ConcurrentHashMap.newKeySet();
    private final Map<NodeId, Integer> here = new ConcurrentHashMap<>();   // by how many connections
    private final Map<NodeId, Long> heardMs = new ConcurrentHashMap<>();   // since this start
    private final Deque<Refusal> refusals = new ArrayDeque<>();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("hub-door").daemon().factory());

    private final ScheduledExecutorService processes = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("hub-processes").daemon().factory());

    public NodeDoor(Accounts accounts) {
        this(accounts, BEAT_MS);
    }

    /// @param beatMs how often nodes are to say that they are there
    NodeDoor(Accounts accounts, long beatMs) {
        this.accounts = accounts;
        this.swarms = new Swarms(accounts);
        this.node = accounts.node();
        this.beatMs = beatMs;
        watch.scheduleWithFixedDelay(this::look, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
        if (node.settings().database().isPresent()) processes.scheduleWithFixedDelay(this::compare, LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    /// Somebody was not let in.
    ///
    /// @param who a node's id, or what can be said of a key: never the key
    public record Refusal(long atMs, String who, String why) {}

    /// The last ones, newest first.
    public List<Refusal> refusals() {
        synchronized (refusals) {
            return List.copyOf(refusals);
        }
    }

    private void refused(String who, String why) {
        synchronized (refusals) {
            if (refusals.size() >= REFUSALS_KEPT) refusals.removeLast();
            refusals.addFirst(new Refusal(node.nowMs(), who, why));
        }
    }

    /// `online`, at whichever process of the hub, `offline`, or `unknown` for a node that was not seen since this process started.
    public String status(NodeId of) {
        if (of.equals(node.id()) || here.containsKey(of) || node.logs().lastElsewhere().contains(of)) return "online";
        return heardMs.containsKey(of) ? "offline" : "unknown";
    }

    /// Wall clock; 0 for one that was not heard since the hub started.
    public long lastHeardMs(NodeId of) {
        return heardMs.getOrDefault(of, 0L);
    }

    /// Connections now.
    public int connected() {
        return visits.size();
    }

    @Override public boolean isFull() {
        return visits.size() >= GUESTS_MAX;
    }

    @Override public Optional<Guest> enter(String apiKey) {
        var opened = accounts.open(apiKey);
        if (opened.isEmpty()) {
            refused("a key", apiKey.startsWith(Accounts.KEY_PREFIX) ? "an unknown or revoked key" : "no key of this hub");
            return Optional.empty();
        }
        var visit = new Visit(opened.get());
        visits.add(visit);
        return Optional.of(visit);
    }

    private void look() {
        long nowMs = node.nowMs();
        for (var visit : visits) {
            try {
                visit.look(nowMs);
            } catch (RuntimeException e) {
                System.getLogger("waggle.hub").log(System.Logger.Level.WARNING, "a node's key is looked at again: " + e);
            }
        }
    }

    /// Tells the other processes of this hub who is here, and asks who is there. On a thread of its own: the database may be away, and keys have to be looked at all the same.
    private void compare() {
        try {
            node.logs().here(here.keySet());
            node.logs().elsewhere();
        } catch (RuntimeException e) {                                    // whatever it is: this is looked at again
            System.getLogger("waggle.hub").log(System.Logger.Level.DEBUG, "who is at another process is not known now", e);
        }
    }

    @Override public void close() {
        watch.shutdownNow();
        processes.shutdownNow();
        for (var visit : visits) visit.hangUp("the hub stops");
    }

    private final class Visit implements Guest {
        private final String hubNonce = Hex.of(node.random(Greeting.NONCE_BYTES));
        private final long since = node.nowMs();
        private volatile Accounts.Opened opened;
        private volatile NodeId who;                                     // null until it proved that
        private volatile long lastMs = since;
        private volatile Consumer<Json.Obj> say = _ -> { };
        private volatile Consumer<String> hangUp = _ -> { };

        Visit(Accounts.Opened opened) {
            this.opened = opened;
        }

        @Override public void begin(Consumer<Json.Obj> saying, Consumer<String> ending) {
            say = saying;
            hangUp = ending;
            say.accept(Json.object("type", "challenge", "hub", node.id().hex(), "nonce", hubNonce, "version", 1));
        }

        void hangUp(String why) {
            hangUp.accept(why);
        }

        void look(long nowMs) {
            var live = accounts.live(opened);
            if (live.isEmpty()) hangUp("the key was revoked");
            else if (who != null && !swarms.isNode(who, live.get().organisation())) hangUp("the node was removed");
            else if (nowMs - lastMs > SILENCE_BEATS * beatMs) hangUp("nothing was heard for too long");
        }

        @Override public void gone() {
            visits.remove(this);
            if (who == null) return;
            heardMs.put(who, node.nowMs());
            here.computeIfPresent(who, (_, connections) -> connections == 1 ? null : connections - 1);
        }

        @Override public void heard(Json.Obj message) {
            lastMs = node.nowMs();
            long id = message.get("id").isPresent() ? message.integer("id") : 0;
            var live = accounts.live(opened);
            if (live.isEmpty()) {
                hangUp("the key was revoked");
                return;
            }
            opened = live.get();
            try {
                say.accept(answer(message).with("id", Json.of(id)));
            } catch (RuntimeException e) {
                if (e instanceof MalformedPayload) throw e;
                if (!(Problems.of(e) instanceof Problem no)) throw e;
                if (no.code() == ErrorCode.NOT_ALLOWED || no.code() == ErrorCode.UNAUTHORISED) refused(who == null ? "a node" : who.hex(), no.getMessage());
                say.accept(Json.object("type", "error", "id", id, "code", no.code().wire(), "message", no.getMessage(), "remedy", no.remedy()));
            }
        }

        private Json.Obj answer(Json.Obj message) {
            var type = message.text("type");
            if (type.equals("register") && who == null) return register(message);
            if (who == null) throw new Problem(ErrorCode.UNAUTHORISED, "A node says who it is first.", "Send `register`.");
            heardMs.put(who, lastMs);
            return switch (type) {
                case "heartbeat" -> Json.object("type", "alive", "heartbeat_ms", beatMs);
                case "projects" -> projects(message);
                case "nodes" -> nodes(message);
                case "publish" -> publish(message);
                case "withdraw" -> withdraw(message);
                case "link" -> link(message);
                default -> throw new Problem(ErrorCode.BAD_REQUEST, "There is no such request.", "Update one of the two: this hub speaks version 1.");
            };
        }

        private Json.Obj register(Json.Obj message) {
            var id = message.text("node");
            if (!Hex.isLower(id, 64)) throw new MalformedPayload("\"node\" is not 64 lower-case hexadecimal digits");
            var name = within(message.text("name"), NAME_MAX);
            var url = within(message.textIfPresent("public_url").orElse(""), URL_MAX);
            if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) throw new MalformedPayload("the node's name is empty, or has control characters");
            if (!url.isEmpty() && !url.matches("https?://[^\\s\\p{Cntrl}]+")) throw new MalformedPayload("\"public_url\" is no http(s) address");
            var greeting = new Greeting(node.id(), new NodeId(id), hubNonce, Greeting.nonce(message.text("nonce")), name, url);
            if (!greeting.isSigned(Greeting.Role.NODE, message.text("signature"), node.verifier()))
                throw new Problem(ErrorCode.UNAUTHORISED, "The node did not prove that the key of its id is its own.", "Sign the greeting of this connection.");
            swarms.register(greeting.node(), opened, name, url);
            who = greeting.node();
            here.merge(who, 1, Integer::sum);
            heardMs.put(who, lastMs);
            var organisation = accounts.find(Kind.ORGANISATION, opened.organisation(), new Caller.Operator());
            return Json.object("type", "registered", "signature", greeting.sign(Greeting.Role.HUB, node.signer()), "heartbeat_ms", beatMs,
                "organisation", Json.object("id", organisation.id(), "name", organisation.text("name")), "addresses", Json.array(node.peers().addresses().stream().map(Json::of).toList()));
        }

        /// Only what the node may see, by name.
        private Json.Obj projects(Json.Obj message) {
            return page(message, "projects", swarms.visible(who, opened.organisation()), this::project);
        }

        private static Json.Obj page(Json.Obj message, String what, List<Account> all, Function<Account, Json.Obj> json) {
            long after = message.get("after").isPresent() ? Math.max(0, message.integer("after")) : 0;
            var page = all.stream().skip(after).limit(PAGE_MAX).map(each -> (Json) json.apply(each)).toList();
            return Json.object("type", what, what, Json.array(page), "has_more", all.size() > after + page.size());
        }

        private Json.Obj project(Account project) {
            var by = new NodeId(project.text("node"));
            var source = accounts.ask(view -> view.find(Kind.NODE, by.hex()), Optional.<Account>empty());
            return Json.object("space", project.id(), "name", project.text("name"), "open", project.is("open"), "source_node_id", by.hex(),
                "source_node_name", source.map(each -> each.text("name")).orElse(by.brief()), "source_node_status", status(by), "source_node_public_url", source.flatMap(each -> each.textIfPresent("public_url")).orElse(null));
        }

        private Json.Obj nodes(Json.Obj message) {
            var all = accounts.ask(view -> view.live(Kind.NODE), List.<Account>of()).stream().filter(each -> each.text("organisation").equals(opened.organisation())).toList();
            return page(message, "nodes", all, each -> Json.object("node", each.id(), "name", each.text("name"), "status", status(new NodeId(each.id())),
                "public_url", each.textIfPresent("public_url").orElse(null)));
        }

        /// A node brings a project: with a ticket for this hub, so the log of the project says that the node may do that.
        private Json.Obj publish(Json.Obj message) {
            var ticket = Ticket.parse(within(message.text("ticket"), 3 * Ticket.BYTES_MAX), node.verifier());
            if (!ticket.issuer().equals(who)) throw new Problem(ErrorCode.NOT_ALLOWED, "The ticket is not this node's.", "A node brings its own projects.");
            if (!ticket.addresses().isEmpty() || !ticket.forNode().equals(Optional.of(node.id())) || ticket.role() != Role.MODERATOR)
                throw new Problem(ErrorCode.BAD_REQUEST, "The ticket is not one for this hub.", "It names this hub, the role of a moderator, and no address.");
            var known = swarms.project(ticket.space());
            if (known.filter(each -> !each.text("organisation").equals(opened.organisation())).isPresent())
                throw new Problem(ErrorCode.NOT_ALLOWED, "That project is another organisation's.", "Make one of your own.");
            var space = node.space(ticket.space()).filter(here -> here.role().isPresent()).orElseGet(() -> node.join(ticket.text(), Optional.of(ticket.spaceName())));
            awaitBeginning(space);
            requireOf(space, who);
            swarms.publish(ticket.space(), opened.organisation(), within(ticket.spaceName(), NAME_MAX), who);
            return Json.object("type", "published", "space", ticket.space().hex());
        }

        /// The log arrives behind the ticket, from its beginning on. What says that this hub is a moderator lies behind all that it held before; without it nobody could be let in.
        private void awaitBeginning(SpaceRuntime space) {
            try {
                for (var until = System.nanoTime() + BEGINNING_MS_MAX * 1_000_000; space.type().isEmpty() || space.role().isEmpty(); TimeUnit.MILLISECONDS.sleep(20))
                    if (System.nanoTime() > until) throw new Problem(ErrorCode.NOT_READY, "The project's log has not arrived yet.", "Publish it again in a moment.");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Problem(ErrorCode.NOT_READY, "The hub is stopping.", "Publish it again in a moment.", e);
            }
        }

        /// The log has to name the node as one that may let others in: who has a ticket's secret and nothing else is not believed.
        private void requireOf(SpaceRuntime space, NodeId of) {
            if (!space.type().filter("board"::equals).isPresent()) throw new Problem(ErrorCode.BAD_REQUEST, "That space is no project.", "A hub's projects are spaces of the type board.");
            if (!Optional.ofNullable(space.log().state().members().get(of)).map(Role::mayAddMembers).orElse(false))
                throw new Problem(ErrorCode.NOT_ALLOWED, "The project's log does not name this node as its owner or a moderator.", "Bring a project of your own.");
        }

        private Json.Obj withdraw(Json.Obj message) {
            var project = mine(message);
            var space = node.space(new SpaceId(project.id()));
            if (space.isPresent()) requireOf(space.get(), who);
            swarms.withdraw(project);
            return Json.object("type", "withdrawn", "space", project.id());
        }

        /// A project that this node may see; one that it may not is answered like one that there is not.
        private Account mine(Json.Obj message) {
            var asked = message.text("space");
            return swarms.visible(who, opened.organisation()).stream().filter(each -> each.id().equals(asked)).findFirst().orElseThrow(Caller::nothing);
        }

        private Json.Obj link(Json.Obj message) {
            var project = mine(message);
            var space = node.space(new SpaceId(project.id())).orElseThrow(() -> new Problem(ErrorCode.NOT_READY, "The hub does not have the project any more.", "Ask who brought it to publish it again."));
            var ticket = node.ticketFor(who, space, Role.WRITER, TICKET);
            return Json.object("type", "ticket", "space", project.id(), "ticket", ticket.text());
        }

        private static String within(String text, int max) {
            if (text.length() > max) throw new MalformedPayload("a text is longer than " + max);
            return text;
        }
    }
}
