package dev.waggle.net.http;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.net.websocket.WebSocketTransport;
import dev.waggle.net.wire.EventJson;
import dev.waggle.net.wire.FrameCodec;
import dev.waggle.net.wire.StrictJson;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// The routes of `/sync/v1` and `/api/v0` over a [SyncV1Handler]. Give [#mount] to the server: `new WebSocketTransport(seed, options, engine, routes::mount)`.
///
/// Without a token nothing is read but the small bodies of the handshake, so many a minute for each address. A token is looked at before the body is.
public final class SyncV1Routes {
    private static final String PEER = "waggle.peer";
    private static final long WAIT_MS_MAX = 15_000;
    private static final int WAITING_MAX = 64;
    private static final int WAITING_OF_PEER_MAX = 4;
    private static final int CURSOR_CHARS_MAX = 128;

    private final Signer signer;
    private final SyncV1Handler handler;
    private final HttpLimits limits;
    private final Sessions sessions;
    private final RateLimit strangers;
    private final HttpWork work;
    private final HttpWork waits = new HttpWork(WAITING_MAX);
    private final Map<NodeId, Integer> waiting = new ConcurrentHashMap<>();
    private final Ed25519 verifier = new Ed25519();

    /// @param random a cryptographic generator, for nonces and tokens
    public SyncV1Routes(Signer signer, SyncV1Handler handler, HttpLimits limits, RandomGenerator random) {
        this(signer, handler, limits, random, System::nanoTime);
    }

    /// @param nanos a clock that never goes back
    SyncV1Routes(Signer signer, SyncV1Handler handler, HttpLimits limits, RandomGenerator random, LongSupplier nanos) {
        this.signer = signer;
        this.handler = handler;
        this.limits = limits;
        this.sessions = new Sessions(limits, random, nanos);
        this.strangers = new RateLimit(limits.strangersPerMinute(), nanos);
        this.work = new HttpWork(limits.requestsAtOnce());
    }

    /// Every peer has to prove itself again.
    public void revokeTokens() {
        sessions.revokeAll();
    }

    public void mount(Router router) {
        router.route("/sync/v1/*").failureHandler(this::failed);
        router.route("/api/v0").failureHandler(this::failed);
        var small = BodyHandler.create(false).setBodyLimit(limits.handshakeBytesMax());
        var large = BodyHandler.create(false).setBodyLimit(limits.bodyBytesMax());

        router.route("/sync/v1/handshake*").handler(this::limited);
        router.post("/sync/v1/handshake").handler(small).handler(context -> answer(context, this::hello));
        router.post("/sync/v1/handshake/proof").handler(small).handler(context -> answer(context, this::proof));

        router.route("/sync/v1/*").handler(this::authenticated);
        router.route("/api/v0").handler(this::authenticated);
        router.get("/sync/v1/groups/:id/events").handler(context -> answer(context, this::pull));
        router.get("/sync/v1/groups/:id/status").handler(context -> answer(context, this::status));
        router.get("/sync/v1/groups/:id/tasks/:task/log").handler(context -> waits.run(context, () -> taskLog(context)));
        router.post("/sync/v1/groups/:id/events").handler(large).handler(context -> answer(context, this::push));
        router.post("/sync/v1/groups/:id/leave").handler(small).handler(context -> answer(context, this::leave));
        router.post("/sync/v1/heartbeat").handler(large).handler(context -> answer(context, this::heartbeat));
        router.post("/api/v0").handler(large).handler(context -> answer(context, this::entries));
        router.route("/sync/v1/*").handler(context -> context.fail(ApiError.notFound()));
    }

    private void failed(RoutingContext context) {
        NodeId peer = context.get(PEER);
        if (peer != null && (context.failure() instanceof MalformedPayload || context.statusCode() == 413))
            handler.refused(peer, context.statusCode() == 413 ? "a body that is too large" : context.failure().getMessage());
        work.failed(context);
    }

    private interface Answering {
        Json.Obj answer(RoutingContext context);
    }

