package dev.waggle.node.hub;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.net.http.HttpLimits;
import dev.waggle.net.http.MapV1Routes;
import dev.waggle.net.websocket.ListenOptions;
import dev.waggle.net.websocket.WebSocketTransport;
import dev.waggle.sync.engine.Transport;
import dev.waggle.sync.protocol.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/// A hub over real sockets, and what clients, honest or not, get from it.
@Timeout(60)
class HubClientTest {
    private static final byte[] HUB_SEED = seed(9);
    private final Registry registry = new Registry("the key", new Ed25519(), new SecureRandom(), System::currentTimeMillis, 60_000);
    private final List<AutoCloseable> open = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private URI url;

    private static byte[] seed(int number) {
        var seed = new byte[32];
        Arrays.fill(seed, (byte) number);
        return seed;
    }

    private static NodeId node(byte[] seed) {
        return Ed25519.signer(seed).node();
    }

    private void hub(ListenOptions.Security security) throws Exception {
        var nobody = new Transport.Handler() {
            @Override public void opened(Transport.Connection connection) {}

            @Override public boolean received(Transport.Connection connection, Frame frame) {
                return true;
            }

            @Override public void closed(Transport.Connection connection, String why) {}
        };
        var limits = HttpLimits.DEFAULT;
        var transport = new WebSocketTransport(HUB_SEED, ListenOptions.of("127.0.0.1", 0).with(security), nobody, new MapV1Routes(registry, limits)::mount);
        open.add(transport);
        url = URI.create((security == ListenOptions.Security.TLS ? "https" : "http") + "://127.0.0.1:" + transport.start());
    }

    @AfterEach void close() throws Exception {
        for (var each : open.reversed()) each.close();
        http.close();
    }

    private LinkedBlockingQueue<List<HubClient.Found>> client(int number, String key, Optional<NodeId> pin, Set<String> hives) {
        var heard = new LinkedBlockingQueue<List<HubClient.Found>>();
        var self = new HubClient.Self("n" + number, () -> "https://198.51.100." + number + ":7117/sync/v1", () -> hives);
        open.add(new HubClient(new HubClient.Hub(url, key, pin), seed(number), self, System::currentTimeMillis, 600_000, heard::add).start());
        return heard;
    }

    private HttpResponse<String> ask(String method, String path, String token, Json.Obj body) throws Exception {
        var request = HttpRequest.newBuilder(url.resolve(path)).method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(Canonical.bytes(body)));
        if (token != null) request.header("Authorization", "Bearer " + token);
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static List<HubClient.Found> next(LinkedBlockingQueue<List<HubClient.Found>> heard) throws InterruptedException {
        return heard.poll(20, TimeUnit.SECONDS);
    }

