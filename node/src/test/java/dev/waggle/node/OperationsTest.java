package dev.waggle.node;

import com.sun.net.httpserver.HttpServer;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Admission;
import dev.waggle.node.problem.Problem;
import dev.waggle.sync.protocol.GossipSettings;
import dev.waggle.sync.protocol.Notice;
import dev.waggle.sync.protocol.PeerSource;
import dev.waggle.sync.protocol.SyncStatus;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Limits, alerts and options of an operator.
class OperationsTest {
    private static final NodeId ANNA = new NodeId("a1".repeat(32));
    private static final NodeId BERT = new NodeId("b2".repeat(32));
    private static final SpaceId SPACE = new SpaceId("5a".repeat(32));

    private static SyncOptions options(String sync) {
        return SyncOptions.read(AnyJson.object(("{\"sync\":" + sync + "}").getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Alerts.Lag> lag(long anna, long bert) {
        return List.of(new Alerts.Lag(ANNA, SPACE, "engineering", anna), new Alerts.Lag(BERT, SPACE, "engineering", bert));
    }

    @Test void a_lag_is_told_once_until_it_is_over_and_then_again() {
        var told = new ArrayList<String>();
        var alerts = new Alerts(100, alert -> told.add(alert.text("type") + " " + alert.text("peer").substring(0, 2) + " " + alert.integer("lag")));
        alerts.look(lag(100, 0));
        assertThat(told).as("at the limit is no alert").isEmpty();
        alerts.look(lag(101, 0));
        alerts.look(lag(5_000, 200));
        alerts.look(lag(60, 200));
        assertThat(told).containsExactly("sync_lag a1 101", "sync_lag b2 200");
        assertThat(alerts.numbers()).isEqualTo(new Alerts.Numbers(2, 2, 0));
        alerts.look(lag(50, 200));
        alerts.look(lag(101, 200));
        assertThat(told.subList(2, 4)).containsExactly("sync_lag_over a1 50", "sync_lag a1 101");
        alerts.look(List.of());
        assertThat(alerts.numbers().standing()).as("who is gone lags no more").isZero();
        var off = new Alerts(0, alert -> told.add("never"));
        off.look(lag(1_000_000, 1_000_000));
        assertThat(told).doesNotContain("never");
    }

    @Tag("F02") @Test void a_peer_that_failed_ten_times_is_told_once_and_again_when_it_is_reached() {
        var told = new ArrayList<String>();
        var alerts = new Alerts(0, alert -> told.add(alert.text("type") + " " + alert.text("peer").substring(0, 2) + " " + alert.integer("failures")));
        alerts.lookAtPeers(reach(9, false));
        assertThat(told).isEmpty();
        alerts.lookAtPeers(reach(10, false));
        alerts.lookAtPeers(reach(11, false));
        assertThat(told).containsExactly("peer_error a1 10");
        assertThat(alerts.numbers()).isEqualTo(new Alerts.Numbers(1, 1, 0));
        alerts.lookAtPeers(reach(0, true));
        assertThat(told).containsExactly("peer_error a1 10", "peer_error_over a1 0");
        assertThat(alerts.numbers().standing()).isZero();
        alerts.lookAtPeers(reach(12, false));
        alerts.lookAtPeers(List.of());
        assertThat(alerts.numbers().standing()).as("who is gone is no error").isZero();
    }

    private static List<Alerts.Reach> reach(int failures, boolean connected) {
        var peer = new SyncStatus.PeerStatus(ANNA, "Anna", PeerSource.MANUAL, connected ? SyncStatus.PeerState.CONNECTED : SyncStatus.PeerState.WAITING, "", failures, 0, "", Optional.empty(), List.of());
        return List.of(new Alerts.Reach(peer.node(), peer.name(), PeerHealth.isError(peer), peer.failures(), peer.lastError()));
    }

    @Test void an_alert_is_posted_to_the_webhook_and_one_that_is_not_taken_is_counted() throws Exception {
        var heard = new LinkedBlockingQueue<String>();
        var status = new AtomicInteger(204);
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4);
        server.createContext("/alerts", exchange -> {
            try (exchange) {
                heard.add(exchange.getRequestMethod() + " " + exchange.getRequestHeaders().getFirst("Content-Type") + " " + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                exchange.getResponseHeaders().set("Location", "/elsewhere");
                exchange.sendResponseHeaders(status.get(), -1);
            }
        });
        server.start();
        var options = options("{\"alert_lag\":100,\"alert_webhook\":\"http://127.0.0.1:" + server.getAddress().getPort() + "/alerts\"}");
        try (var alerts = new Alerts(options)) {
            alerts.look(lag(101, 0));
            var first = heard.poll(30, TimeUnit.SECONDS);
            assertThat(first).startsWith("POST application/json ");
            var said = Canonical.parseObject(first.substring("POST application/json ".length()).getBytes(StandardCharsets.UTF_8));
            assertThat(said).isEqualTo(Json.object("type", "sync_lag", "peer", ANNA.hex(), "space", SPACE.hex(), "hive_name", "engineering", "lag", 101, "limit", 100));
            for (int bad : List.of(500, 302)) {
                status.set(bad);
                long before = alerts.numbers().undelivered();
                alerts.look(lag(bad == 500 ? 0 : 101, 0));
                assertThat(heard.poll(30, TimeUnit.SECONDS)).isNotNull();
                for (var until = System.nanoTime() + 30_000_000_000L; alerts.numbers().undelivered() == before && System.nanoTime() < until; ) Thread.onSpinWait();
                assertThat(alerts.numbers().undelivered()).as("answered with " + bad).isEqualTo(before + 1);
            }
            assertThat(heard).as("no redirect was followed").isEmpty();
        } finally {
            server.stop(0);
        }
    }

    @Tag("F03") @Test void an_event_with_a_bad_signature_is_logged_once_a_minute_for_its_peer_and_shown() {
        var lines = new ArrayList<String>();
        var logger = Logger.getLogger("waggle.peers");
        var handler = new Handler() {
            @Override public void publish(LogRecord line) {
                lines.add(line.getLevel() + " " + line.getMessage());
            }

            @Override public void flush() {}

            @Override public void close() {}
        };
        logger.addHandler(handler);
        try {
            var news = new PeerNews(null, null, () -> SyncStatus.NOTHING);
            for (int i = 0; i < 100; i++) news.told(new Notice.Rejected(ANNA, SPACE, new EventId("ef".repeat(32)), Admission.Reason.BAD_SIGNATURE));
            news.rejected(BERT, new EventId("ef".repeat(32)), Admission.Reason.BAD_SIGNATURE);
            assertThat(lines).hasSize(2).allMatch(line -> line.startsWith("WARNING") && line.contains("efefefef") && line.contains(Admission.Reason.BAD_SIGNATURE.sentence()));
            assertThat(news.remark(ANNA)).hasValueSatisfying(remark -> assertThat(remark).contains("rejected"));
        } finally {
            logger.removeHandler(handler);
        }
    }

    @Test void a_peer_pushes_so_many_events_a_second_and_ten_times_as_many_at_once() {
        var nanos = new AtomicLong();
        var rates = new PushRates(() -> 100, nanos::get);
        assertThat(rates.take(ANNA, 500)).isZero();
        assertThat(rates.take(ANNA, 500)).isZero();
        assertThat(rates.take(ANNA, 100)).isEqualTo(1);
        assertThat(rates.take(ANNA, 101)).isEqualTo(2);
        assertThat(rates.take(BERT, 1_000)).as("another peer has its own").isZero();
        nanos.addAndGet(1_000_000_000L);
        assertThat(rates.take(ANNA, 100)).isZero();
        assertThat(rates.take(ANNA, 1)).isEqualTo(1);
        nanos.addAndGet(60_000_000_000L);
        assertThat(rates.take(ANNA, 5_000)).as("more than can be saved up passes when all is").isZero();
        assertThat(rates.take(ANNA, 1)).as("and is paid for").isEqualTo(41);
    }

    @Test void a_range_of_addresses_has_those_whose_first_bits_are_its_own() throws Exception {
        var mesh = AddressRange.parse("100.64.0.0/10");
        for (var inside : List.of("100.64.0.0", "100.100.1.1", "100.127.255.255")) assertThat(mesh.contains(InetAddress.getByName(inside).getAddress())).as(inside).isTrue();
        for (var outside : List.of("100.63.255.255", "100.128.0.0", "10.64.0.1", "::1")) assertThat(mesh.contains(InetAddress.getByName(outside).getAddress())).as(outside).isFalse();
        assertThat(AddressRange.parse("0.0.0.0/0").contains(new byte[] {1, 2, 3, 4})).isTrue();
        assertThat(AddressRange.parse("fd00::/8").contains(InetAddress.getByName("fd12::1").getAddress())).isTrue();
        assertThat(AddressRange.parse("192.0.2.7").contains(new byte[] {(byte) 192, 0, 2, 7})).isTrue();
        for (var bad : List.of("", "example.org/8", "10.0.0.0/33", "10.0.0.0/x", "10.0.0/8", "/8")) assertThatThrownBy(() -> AddressRange.parse(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
    }

    @Test void every_option_is_read_and_what_is_wrong_is_named() {
        var defaults = options("{}");
        assertThat(defaults.engine().heartbeatMs()).isEqualTo(30_000);
        assertThat(defaults.engine().unreachableMs()).isEqualTo(300_000);
        assertThat(defaults.engine().gossip()).isEqualTo(new GossipSettings(true, 2, 1, 60_000, 50, 300_000, 3, false, false, 10, 3));
        assertThat(defaults.pushRate()).isEqualTo(100);
        var all = options("""
            {"discovery":"hub","heartbeat_interval":1000,"peer_timeout":2000,"hub_stale_timeout":3000,"alert_lag":7,"alert_webhook":"https://198.51.100.1/x","push_rate":5,
             "allowed_ranges":["10.0.0.0/8"],"hubs":[{"url":"https://198.51.100.1:7117/","token":"t","signing_key":"%s"}],
             "peers":[{"name":"B","sync_endpoint":"https://198.51.100.2:7117/sync/v1","shared_hives":["engineering"],"signing_key":"%s"}],
             "gossip":{"enabled":false,"default_ttl":1,"hub_peer_ttl":0,"exchange_interval":500,"max_gossip_peers":9,"stale_timeout":600,"max_failures":2,"allow_private":true,
                       "allow_loopback":true,"dials_per_minute":4,"dials_at_once":1}}""".formatted(ANNA.hex(), BERT.hex()));
        assertThat(all.engine().gossip()).isEqualTo(new GossipSettings(false, 1, 0, 500, 9, 600, 2, true, true, 4, 1));
        assertThat(all.hubs().getFirst().url()).isEqualTo("https://198.51.100.1:7117");
        assertThat(all.hubs().getFirst().node()).contains(ANNA);
        assertThat(all.peers().getFirst().node()).contains(BERT);
        assertThat(all.ranges()).hasSize(1);
        assertThat(all.alone().hubs()).isEmpty();
        for (var bad : List.of("{\"gossips\":{}}", "{\"gossip\":{\"ttl\":1}}", "{\"gossip\":{\"default_ttl\":3}}", "{\"gossip\":{\"max_gossip_peers\":51}}", "{\"gossip\":{\"enabled\":1}}",
            "{\"discovery\":\"dns\"}", "{\"peers\":[{\"name\":\"x\"}]}", "{\"hubs\":[{\"token\":\"t\",\"url\":\"file:///etc\"}]}", "{\"allowed_ranges\":[\"x\"]}", "{\"alert_lag\":-1}",
            "{\"heartbeat_interval\":1}", "{\"gossip\":{\"stale_timeout\":100,\"exchange_interval\":200}}"))
            assertThatThrownBy(() -> options(bad)).as(bad).isInstanceOf(Problem.class).hasMessageContaining("settings.json");
    }
}
