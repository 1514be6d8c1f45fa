package dev.waggle.node.account;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Somebody who speaks to a hub as a node would, or as no node would.
final class RawNode implements WebSocket.Listener, AutoCloseable {
    static final String NONCE = "ab".repeat(32);
    private final BlockingQueue<Json.Obj> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final StringBuilder part = new StringBuilder();
    private final Signer signer;
    private WebSocket socket;
    Json.Obj challenge;

    private RawNode(int number) {
        signer = signer(number);
    }

    static Signer signer(int number) {
        var seed = new byte[32];
        Arrays.fill(seed, (byte) number);
        return Ed25519.signer(seed);
    }

    NodeId id() {
        return signer.node();
    }

    /// @return the status with which the hub refused, 101 for none
    static int status(HttpClient http, URI hub, String key, String... headers) throws Exception {
        try {
            var builder = http.newWebSocketBuilder().header("Authorization", "Bearer " + key);
            for (int i = 0; i < headers.length; i += 2) builder.header(headers[i], headers[i + 1]);
            builder.buildAsync(at(hub), new WebSocket.Listener() { }).get(10, TimeUnit.SECONDS).abort();
            return 101;
        } catch (ExecutionException e) {
            return ((java.net.http.WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
    }

    private static URI at(URI hub) {
        return URI.create(hub.toString().replaceFirst("^http", "ws") + "/api/v1/nodes/connect");
    }

    /// Comes in, and has heard the challenge.
    static RawNode enter(HttpClient http, URI hub, int number, String key) throws Exception {
        var node = new RawNode(number);
        node.socket = http.newWebSocketBuilder().header("Authorization", "Bearer " + key).buildAsync(at(hub), node).get(10, TimeUnit.SECONDS);
        node.challenge = node.next();
        return node;
    }

    Json.Obj greeting(Signer by, NodeId node, String hubNonce, String name) {
        var greeting = new Greeting(new NodeId(challenge.text("hub")), node, hubNonce, NONCE, name, "");
        return Json.object("type", "register", "id", 7, "node", node.hex(), "name", name, "nonce", NONCE, "signature", greeting.sign(Greeting.Role.NODE, by));
    }

    /// Registers as it should, and returns what the hub says to that.
    Json.Obj register(String name) throws Exception {
        return ask(greeting(signer, id(), challenge.text("nonce"), name));
    }

    Json.Obj ask(Json.Obj message) throws Exception {
        say(new String(Canonical.bytes(message), StandardCharsets.UTF_8));
        return next();
    }

    void say(String text) throws Exception {
        socket.sendText(text, true).get(10, TimeUnit.SECONDS);
    }

    Json.Obj next() throws InterruptedException {
        Json.Obj next = null;
        for (int i = 0; i < 200 && next == null; i++) {
            next = heard.poll(100, TimeUnit.MILLISECONDS);
            if (next == null && ended.isDone()) break;
        }
        if (next == null) throw new AssertionError("the hub says nothing" + (ended.isDone() ? ": " + ended.join() : ""));
        return next;
    }

    /// Why the hub ended the connection.
    String ended() throws Exception {
        return ended.get(20, TimeUnit.SECONDS);
    }

    boolean isOpen() {
        return !ended.isDone();
    }

    @Override public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            heard.add(Canonical.parseObject(part.toString().getBytes(StandardCharsets.UTF_8)));
            part.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        ended.complete(status + " " + reason);
        return null;
    }

    @Override public void onError(WebSocket from, Throwable problem) {
        ended.complete("broken: " + problem);
    }

    @Override public void close() {
        socket.abort();
    }
}
