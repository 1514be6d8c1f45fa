package dev.waggle.net.http;

import dev.waggle.core.event.Json;
import dev.waggle.net.websocket.ListenOptions;
import dev.waggle.net.websocket.WebSocketTransport;
import dev.waggle.sync.engine.Transport;
import dev.waggle.sync.protocol.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;

/// A node that stays: the limits of requests do not end its connection.
@Timeout(60)
class NodesRoutesTest {
    private final CountDownLatch gone = new CountDownLatch(1);

    private final class Echo implements NodesHandler.Guest {
        private Consumer<Json.Obj> say;

        @Override public void begin(Consumer<Json.Obj> saying, Consumer<String> hangUp) {
            say = saying;
        }

        @Override public void heard(Json.Obj message) {
            say.accept(message);
        }

        @Override public void gone() {
            gone.countDown();
        }
    }

    @Test void a_connection_outlives_the_time_that_a_request_has() throws Exception {
        var nobody = new Transport.Handler() {
            @Override public void opened(Transport.Connection connection) {}

            @Override public boolean received(Transport.Connection connection, Frame frame) {
                return true;
            }

            @Override public void closed(Transport.Connection connection, String why) {}
        };
        var limits = new ListenOptions.Limits(8, 8, 200, 200, 200, 60_000, 60_000);
        var routes = new NodesRoutes(() -> Optional.of(_ -> Optional.of(new Echo())), HttpLimits.DEFAULT);
        try (var server = new WebSocketTransport(new byte[32], ListenOptions.of("127.0.0.1", 0).with(limits), nobody, routes::mount); var http = HttpClient.newHttpClient()) {
            var answer = new CompletableFuture<String>();
            var ended = new CompletableFuture<String>();
            var node = http.newWebSocketBuilder().header("Authorization", "Bearer key").buildAsync(URI.create("ws://127.0.0.1:" + server.start() + NodesRoutes.PATH), new WebSocket.Listener() {
                @Override public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
                    answer.complete(data.toString());
                    from.request(1);
                    return null;
                }

                @Override public CompletionStage<?> onClose(WebSocket from, int status, String reason) {
                    ended.complete(reason);
                    return null;
                }

                @Override public void onError(WebSocket from, Throwable problem) {
                    ended.complete(problem.toString());
                }
            }).get(10, TimeUnit.SECONDS);
            assertThat(ended.completeOnTimeout("still there", 1_500, TimeUnit.MILLISECONDS).get()).isEqualTo("still there");
            node.sendText("{\"type\":\"x\"}", true).get(10, TimeUnit.SECONDS);
            assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("{\"type\":\"x\"}");
            node.abort();
            assertThat(gone.await(20, TimeUnit.SECONDS)).as("the handler hears of it").isTrue();
        }
    }

    @Test void a_hub_that_is_full_says_so_and_when_to_come_again() throws Exception {
        var full = new NodesHandler() {
            @Override public Optional<Guest> enter(String apiKey) {
                throw new AssertionError("nobody's key is looked at");
            }

            @Override public boolean isFull() {
                return true;
            }
        };
        var nobody = new Transport.Handler() {
            @Override public void opened(Transport.Connection connection) {}

            @Override public boolean received(Transport.Connection connection, Frame frame) {
                return true;
            }

            @Override public void closed(Transport.Connection connection, String why) {}
        };
        var routes = new NodesRoutes(() -> Optional.of(full), HttpLimits.DEFAULT);
        try (var server = new WebSocketTransport(new byte[32], ListenOptions.of("127.0.0.1", 0), nobody, routes::mount); var http = HttpClient.newHttpClient()) {
            var answer = http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.start() + NodesRoutes.PATH)).header("Authorization", "Bearer key").build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("Retry-After")).contains("60");
        }
    }
}
