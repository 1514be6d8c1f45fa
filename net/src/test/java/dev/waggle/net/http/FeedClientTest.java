package dev.waggle.net.http;

import com.sun.net.httpserver.HttpServer;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.net.websocket.ListenOptions;
import dev.waggle.net.websocket.WebSocketTransport;
import dev.waggle.sync.engine.Transport;
import dev.waggle.sync.protocol.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// A public feed over real sockets, and who is believed to serve it.
@Timeout(60)
class FeedClientTest {
    private static final byte[] SOURCE = seed(7);
    private static final byte[] READER = seed(8);
    private final List<AutoCloseable> open = new ArrayList<>();
    private final FeedHandler handler = new FeedHandler() {
        @Override public Json.Obj hives(int limit) {
            return Json.object("hives", Json.array());
        }

        @Override public Optional<Json.Obj> feed(String hive, String since, int limit) {
            return hive.equals("bees") ? Optional.of(Json.object("hive", hive, "since", since, "limit", limit)) : Optional.empty();
        }
    };

    private static byte[] seed(int number) {
        var seed = new byte[32];
        seed[0] = (byte) number;
        return seed;
    }

    private static NodeId node(byte[] seed) {
        return Ed25519.signer(seed).node();
    }

    private URI serve(ListenOptions.Security security, Optional<FeedHandler> served) throws IOException {
        var nobody = new Transport.Handler() {
            @Override public void opened(Transport.Connection connection) {}

            @Override public boolean received(Transport.Connection connection, Frame frame) {
                return true;
            }

            @Override public void closed(Transport.Connection connection, String why) {}
        };
        var transport = new WebSocketTransport(SOURCE, ListenOptions.of("127.0.0.1", 0).with(security), nobody, new FeedRoutes(() -> served)::mount);
        open.add(transport);
        return URI.create((security == ListenOptions.Security.TLS ? "https" : "http") + "://127.0.0.1:" + transport.start());
    }

    private FeedClient client(URI at, Optional<NodeId> expected) {
        var client = new FeedClient(at, READER, expected);
        open.add(client);
        return client;
    }

    @AfterEach void close() throws Exception {
        for (var each : open.reversed()) each.close();
    }

    @Test void a_page_is_asked_for_and_what_is_not_public_is_not_there() throws IOException {
        var client = client(serve(ListenOptions.Security.PLAIN_ON_LOOPBACK, Optional.of(handler)), Optional.empty());
        var answer = client.feed("bees", "", 20);
        assertThat(answer.json()).isEqualTo(Json.object("hive", "bees", "since", "", "limit", 20));
        assertThat(answer.proved()).as("a plain connection proves nobody").isEmpty();
        assertThat(client.feed("bees", "a&limit=1#?", 20).json().text("since")).isEqualTo("a&limit=1#?");
        assertThat(client.feed("bees", "", 5_000).json().integer("limit")).isEqualTo(FeedRoutes.LIMIT_MAX);
        assertThatThrownBy(() -> client.feed("secret", "", 20)).isInstanceOf(FeedClient.NotPublic.class);
    }

    @Test void a_node_that_is_starting_asks_to_come_again() throws IOException {
        var client = client(serve(ListenOptions.Security.PLAIN_ON_LOOPBACK, Optional.empty()), Optional.empty());
        assertThatThrownBy(client::hives).isInstanceOfSatisfying(FeedClient.Busy.class, busy -> assertThat(busy.seconds()).isEqualTo(1));
    }

    @Test void over_tls_the_source_proves_its_key_and_no_other_node_is_spoken_to() throws IOException {
        var at = serve(ListenOptions.Security.TLS, Optional.of(handler));
        assertThat(client(at, Optional.empty()).hives().proved()).contains(node(SOURCE));
        assertThat(client(at, Optional.of(node(SOURCE))).hives().proved()).contains(node(SOURCE));
        assertThatThrownBy(() -> client(at, Optional.of(node(READER))).hives()).hasMessage("another node answers there, or none");
    }

    @Test void an_answer_that_drips_ends_after_its_time() throws Exception {
        var stop = new CountDownLatch(1);
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 1_000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                stop.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
        server.setExecutor(task -> Thread.ofVirtual().start(task));
        server.start();
        try (var client = new FeedClient(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), READER, Optional.empty(), 300)) {
            assertThatThrownBy(client::hives).hasMessageStartingWith("it did not answer within");
        } finally {
            stop.countDown();
            server.stop(0);
        }
    }
}