    private void answer(RoutingContext context, Answering answering) {
        work.run(context, () -> answering.answer(context));
    }

    // --- who asks ---------------------------------------------------------------------------------------------------------------------------------

    private void limited(RoutingContext context) {
        int waitSeconds = strangers.take(context.request().remoteAddress().hostAddress());
        if (waitSeconds == 0) context.next();
        else context.fail(new ApiError(ApiError.Code.RATE_LIMITED, "too many handshakes", waitSeconds));
    }

    /// First step: both sides learn the other's nonce, and this side proves itself.
    private Json.Obj hello(RoutingContext context) {
        var body = body(context, limits.handshakeBytesMax());
        var initiator = node(body.text("instance_id"));
        if (!verifier.isValidKey(initiator)) throw new MalformedPayload("instance_id is not a good Ed25519 key");
        var nonce = HttpHello.nonce(body.text("nonce"));
        var versions = body.array("versions").stream().map(version -> Math.toIntExact(Math.clamp(version.asInteger(), 0, Integer.MAX_VALUE))).toList();
        if (versions.isEmpty() || versions.size() > dev.waggle.sync.protocol.Frame.VERSIONS_MAX) throw new MalformedPayload("1 to 16 versions");
        if (!versions.contains(HttpHello.VERSION)) throw new ApiError(ApiError.Code.BAD_REQUEST, "this node speaks version " + HttpHello.VERSION);
        var hello = new HttpHello(initiator, signer.node(), nonce, sessions.fresh(), versions, HttpHello.VERSION, channel(context));
        sessions.begin(hello);
        return Json.object("instance_id", signer.node().hex(), "signing_key", signer.node().hex(), "nonce", hello.responderNonce(),
            "version", hello.version(), "signature", hello.sign(HttpHello.Role.RESPONDER, signer));
    }

    /// Second step: the other side proves itself, perhaps shows a ticket, and gets a token if it is known here.
    private Json.Obj proof(RoutingContext context) {
        var body = body(context, limits.handshakeBytesMax());
        var peer = node(body.text("instance_id"));
        var signature = EventJson.bytes(body.text("signature"), Event.SIGNATURE_BYTES);
        var ticket = body.textIfPresent("ticket");
        var wanted = body.textIfPresent("sync_group_id");
        var name = body.textIfPresent("sync_group_name");
        var hello = sessions.end(HttpHello.nonce(body.text("nonce"))).orElseThrow(ApiError::unauthorized);
        boolean proven = hello.initiator().equals(peer)
            && WebSocketTransport.provenNode(context).map(peer::equals).orElse(true)
            && hello.isSigned(HttpHello.Role.INITIATOR, signature, verifier);
        if (!proven) throw ApiError.unauthorized();
        Optional<SpaceId> joined = ticket.isEmpty() ? Optional.empty() : redeem(peer, ticket.get(), body);
        if (!handler.authenticate(peer)) throw ApiError.unauthorized();
        strangers.giveBack(context.request().remoteAddress().hostAddress());
        strangers.giveBack(context.request().remoteAddress().hostAddress());           // both steps
        var space = joined.or(() -> wanted.map(SyncV1Routes::space)).or(() -> name.map(each -> handler.named(peer, each).orElseThrow(ApiError::notFound)));
        var position = space.map(id -> handler.position(peer, id).orElseThrow(ApiError::notFound));
        return Json.object("sync_token", sessions.issue(peer), "expires_in_ms", limits.tokenMs(),
            "sync_group_id", space.map(SpaceId::hex).orElse(null), "current_seq", position.orElse(null));
    }

    private Optional<SpaceId> redeem(NodeId peer, String ticket, Json.Obj body) {
        if (ticket.length() > 2 * FrameCodec.TICKET_BYTES_MAX) throw new MalformedPayload("a ticket of more than " + FrameCodec.TICKET_BYTES_MAX + " bytes");
        return handler.redeem(peer, EventJson.bytes(ticket, ticket.length() / 2), EventJson.bytes(body.text("ticket_signature"), Event.SIGNATURE_BYTES));
    }

