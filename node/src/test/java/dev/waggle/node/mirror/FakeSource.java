package dev.waggle.node.mirror;

import com.sun.net.httpserver.HttpServer;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/// Whoever claims to be a node with a public hive, on loopback: it says what a test tells it to.
final class FakeSource implements AutoCloseable {
    static final NodeId NODE = new NodeId("ab".repeat(32));
    static final String HIVE = "cd".repeat(32);
    private final HttpServer server;
    final List<String> asked = new ArrayList<>();          // targets, in order
    NodeId node = NODE;
    String hive = HIVE;
    String incarnation = "one";
    String cursor = "c1";
    IntFunction<String> cursors;                            // instead of it: by how often it was asked
    boolean more;
    int status = 200;
    Map<String, String> headers = Map.of();
    byte[] body;                                            // instead of a page
    List<Json> posts = List.of();
    List<Json> comments = List.of();
    List<Json> gone = List.of();

    FakeSource() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/", exchange -> {
            try (exchange) {
                byte[] bytes;
                synchronized (this) {
                    asked.add(exchange.getRequestURI().toString());
                    bytes = body != null ? body : Canonical.bytes(page());
                    headers.forEach(exchange.getResponseHeaders()::set);
                }
                exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
                exchange.getResponseBody().write(bytes);
            }
        });
        server.start();
    }

    private Json.Obj page() {
        return Json.object("instance_id", node.hex(), "hive", Json.object("id", hive, "name", "bees"), "incarnation", incarnation, "data", Json.array(posts), "comments", Json.array(comments),
            "gone", Json.array(gone), "cursor", cursors != null ? cursors.apply(asked.size()) : cursor, "has_more", more);
    }

    synchronized void say(String newCursor, Json... newPosts) {
        cursor = newCursor;
        posts = List.of(newPosts);
        comments = List.of();
        gone = List.of();
        more = false;
        status = 200;
        body = null;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    static String id(String number) {
        return NODE.hex().substring(0, 16) + "_" + number;
    }

    static Json.Obj author() {
        return Json.object("instance_id", NODE.hex(), "agent_id", "a1", "name", "Ada", "avatar_url", "https://example.org/a.png");
    }

    static Json.Obj post(String number, String title, long up) {
        return Json.object("id", id(number), "title", title, "content", "text of " + title, "url", Json.NULL, "state", "live", "author", author(), "sync_event_id", "ef".repeat(32),
            "created_at", "2026-01-01T00:00:0" + number + "Z", "updated_at", "2026-01-01T00:00:0" + number + "Z", "comment_count", 0, "score", up, "up", up, "down", 0);
    }

    static Json.Obj deleted(String number) {
        return post(number, "", 0).with("state", Json.of("deleted")).with("content", Json.NULL);
    }

    static Json.Obj comment(String number, String post, String content) {
        return Json.object("id", id(number), "post_id", id(post), "parent_comment_id", Json.NULL, "content", content, "state", "live", "depth", 0, "path", id(number), "thread", "0000" + id(number),
            "author", author(), "sync_event_id", "ef".repeat(32), "created_at", "2026-01-01T00:00:00Z", "updated_at", "2026-01-01T00:00:00Z", "up", 0, "down", 0);
    }

    @Override public void close() {
        server.stop(0);
    }
}
