package dev.waggle.node.account;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.net.wire.StrictJson;
import dev.waggle.node.HubAddress;

import javax.net.ssl.SSLException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/// One WebSocket to the hub: requests with numbers, and their answers. Thread-safe.
final class HubConnection implements WebSocket.Listener, AutoCloseable {
    private static final int MESSAGE_CHARS_MAX = 1 << 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(40);

    private final CompletableFuture<Json.Obj> challenge = new CompletableFuture<>();
    private final Map<Long, CompletableFuture<Json.Obj>> asked = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();
    private final StringBuilder part = new StringBuilder();               // touched by the client's thread only
    private WebSocket socket;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile String ended = "";

    /// The hub does not take the key.
    static final class KeyRefused extends IOException {
        private static final long serialVersionUID = 1;

        KeyRefused() {
            super("the hub does not take this node's API key");
        }
    }

    static HubConnection open(HttpClient http, HubAddress hub) throws IOException, InterruptedException {
        var connection = new HubConnection();
        var at = URI.create(hub.url().toString().replaceFirst("^http", "ws") + "/api/v1/nodes/connect");
        try {
            connection.socket = http.newWebSocketBuilder().header("Authorization", "Bearer " + hub.key()).connectTimeout(TIMEOUT).buildAsync(at, connection).get(2 * TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            return connection;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                int status = refused.getResponse().statusCode();
                throw status == 401 ? new KeyRefused() : new IOException(status == 503 ? "the hub is starting, or full" : "the hub answers " + status);
            }
            if (e.getCause() instanceof SSLException) throw new IOException(hub.node().map(node -> "the certificate is not that of the node " + node.brief() + ", which WAGGLE_HUB_NODE names")
                .orElse("nobody that this machine trusts vouches for the certificate; name the hub in WAGGLE_HUB_NODE: its id, which `waggle hub show` prints there"), e.getCause());
            throw new IOException("the hub does not answer: " + (e.getCause().getMessage() == null ? e.getCause().getClass().getSimpleName() : e.getCause().getMessage()), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("the hub does not answer", e);
        }
    }

    /// What the hub says first.
    Json.Obj challenge() throws IOException, InterruptedException {
        return await(challenge, TIMEOUT);
    }

    /// @throws IOException when the connection ended or no answer came
    Json.Obj ask(Json.Obj request) throws IOException, InterruptedException {
        long id = ids.incrementAndGet();
        var answer = new CompletableFuture<Json.Obj>();
        asked.put(id, answer);
        try {
            requireOpen();
            synchronized (this) {
                socket.sendText(new String(Canonical.bytes(request.with("id", Json.of(id))), StandardCharsets.UTF_8), true).get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            }
            return await(answer, ANSWER);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the hub takes no message", e);
        } finally {
            asked.remove(id);
        }
    }

    private static Json.Obj await(CompletableFuture<Json.Obj> future, Duration limit) throws IOException, InterruptedException {
        try {
            return future.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException("the hub did not answer in time", e);
        }
    }

    /// @return whether it ended within that time
    boolean awaitEnd(long msMax) throws InterruptedException {
        return over.await(msMax, TimeUnit.MILLISECONDS);
    }

    /// @throws IOException saying why it ended
    void requireOpen() throws IOException {
        if (!ended.isEmpty()) throw new IOException(ended);
    }

    @Override public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        if (part.length() + data.length() > MESSAGE_CHARS_MAX) {
            end("the hub's message is too long");
            from.abort();
            return null;
        }
        part.append(data);
        if (last) {
            var text = part.toString();
            part.setLength(0);
            try {
                heard(StrictJson.object(text.getBytes(StandardCharsets.UTF_8), 4 * MESSAGE_CHARS_MAX));
            } catch (MalformedPayload e) {
                end("the hub's message is malformed: " + e.getMessage());
                from.abort();
                return null;
            }
        }
        from.request(1);
        return null;
    }

    private void heard(Json.Obj message) {
        switch (message.text("type")) {
            case "challenge" -> challenge.complete(message);
            default -> {
                var waiting = asked.get(message.integer("id"));
                if (waiting != null) waiting.complete(message);
            }
        }
    }

    @Override public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        end("the hub ended the connection" + (reason.isEmpty() ? "" : ": " + reason));
        return null;
    }

    @Override public void onError(WebSocket from, Throwable problem) {
        end("the connection to the hub was lost");
    }

    private void end(String why) {
        if (ended.isEmpty()) ended = why;
        var lost = new IOException(ended);
        challenge.completeExceptionally(lost);
        asked.values().forEach(each -> each.completeExceptionally(lost));
        over.countDown();
    }

    @Override public void close() {
        end("the connection was closed");
        if (socket != null) socket.abort();
    }
}
