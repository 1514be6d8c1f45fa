package dev.waggle.net.http;

import dev.waggle.core.event.MalformedPayload;
import dev.waggle.net.websocket.WebSocketTransport;
import dev.waggle.net.wire.StrictJson;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;

/// Where nodes keep a connection to their hub: a WebSocket that takes an API key in its first request and JSON texts after it. A message has at most [#MESSAGE_BYTES_MAX]
/// bytes, and a connection brings at most [#MESSAGES_PER_MINUTE]; whoever exceeds that is hung up on. Messages of one connection are worked on one after another.
public final class NodesRoutes {
    public static final String PATH = "/api/v1/nodes/connect";
    /// What the listener takes as one WebSocket message.
    public static final int MESSAGE_BYTES_MAX = 64 * 1024;
    static final int MESSAGES_PER_MINUTE = 600;
    private static final int WAITING_MAX = 32;
    private static final int FULL_WAIT_SECONDS = 60;
    private static final short TOO_MUCH = 1008;
    private static final short MALFORMED = 1007;
    private static final int REASON_CHARS_MAX = 120;
    private static final String BEARER = "Bearer ";

    private final Supplier<Optional<NodesHandler>> handler;
    private final RateLimit strangers;

    /// @param handler empty while the hub is starting
    public NodesRoutes(Supplier<Optional<NodesHandler>> handler, HttpLimits limits) {
        this.handler = handler;
        this.strangers = new RateLimit(limits.strangersPerMinute(), System::nanoTime);
    }

    public void mount(Router router) {
        router.route(PATH).failureHandler(new HttpWork(1)::failed);
        router.get(PATH).handler(this::connect);
    }

    private void connect(RoutingContext context) {
        var request = context.request();
        var header = request.getHeader(HttpHeaders.AUTHORIZATION);
        var address = request.remoteAddress().hostAddress();
        if (request.headers().contains(HttpHeaders.ORIGIN)) {                     // no page opens this from somebody's browser
            context.fail(new ApiError(ApiError.Code.FORBIDDEN, "nodes only"));
            return;
        }
        var door = handler.get();
        if (door.isEmpty()) {
            context.fail(new ApiError(ApiError.Code.UNAVAILABLE, "this hub is starting", 1));
            return;
        }
        if (door.get().isFull()) {
            context.fail(new ApiError(ApiError.Code.UNAVAILABLE, "as many nodes are connected to this hub as it takes", FULL_WAIT_SECONDS));
            return;
        }
        var guest = header != null && header.startsWith(BEARER) ? door.get().enter(header.substring(BEARER.length())) : Optional.<NodesHandler.Guest>empty();
        if (guest.isEmpty()) {
            int waitSeconds = strangers.take(address);
            context.fail(waitSeconds == 0 ? ApiError.unauthorized() : new ApiError(ApiError.Code.RATE_LIMITED, "too many refused keys", waitSeconds));
            return;
        }
        if (!request.headers().contains(HttpHeaders.UPGRADE, "websocket", true)) {
            guest.get().gone();
            context.fail(new ApiError(ApiError.Code.BAD_REQUEST, "this is a WebSocket"));
            return;
        }
        WebSocketTransport.trusted(context);
        request.toWebSocket().onSuccess(socket -> {
            WebSocketTransport.stays(context);
            new Conversation(socket, guest.get(), context).begin();
        }).onFailure(_ -> guest.get().gone());
    }

    private static final class Conversation {
        private static final String END = "";
        private final ServerWebSocket socket;
        private final NodesHandler.Guest guest;
        private final io.vertx.core.Context loop;
        private final RateLimit pace = new RateLimit(MESSAGES_PER_MINUTE, System::nanoTime);
        private final BlockingQueue<String> waiting = new ArrayBlockingQueue<>(WAITING_MAX + 1);

        Conversation(ServerWebSocket socket, NodesHandler.Guest guest, RoutingContext context) {
            this.socket = socket;
            this.guest = guest;
            this.loop = context.vertx().getOrCreateContext();
        }

        void begin() {
            socket.textMessageHandler(this::heard);
            socket.binaryMessageHandler(_ -> hangUp(MALFORMED, "only texts are taken"));
            socket.exceptionHandler(_ -> socket.close());
            socket.closeHandler(_ -> {
                if (!waiting.offer(END)) {
                    waiting.clear();
                    waiting.offer(END);
                }
            });
            Thread.ofVirtual().name("hub-node").start(this::work);
        }

        private void heard(String text) {
            if (text.isEmpty() || pace.take("") != 0 || waiting.size() >= WAITING_MAX || !waiting.offer(text)) hangUp(TOO_MUCH, "too many messages");
        }

        private void work() {
            try {
                guest.begin(message -> {
                    var text = new String(SyncV1Routes.bytes(message), StandardCharsets.UTF_8);
                    loop.runOnContext(_ -> {
                        if (socket.isClosed()) return;
                        if (socket.writeQueueFull()) socket.close();
                        else socket.writeTextMessage(text);
                    });
                }, why -> hangUp(TOO_MUCH, why));
                for (var text = waiting.take(); !text.equals(END); text = waiting.take()) guest.heard(StrictJson.object(text.getBytes(StandardCharsets.UTF_8), MESSAGE_BYTES_MAX));
            } catch (MalformedPayload e) {
                hangUp(MALFORMED, "malformed: " + e.getMessage());
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                System.getLogger(NodesRoutes.class.getName()).log(System.Logger.Level.ERROR, "a node's message failed", e);
                hangUp(TOO_MUCH, "this hub failed; its log says why");
            } finally {
                guest.gone();
            }
        }

        private void hangUp(short code, String why) {
            loop.runOnContext(_ -> {
                if (!socket.isClosed()) socket.close(code, why.substring(0, Math.min(why.length(), REASON_CHARS_MAX)));
            });
        }
    }
}
