package dev.waggle.lab.process;

import com.sun.net.httpserver.HttpServer;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.net.http.SyncV1Client;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What an operator has of a node: alerts, metrics, and new tokens and keys in the place of old ones.
@Timeout(300)
class OperatorTest {
    @TempDir Path folder;

    @Tag("F01") @Test void a_peer_that_lags_is_told_to_the_webhook_and_the_metrics_until_it_has_caught_up() throws Exception {
        var alerts = new LinkedBlockingQueue<Json.Obj>();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
        server.createContext("/alerts", exchange -> {
            try (exchange) {
                alerts.add(Canonical.parseObject(exchange.getRequestBody().readAllBytes()));
                exchange.sendResponseHeaders(204, -1);
            }
        });
        server.start();
        try (var a = new NodeProcess(folder.resolve("a")); var b = new NodeProcess(folder.resolve("b"))) {
            a.settings("{\"sync\": {\"heartbeat_interval\": 500, \"peer_timeout\": 3000, \"alert_lag\": 5, \"alert_webhook\": \"http://127.0.0.1:" + server.getAddress().getPort() + "/alerts\"}}").up();
            b.up();
            a.ask("hive", "create", "bees", "--as", "alice");
            b.ask("hive", "join", a.ask("invite").text("ticket"));
            b.kill();
            for (int i = 0; i < 8; i++) a.ask("hive", "post", "while b is down " + i, "--as", "alice");
            var lag = alerts.poll(60, TimeUnit.SECONDS);
            assertThat(lag).isNotNull();
            assertThat(lag.text("type")).isEqualTo("sync_lag");
            assertThat(lag.text("hive_name")).isEqualTo("bees");
            assertThat(lag.integer("lag")).isGreaterThan(5);
            assertThat(metrics(a)).contains("waggle_sync_alerts 1.0").contains("waggle_sync_alerts_raised 1.0").contains("waggle_sync_alerts_undelivered 0.0")
                .containsPattern("waggle_peer_lag\\{.*} [1-9]");
            b.up();
            var over = alerts.poll(60, TimeUnit.SECONDS);
            assertThat(over).isNotNull();
            assertThat(over.text("type")).isEqualTo("sync_lag_over");
            assertThat(metrics(a)).contains("waggle_sync_alerts 0.0").contains("waggle_sync_alerts_raised 1.0");
            NodeProcess.await("all of it is there", () -> b.ask("hive", "feed").array("data").size() == 8);
        } finally {
            server.stop(0);
        }
    }