    private void authenticated(RoutingContext context) {
        var header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        var peer = header != null && header.startsWith("Bearer ") ? sessions.peer(header.substring(7)) : Optional.<NodeId>empty();
        boolean fits = peer.isPresent() && WebSocketTransport.provenNode(context).map(peer.get()::equals).orElse(true);
        if (!fits) {
            int waitSeconds = strangers.take(context.request().remoteAddress().hostAddress());
            context.fail(waitSeconds == 0 ? ApiError.unauthorized() : new ApiError(ApiError.Code.RATE_LIMITED, "too many refused tokens", waitSeconds));
            return;
        }
        WebSocketTransport.trusted(context);
        context.put(PEER, peer.get());
        context.next();
    }

    private static String channel(RoutingContext context) {
        return WebSocketTransport.certificateHash(context).map(Hex::of).orElse("");
    }

    private static NodeId peer(RoutingContext context) {
        return context.get(PEER);
    }

    // --- what is asked ----------------------------------------------------------------------------------------------------------------------------

    private Json.Obj pull(RoutingContext context) {
        long since = number(context, "since", 0, Json.INTEGER_MAX);
        int limit = (int) number(context, "limit", limits.pageEventsMax(), Integer.MAX_VALUE);
        if (limit < 1) throw new MalformedPayload("limit must be at least 1");
        var page = handler.eventsSince(peer(context), space(context.pathParam("id")), since, Math.min(limit, limits.pageEventsMax()),
            limits.pageBytesMax()).orElseThrow(ApiError::notFound);
        if (page.condensed() && page.events().isEmpty())
            throw new ApiError(ApiError.Code.GONE, "these events were condensed by a checkpoint: fetch them over the stream, or from a member that keeps them");
        return Json.object("events", SyncV1Json.events(page.events()), "next_seq", page.nextSeq(), "has_more", page.hasMore());
    }

    private Json.Obj push(RoutingContext context) {
        var body = body(context, limits.bodyBytesMax());
        var events = SyncV1Json.readEvents(body.array("events"), limits.pageEventsMax());
        long senderSeq = SyncV1Json.notNegative(body.integer("sender_seq"));
        requireRoom(context, events.size());
        var pushed = handler.push(peer(context), space(context.pathParam("id")), events, senderSeq).orElseThrow(ApiError::notFound);
        return Json.object("received_seq", pushed.receivedSeq(), "answers", Json.array(pushed.answers().stream().map(SyncV1Json::answer).toList()));
    }

    private void requireRoom(RoutingContext context, int events) {
        int waitSeconds = handler.pushWaitSeconds(peer(context), events);
        if (waitSeconds > 0) throw new ApiError(ApiError.Code.RATE_LIMITED, "too many events in a short time; nothing was taken", waitSeconds);
    }

    private Json.Obj status(RoutingContext context) {
        return SyncV1Json.status(handler.status(peer(context), space(context.pathParam("id"))).orElseThrow(ApiError::notFound));
    }

    private Json.Obj leave(RoutingContext context) {
        if (!handler.leave(peer(context), space(context.pathParam("id")))) throw ApiError.notFound();
        return Json.object("ok", true);
    }

    /// Whoever looks on asks again with what it got. A peer has so many questions open at once, and all together so many: none of these is in the way of others.
    private Json.Obj taskLog(RoutingContext context) {
        var peer = peer(context);
        var after = context.request().getParam("after", "");
        if (after.length() > CURSOR_CHARS_MAX) throw new MalformedPayload("after is no cursor");
        long waitMs = number(context, "wait_ms", 0, WAIT_MS_MAX);
        var task = context.pathParam("task");
        var space = space(context.pathParam("id"));
        try {
            if (waiting.merge(peer, 1, Integer::sum) > WAITING_OF_PEER_MAX) throw new ApiError(ApiError.Code.RATE_LIMITED, "too many questions are open already", 1);
            return handler.taskLog(peer, space, task, after, waitMs).orElseThrow(ApiError::notFound);
        } finally {
            waiting.computeIfPresent(peer, (_, open) -> open == 1 ? null : open - 1);
        }
    }

