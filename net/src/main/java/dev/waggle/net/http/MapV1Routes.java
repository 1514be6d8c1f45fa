package dev.waggle.net.http;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.net.websocket.WebSocketTransport;
import dev.waggle.net.wire.EventJson;
import dev.waggle.net.wire.StrictJson;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

import java.util.Optional;

/// The routes of `/api/v1/map` over a [MapV1Handler], for a node that is a hub. Registering needs the hub's key and a statement signed by the node that is registered;
/// everything else its token, and each swarm speaks for itself only.
public final class MapV1Routes {
    private static final String SWARM = "waggle.swarm";
    private static final int BODY_BYTES_MAX = 16 * 1024;
    private static final int STATEMENT_BYTES_MAX = 2 * 1024;
    private static final int TEXT_CHARS_MAX = 300;
    private static final int HIVE_CHARS_MAX = 200;

    private final MapV1Handler handler;
    private final RateLimit strangers;
    private final HttpWork work;

    public MapV1Routes(MapV1Handler handler, HttpLimits limits) {
        this.handler = handler;
        this.strangers = new RateLimit(limits.strangersPerMinute(), System::nanoTime);
        this.work = new HttpWork(limits.requestsAtOnce());
    }

    private interface Answering {
        Json.Obj answer(RoutingContext context);
    }

    public void mount(Router router) {
        router.route("/api/v1/map/*").failureHandler(work::failed);
        var small = BodyHandler.create(false).setBodyLimit(BODY_BYTES_MAX);
        router.post("/api/v1/map/swarms").handler(this::limited);
        router.post("/api/v1/map/swarms").handler(small).handler(context -> answer(context, this::register));
        router.route("/api/v1/map/*").handler(this::authenticated);
        router.get("/api/v1/map/events").handler(this::listen);
        router.get("/api/v1/map/swarms/:id").handler(context -> own(context, this::show));
        router.put("/api/v1/map/swarms/:id").handler(small).handler(context -> own(context, this::update));
        router.delete("/api/v1/map/swarms/:id").handler(context -> own(context, this::remove));
        router.post("/api/v1/map/swarms/:id/hives").handler(small).handler(context -> own(context, this::join));
        router.delete("/api/v1/map/swarms/:id/hives/:hive").handler(context -> own(context, this::leave));
        router.post("/api/v1/map/swarms/:id/heartbeat").handler(small).handler(context -> own(context, this::heartbeat));
        router.get("/api/v1/map/peers/:id").handler(context -> own(context, this::peers));
        router.route("/api/v1/map/*").handler(context -> context.fail(ApiError.notFound()));
    }

    private void answer(RoutingContext context, Answering answering) {
        work.run(context, () -> answering.answer(context));
    }

    // who asks

    private void limited(RoutingContext context) {
        int waitSeconds = strangers.take(context.request().remoteAddress().hostAddress());
        if (waitSeconds == 0) context.next();
        else context.fail(new ApiError(ApiError.Code.RATE_LIMITED, "too many tries", waitSeconds));
    }

    private void authenticated(RoutingContext context) {
        var header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        var swarm = header != null && header.startsWith("Bearer ") ? handler.swarm(header.substring(7)) : Optional.<NodeId>empty();
        if (swarm.isEmpty()) {
            int waitSeconds = strangers.take(context.request().remoteAddress().hostAddress());
            context.fail(waitSeconds == 0 ? ApiError.unauthorized() : new ApiError(ApiError.Code.RATE_LIMITED, "too many refused tokens", waitSeconds));
            return;
        }
        WebSocketTransport.trusted(context);
        context.put(SWARM, swarm.get());
        context.next();
    }

    /// A swarm that is not the asker is answered like one that does not exist.
    private void own(RoutingContext context, Answering answering) {
        NodeId swarm = context.get(SWARM);
        if (swarm.hex().equals(context.pathParam("id"))) answer(context, answering);
        else context.fail(ApiError.notFound());
    }

    // what is asked

    private Json.Obj register(RoutingContext context) {
        var body = body(context);
        var id = body.text("id");
        var statement = body.text("statement");
        if (!Hex.isLower(id, 64) || statement.length() > 2 * STATEMENT_BYTES_MAX) throw new MalformedPayload("id is 64 lower-case hexadecimal digits, statement at most 2 KiB");
        var swarm = read(new NodeId(id), body, null);
        var token = handler.register(body.textIfPresent("registration_key").orElse(""), swarm, EventJson.bytes(statement, statement.length() / 2),
            EventJson.bytes(body.text("signature"), Event.SIGNATURE_BYTES)).orElseThrow(ApiError::unauthorized);
        strangers.giveBack(context.request().remoteAddress().hostAddress());
        return Json.object("id", id, "auth_token", token);
    }