    @Test void a_new_member_of_a_hive_is_told_of_over_the_websocket_long_before_the_next_beat() throws Exception {
        hub(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        var first = client(1, "the key", Optional.empty(), Set.of("engineering"));
        assertThat(next(first)).isEmpty();
        var second = client(2, "the key", Optional.empty(), Set.of("engineering", "a hive/with signs?"));
        var found = new HubClient.Found(node(seed(1)), "n1", List.of("198.51.100.1:7117"), List.of("engineering"), "online");
        assertThat(next(second)).containsExactly(found);
        var told = next(first);
        while (told.isEmpty()) told = next(first);
        assertThat(told).containsExactly(new HubClient.Found(node(seed(2)), "n2", List.of("198.51.100.2:7117"), List.of("engineering"), "online"));
    }

    @Test void a_hub_that_is_somebody_else_hears_nothing() throws Exception {
        hub(ListenOptions.Security.TLS);
        var wrong = client(1, "the key", Optional.of(node(seed(8))), Set.of());
        var client = (HubClient) open.getLast();
        while (client.trouble().equals("not asked yet")) TimeUnit.MILLISECONDS.sleep(5);
        assertThat(client.trouble()).isNotEmpty();
        assertThat(registry.find(node(seed(1)))).isEmpty();
        assertThat(wrong).isEmpty();
        assertThat(next(client(2, "the key", Optional.of(node(HUB_SEED)), Set.of()))).as("the right one is spoken to").isEmpty();
        assertThat(registry.find(node(seed(2)))).isPresent();
    }

    @Test void without_key_or_token_nothing_is_answered_and_a_swarm_speaks_for_itself_only() throws Exception {
        hub(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        client(1, "not the key", Optional.empty(), Set.of("engineering"));
        var refused = (HubClient) open.getLast();
        while (!refused.trouble().contains("key")) TimeUnit.MILLISECONDS.sleep(5);
        assertThat(registry.find(node(seed(1)))).isEmpty();
        next(client(2, "the key", Optional.empty(), Set.of("engineering")));
        for (var path : List.of("/api/v1/map/peers/" + node(seed(2)).hex(), "/api/v1/map/swarms/" + node(seed(2)).hex(), "/api/v1/map/events"))
            for (var token : new String[] {null, "", "00".repeat(32)}) assertThat(ask("GET", path, token, null).statusCode()).as(path).isEqualTo(401);

        var mine = Ed25519.signer(seed(3));
        var statement = Registry.statement(mine, "", System.currentTimeMillis());
        var token = Canonical.parseObject(ask("POST", "/api/v1/map/swarms", null, Json.object("id", mine.node().hex(), "name", "three", "registration_key", "the key",
            "statement", Hex.of(statement.bytes()), "signature", Hex.of(statement.signature()))).body().getBytes()).text("auth_token");
        var own = "/api/v1/map/swarms/" + mine.node().hex();
        var other = "/api/v1/map/swarms/" + node(seed(2)).hex();
        assertThat(ask("PUT", own, token, Json.object("capabilities", Json.object("hive_sync", true), "metadata", Json.object("sync_groups", Json.array(List.of())))).body()).contains("sync_groups", "three");
        for (var path : List.of(other, "/api/v1/map/swarms/" + "00".repeat(32))) {
            assertThat(ask("DELETE", path, token, null).statusCode()).isEqualTo(404);
            assertThat(ask("POST", path + "/hives", token, Json.object("hive_name", "engineering")).statusCode()).isEqualTo(404);
            assertThat(ask("POST", path + "/heartbeat", token, Json.object()).statusCode()).isEqualTo(404);
        }
        assertThat(ask("GET", "/api/v1/map/peers/" + mine.node().hex(), token, null).body()).isEqualTo("{\"peers\":[]}");
        assertThat(ask("POST", own + "/hives", token, Json.object("hive_name", "x".repeat(201))).statusCode()).isEqualTo(400);
        assertThat(ask("POST", own + "/hives", token, Json.object("hive_name", "engineering")).statusCode()).isEqualTo(200);
        assertThat(ask("GET", "/api/v1/map/peers/" + mine.node().hex(), token, null).body()).contains(node(seed(2)).hex(), "\"shared_hives\":[\"engineering\"]", "\"status\":\"online\"");
        assertThat(ask("DELETE", own + "/hives/engineering", token, null).statusCode()).isEqualTo(200);
        assertThat(ask("DELETE", own, token, null).statusCode()).isEqualTo(200);
        assertThat(ask("GET", own, token, null).statusCode()).isEqualTo(401);
    }

    @Test void names_are_looked_up_and_what_is_no_endpoint_has_no_address() {
        assertThat(HubClient.addresses("https://198.51.100.1:3000/sync/v1")).containsExactly("198.51.100.1:3000");
        assertThat(HubClient.addresses("https://[2001:db8::1]/sync/v1")).containsExactly("[2001:db8:0:0:0:0:0:1]:443");
        assertThat(HubClient.addresses("http://198.51.100.1")).containsExactly("198.51.100.1:80");
        for (var none : List.of("", "nonsense", "https://", "https://no such host/", "file:///etc/passwd")) assertThat(HubClient.addresses(none)).isEmpty();
    }
}