    private Json.Obj heartbeat(RoutingContext context) {
        var body = body(context, limits.bodyBytesMax());
        if (!peer(context).hex().equals(body.text("instance_id"))) throw new ApiError(ApiError.Code.FORBIDDEN, "a peer speaks for itself only");
        var here = handler.heartbeat(peer(context), SyncV1Json.readSeqByKey(body.object("seq_by_hive")));
        var answer = Json.object("instance_id", signer.node().hex(), "seq_by_hive", SyncV1Json.seqByKey(here));
        if (body.get("known_peers").isEmpty()) return answer;
        return answer.with("known_peers", SyncV1Json.knownPeers(handler.knownPeers(peer(context), SyncV1Json.readKnownPeers(body.array("known_peers")))));
    }

    /// `/api/v0`: one object whose only member names the question.
    private Json.Obj entries(RoutingContext context) {
        var body = body(context, limits.bodyBytesMax());
        if (body.members().size() != 1) throw new MalformedPayload("one of GetTips, GetEntries and SendEntries");
        var question = body.members().firstKey();
        var asked = body.object(question);
        var peer = peer(context);
        return switch (question) {
            case "GetTips" -> Json.object("Tips", SyncV1Json.ids(handler.tips(peer, space(asked.text("tree_id"))).orElseThrow(ApiError::notFound)));
            case "GetEntries" -> {
                var ids = SyncV1Json.readIds(asked.array("ids"));
                yield Json.object("Entries", SyncV1Json.events(within(handler.entries(peer, space(asked.text("tree_id")), ids).orElseThrow(ApiError::notFound))));
            }
            case "SendEntries" -> {
                var events = SyncV1Json.readEvents(asked.array("entries"), limits.pageEventsMax());
                requireRoom(context, events.size());
                var pushed = handler.push(peer, space(asked.text("tree_id")), events, 0).orElseThrow(ApiError::notFound);
                yield Json.object("Ack", Json.object("answers", Json.array(pushed.answers().stream().map(SyncV1Json::answer).toList())));
            }
            default -> throw new MalformedPayload("one of GetTips, GetEntries and SendEntries");
        };
    }

    /// As many as a page may hold; whoever asked sees which are missing and asks again.
    private java.util.List<Event> within(java.util.List<Event> events) {
        var some = new ArrayList<Event>();
        int bytes = 0;
        for (var event : events) {
            bytes += event.payload().length;
            if (bytes > limits.pageBytesMax() && !some.isEmpty()) break;
            some.add(event);
        }
        return some;
    }

    private static Json.Obj body(RoutingContext context, int bytesMax) {
        var type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json"))
            throw new ApiError(ApiError.Code.UNSUPPORTED_MEDIA_TYPE, "send application/json");
        var body = context.body().buffer();
        return StrictJson.object(body == null ? new byte[0] : body.getBytes(), bytesMax);
    }

    /// A text that is no id names nothing, like an id that is unknown.
    private static SpaceId space(String text) {
        if (!Hex.isLower(text, 64)) throw ApiError.notFound();
        return new SpaceId(text);
    }

    private static NodeId node(String text) {
        if (!Hex.isLower(text, 64)) throw new MalformedPayload("instance_id is 64 lower-case hexadecimal digits");
        return new NodeId(text);
    }

    private static long number(RoutingContext context, String name, long otherwise, long max) {
        var text = context.request().getParam(name);
        if (text == null) return otherwise;
        if (text.isEmpty() || text.length() > 16 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) throw new MalformedPayload(name + " must be a number");
        long value = Long.parseLong(text);
        if (value > max) throw new MalformedPayload(name + " is larger than " + max);
        return value;
    }

    /// The one spelling of an answer.
    static byte[] bytes(Json json) {
        return Canonical.bytes(json);
    }
}
