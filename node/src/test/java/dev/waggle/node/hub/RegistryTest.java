package dev.waggle.node.hub;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.Signer;
import dev.waggle.net.http.MapV1Handler;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

class RegistryTest {
    private static final Signer ANNA = signer(1), BERT = signer(2), CARL = signer(3);
    private long nowMs = 1_700_000_000_000L;
    private final Registry registry = new Registry("key", new Ed25519(), new Random(1), () -> nowMs, 1_000);

    private static Signer signer(int number) {
        var seed = new byte[32];
        Arrays.fill(seed, (byte) number);
        return Ed25519.signer(seed);
    }

    private static MapV1Handler.Swarm swarm(Signer node) {
        return new MapV1Handler.Swarm(node.node(), "n", "", "websocket", "token", 0, Json.object("hive_sync", true), Json.object(), "https://198.51.100.1:7117/sync/v1");
    }

    private Optional<String> register(Signer node, String key) {
        var statement = Registry.statement(node, swarm(node).syncEndpoint(), nowMs);
        return registry.register(key, swarm(node), statement.bytes(), statement.signature());
    }

    @Test void whoever_has_the_key_and_signs_for_itself_is_registered_and_nobody_else() {
        assertThat(register(ANNA, "wrong")).isEmpty();
        var statement = Registry.statement(BERT, swarm(ANNA).syncEndpoint(), nowMs);
        assertThat(registry.register("key", swarm(ANNA), statement.bytes(), statement.signature())).as("signed by another").isEmpty();
        var elsewhere = Registry.statement(ANNA, "https://198.51.100.2:7117/sync/v1", nowMs);
        assertThat(registry.register("key", swarm(ANNA), elsewhere.bytes(), elsewhere.signature())).as("another endpoint").isEmpty();
        var old = Registry.statement(ANNA, swarm(ANNA).syncEndpoint(), nowMs - 300_001);
        assertThat(registry.register("key", swarm(ANNA), old.bytes(), old.signature())).as("an old statement").isEmpty();
        var token = register(ANNA, "key").orElseThrow();
        assertThat(registry.swarm(token)).contains(ANNA.node());
        assertThat(registry.swarm(token.replace(token.charAt(0), 'x'))).isEmpty();
        assertThat(register(ANNA, "key")).as("the same statement again is a replay").isEmpty();
        nowMs++;
        var fresh = register(ANNA, "key").orElseThrow();
        assertThat(registry.swarm(token)).as("the old token is worth nothing").isEmpty();
        assertThat(registry.swarm(fresh)).contains(ANNA.node());
    }

    @Test void peers_are_those_in_a_shared_hive_and_they_are_told_of_each_other() {
        for (var each : List.of(ANNA, BERT, CARL)) register(each, "key");
        var heard = new ArrayList<Json.Obj>();
        registry.join(ANNA.node(), "engineering");
        registry.join(ANNA.node(), "ml");
        var stop = registry.listen(ANNA.node(), heard::add);
        registry.join(CARL.node(), "elsewhere");
        assertThat(heard).isEmpty();
        registry.join(BERT.node(), "engineering");
        registry.join(BERT.node(), "engineering");
        assertThat(heard).hasSize(1);
        assertThat(heard.getFirst().text("type")).isEqualTo("swarm_joined_hive");
        assertThat(heard.getFirst().text("swarm_id")).isEqualTo(BERT.node().hex());
        assertThat(heard.getFirst().text("hive_name")).isEqualTo("engineering");
        assertThat(registry.peers(ANNA.node())).containsExactly(new MapV1Handler.Peer(swarm(BERT), "online", List.of("engineering")));
        assertThat(registry.peers(CARL.node())).isEmpty();
        registry.leave(BERT.node(), "engineering");
        assertThat(registry.peers(ANNA.node())).isEmpty();
        assertThat(heard.getLast().text("type")).isEqualTo("swarm_left_hive");
        stop.run();
        registry.join(BERT.node(), "engineering");
        assertThat(heard).hasSize(2);
    }

    @Test void who_sends_no_heartbeat_is_offline_until_it_does() {
        for (var each : List.of(ANNA, BERT)) {
            register(each, "key");
            registry.join(each.node(), "engineering");
        }
        var heard = new ArrayList<String>();
        registry.listen(ANNA.node(), event -> heard.add(event.text("type")));
        nowMs += 999;
        registry.heartbeat(ANNA.node());
        registry.markStale();
        assertThat(registry.peers(ANNA.node()).getFirst().status()).isEqualTo("online");
        nowMs++;
        registry.markStale();
        assertThat(registry.peers(ANNA.node()).getFirst().status()).isEqualTo("offline");
        assertThat(registry.peers(BERT.node()).getFirst().status()).isEqualTo("online");
        registry.heartbeat(BERT.node());
        assertThat(registry.peers(ANNA.node()).getFirst().status()).isEqualTo("online");
        assertThat(heard).containsExactly("swarm_offline", "swarm_online");
    }

    @Test void a_listener_whose_connection_is_being_closed_keeps_nobody_from_being_told() {
        for (var each : List.of(ANNA, BERT)) {
            register(each, "key");
            registry.join(each.node(), "engineering");
        }
        var heard = new ArrayList<String>();
        registry.listen(ANNA.node(), _ -> {
            throw new IllegalStateException("WebSocket is closed");
        });
        registry.listen(ANNA.node(), event -> heard.add(event.text("type")));
        nowMs += 999;
        registry.heartbeat(ANNA.node());
        nowMs++;
        registry.markStale();
        registry.heartbeat(BERT.node());
        assertThat(heard).containsExactly("swarm_offline", "swarm_online");
    }

    @Test void a_swarm_takes_part_in_so_many_hives_and_is_gone_when_it_says_so() {
        var token = register(ANNA, "key").orElseThrow();
        for (int i = 0; i < Registry.HIVES_MAX; i++) assertThat(registry.join(ANNA.node(), "h" + i)).isTrue();
        assertThat(registry.join(ANNA.node(), "one more")).isFalse();
        assertThat(registry.join(ANNA.node(), "h0")).as("it is in that one").isTrue();
        registry.remove(ANNA.node());
        assertThat(registry.swarm(token)).isEmpty();
        assertThat(registry.find(ANNA.node())).isEmpty();
        assertThat(registry.join(ANNA.node(), "h0")).isFalse();
    }
}