    private Json.Obj show(RoutingContext context) {
        NodeId swarm = context.get(SWARM);
        return write(handler.find(swarm).orElseThrow(ApiError::notFound)).with("hives", Json.array(handler.hives(swarm).stream().map(Json::of).toList()));
    }

    private Json.Obj update(RoutingContext context) {
        NodeId swarm = context.get(SWARM);
        var changed = read(swarm, body(context), handler.find(swarm).orElseThrow(ApiError::notFound));
        handler.update(changed);
        return write(changed);
    }

    private Json.Obj remove(RoutingContext context) {
        handler.remove(context.get(SWARM));
        return Json.object("ok", true);
    }

    private Json.Obj join(RoutingContext context) {
        var hive = within(body(context).text("hive_name"), HIVE_CHARS_MAX);
        if (hive.isBlank()) throw new MalformedPayload("hive_name is empty");
        if (!handler.join(context.get(SWARM), hive)) throw new ApiError(ApiError.Code.BAD_REQUEST, "too many hives");
        return Json.object("hive_name", hive, "ok", true);
    }

    private Json.Obj leave(RoutingContext context) {
        handler.leave(context.get(SWARM), context.pathParam("hive"));
        return Json.object("ok", true);
    }

    private Json.Obj heartbeat(RoutingContext context) {
        handler.heartbeat(context.get(SWARM));
        return Json.object("status", "online");
    }

    private Json.Obj peers(RoutingContext context) {
        return Json.object("peers", Json.array(handler.peers(context.get(SWARM)).stream().map(peer -> {
            var json = write(peer.swarm());
            return json.with("swarm_id", Json.of(peer.swarm().id().hex())).with("status", Json.of(peer.status()))
                .with("shared_hives", Json.array(peer.sharedHives().stream().map(Json::of).toList()));
        }).toList()));
    }

    /// One way only: what the swarm sends is not read.
    private void listen(RoutingContext context) {
        NodeId swarm = context.get(SWARM);
        if (!context.request().headers().contains(HttpHeaders.UPGRADE, "websocket", true)) {
            context.fail(new ApiError(ApiError.Code.BAD_REQUEST, "this is a WebSocket"));
            return;
        }
        context.request().toWebSocket().onSuccess(socket -> {
            WebSocketTransport.stays(context);
            var stop = handler.listen(swarm, event -> {
                if (socket.writeQueueFull()) socket.close();                      // it asks for the list when it is back
                else socket.writeTextMessage(new String(SyncV1Routes.bytes(event), java.nio.charset.StandardCharsets.UTF_8));
            });
            socket.closeHandler(_ -> stop.run());
            socket.exceptionHandler(_ -> socket.close());
        });
    }

    private static MapV1Handler.Swarm read(NodeId id, Json.Obj body, MapV1Handler.Swarm before) {
        return new MapV1Handler.Swarm(id, text(body, "name", before == null ? "" : before.name()), text(body, "map_endpoint", before == null ? "" : before.mapEndpoint()),
            text(body, "map_transport", before == null ? "websocket" : before.mapTransport()), text(body, "auth_method", before == null ? "token" : before.authMethod()),
            body.get("agent_count").isPresent() ? SyncV1Json.notNegative(body.integer("agent_count")) : before == null ? 0 : before.agentCount(),
            object(body, "capabilities", before == null ? Json.object() : before.capabilities()), object(body, "metadata", before == null ? Json.object() : before.metadata()),
            text(body, "sync_endpoint", before == null ? "" : before.syncEndpoint()));
    }

    private static Json.Obj write(MapV1Handler.Swarm swarm) {
        return Json.object("id", swarm.id().hex(), "name", swarm.name(), "map_endpoint", swarm.mapEndpoint(), "map_transport", swarm.mapTransport(), "auth_method", swarm.authMethod(),
            "agent_count", swarm.agentCount(), "capabilities", swarm.capabilities(), "metadata", swarm.metadata(), "sync_endpoint", swarm.syncEndpoint(), "signing_key", swarm.id().hex(),
            "tailscale_ips", null, "tailscale_dns_name", null);
    }

    private static Json.Obj object(Json.Obj body, String name, Json.Obj otherwise) {
        return body.get(name).isPresent() ? body.object(name) : otherwise;
    }

    private static String text(Json.Obj body, String name, String otherwise) {
        return within(body.textIfPresent(name).orElse(otherwise), TEXT_CHARS_MAX);
    }

    private static String within(String text, int max) {
        if (text.length() > max) throw new MalformedPayload("a text is longer than " + max);
        return text;
    }

    private static Json.Obj body(RoutingContext context) {
        var body = context.body().buffer();
        return StrictJson.object(body == null ? new byte[0] : body.getBytes(), BODY_BYTES_MAX);
    }
}