    private static String metrics(NodeProcess node) throws Exception {
        var at = Canonical.parseObject(Files.readAllBytes(node.data().resolve("run.json"))).text("rest");
        var request = HttpRequest.newBuilder(URI.create("http://" + at + "/metrics")).header("Authorization", "Bearer " + Files.readString(node.data().resolve("token")).strip());
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @Test void rotated_tokens_open_nothing_any_more_whoever_is_known_gets_new_ones_and_is_told_of_peers() throws Exception {
        try (var a = new NodeProcess(folder.resolve("a")); var b = new NodeProcess(folder.resolve("b")); var c = new NodeProcess(folder.resolve("c"))) {
            for (var each : List.of(a, b, c)) each.settings("{\"sync\": {\"gossip\": {\"allow_loopback\": true}}}").up();
            a.ask("hive", "create", "bees", "--as", "alice");
            for (var each : List.of(b, c)) each.ask("hive", "join", a.ask("invite").text("ticket"));
            var space = new SpaceId(a.ask("hive", "show").text("id"));
            try (var client = new SyncV1Client(URI.create("http://" + a.address()), b.seed())) {
                client.handshake(Optional.of(id(a)), Optional.of(space));
                var known = List.of(id(a), id(c));
                NodeProcess.await("it is told of a itself and of c", () -> told(client).containsAll(known));
                assertThat(told(client)).doesNotContain(id(b));
                var answer = client.post("/sync/v1/heartbeat", Json.object("instance_id", id(b).hex(), "seq_by_hive", Json.object("bees", 1), "known_peers", Json.array())).json();
                var other = answer.array("known_peers").stream().map(Json::asObject).filter(peer -> peer.text("signing_key").equals(idOf(c))).findFirst().orElseThrow();
                assertThat(other.text("sync_endpoint")).isEqualTo("http://" + c.address() + "/sync/v1");
                assertThat(other.array("shared_hives")).containsExactly(Json.of("bees"));

                a.rest("POST", "/api/v1/sync/tokens/rotate", Json.object()).ok();
                assertThatThrownBy(() -> client.gossip(List.of())).isInstanceOfSatisfying(SyncV1Client.Refused.class, refused -> assertThat(refused.answer().status()).isEqualTo(401));
                client.handshake(Optional.of(id(a)), Optional.of(space));
                assertThat(told(client)).contains(id(a));
            }
            a.ask("hive", "post", "after the rotation", "--as", "alice");
            for (var each : List.of(b, c)) NodeProcess.await("all go on", () -> each.ask("hive", "feed").array("data").size() == 1);
        }
    }

    private static List<NodeId> told(SyncV1Client client) {
        try {
            return client.gossip(List.of()).stream().map(peer -> peer.signingKey()).toList();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static NodeId id(NodeProcess node) throws Exception {
        return new NodeId(node.rest("GET", "/api/v1/node", null).ok().text("node"));
    }

    private static String idOf(NodeProcess node) {
        try {
            return id(node).hex();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Tag("A08") @Test void a_rotated_key_writes_no_more_and_the_new_one_has_its_place() throws Exception {
        try (var a = new NodeProcess(folder.resolve("a")); var old = new NodeProcess(folder.resolve("old")); var fresh = new NodeProcess(folder.resolve("fresh"))) {
            for (var each : List.of(a, old, fresh)) each.up();
            a.ask("hive", "create", "bees", "--as", "alice");
            old.ask("hive", "join", a.ask("invite", "--role", "moderator").text("ticket"));
            old.ask("hive", "post", "with the old key", "--as", "bob");
            NodeProcess.await("it is there", () -> a.ask("hive", "feed").array("data").size() == 1);
            var space = a.ask("hive", "show").text("id");
            a.rest("POST", "/api/v1/spaces/" + space + "/members/" + id(old).hex() + "/rotate", Json.object("to", id(fresh).hex())).ok();
            var members = a.rest("GET", "/api/v1/spaces/" + space + "/members", null).ok().array("members").stream().map(Json::asObject).toList();
            assertThat(members).extracting(member -> member.text("node")).containsExactlyInAnyOrder(id(a).hex(), id(fresh).hex());
            assertThat(members.stream().filter(member -> member.text("node").equals(idOf(fresh))).findFirst().orElseThrow().text("role")).as("the member's place, not a new one").isEqualTo("moderator");

            fresh.ask("hive", "join", a.ask("invite").text("ticket"));
            NodeProcess.await("the new device has what the old one wrote", () -> fresh.ask("hive", "feed").array("data").size() == 1);
            fresh.ask("hive", "post", "with the new key", "--as", "bob");
            NodeProcess.await("and writes", () -> a.ask("hive", "feed").array("data").size() == 2);
            old.run("hive", "post", "with a stolen key", "--as", "mallory");
            NodeProcess.await("the old one is told", () -> old.ask("member", "list").get("removed_by").filter(Json.Str.class::isInstance).isPresent());
            assertThat(titles(a)).containsExactlyInAnyOrder("with the old key", "with the new key");
            assertThat(titles(fresh)).containsExactlyInAnyOrder("with the old key", "with the new key");
        }
    }

    private static List<String> titles(NodeProcess node) {
        return node.ask("hive", "feed").array("data").stream().map(post -> post.asObject().text("title")).toList();
    }
}
