package dev.waggle.node.rest;

import dev.waggle.core.log.Counts;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.node.Node;
import dev.waggle.node.Peers;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.store.node.Subscription;
import dev.waggle.store.node.SubscriptionStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/// What Prometheus is told. Read from the node's state when it asks, so that counting costs nothing while nobody looks.
final class Metrics implements AutoCloseable {
    private static final Map<String, ToDoubleFunction<Counts>> CLASSES = new LinkedHashMap<>();

    static {
        CLASSES.put("received", Counts::received);
        CLASSES.put("accepted", Counts::accepted);
        CLASSES.put("void", Counts::voided);
        CLASSES.put("duplicate", Counts::duplicate);
        CLASSES.put("waiting", Counts::waiting);
        CLASSES.put("held", Counts::held);
        CLASSES.put("quarantined", Counts::quarantined);
        CLASSES.put("rejected", Counts::rejected);
        CLASSES.put("pushed_back", Counts::pushedBack);
    }

    private final Node node;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collector = new JvmGcMetrics();
    private final Map<String, MultiGauge> perSpace = new LinkedHashMap<>();
    private final MultiGauge events = MultiGauge.builder("waggle.log.events").description("Every event ever offered to the log, by what became of it").register(registry);

    private final MultiGauge lag = MultiGauge.builder("waggle.peer.lag").description("Events of this log that a peer is not known to have").register(registry);
    private final MultiGauge subscriptions = MultiGauge.builder("waggle.subscriptions").description("Mirrors of public hives, by how they are").register(registry);
    private final MultiGauge gossip = MultiGauge.builder("waggle.gossip.refused").description("Records of peers that were not believed, and why").register(registry);

    Metrics(Node node) {
        this.node = node;
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        collector.bindTo(registry);
        Gauge.builder("waggle.ready", node, each -> each.reasons().isEmpty() ? 1 : 0).description("1 while the node makes progress").register(registry);
        Gauge.builder("waggle.start.seconds", node, each -> each.startedMs() / 1_000.0).description("When the node was started").register(registry);
        Gauge.builder("waggle.peers", node, each -> each.peers().list().size()).description("Peers that this node knows").register(registry);
        Gauge.builder("waggle.peers.connected", node, each -> each.peers().list().stream().filter(peer -> peer.state() == Peers.State.CONNECTED).count())
            .description("Peers with an open connection").register(registry);
        Gauge.builder("waggle.sync.alerts", node, each -> each.peers().alerts().standing()).description("Peers and spaces that are further behind than the limit").register(registry);
        Gauge.builder("waggle.sync.alerts.raised", node, each -> each.peers().alerts().raised()).description("Lag alerts since the start").register(registry);
        Gauge.builder("waggle.sync.alerts.undelivered", node, each -> each.peers().alerts().undelivered()).description("Alerts that the webhook did not take").register(registry);
        Gauge.builder("waggle.gossip.records", node, each -> each.peers().status().gossip().records()).description("Signed records of where peers are").register(registry);
        Gauge.builder("waggle.gossip.learnt", node, each -> each.peers().status().gossip().learnt()).description("Peers known from others alone").register(registry);
        for (var name : List.of("log.offset", "applied.offset", "queue.rows", "conflicts", "members", "forks"))
            perSpace.put(name, MultiGauge.builder("waggle." + name).register(registry));
    }

    byte[] text() {
        var spaces = node.spaces();
        rows("log.offset", spaces, space -> space.log().state().lastOffset());
        rows("members", spaces, space -> space.log().state().members().size());
        rows("forks", spaces, space -> space.log().state().forks());
        rows("applied.offset", spaces, space -> space.follower().map(follower -> follower.status().appliedOffset()).orElse(0L));
        rows("queue.rows", spaces, space -> space.follower().map(follower -> follower.status().queueDepth()).orElse(0L));
        rows("conflicts", spaces, space -> space.follower().map(follower -> follower.status().conflicts()).orElse(0));
        var lags = new ArrayList<MultiGauge.Row<?>>();
        for (var peer : node.peers().status().peers())
            for (var share : peer.spaces()) lags.add(MultiGauge.Row.of(Tags.of("peer", peer.node().hex(), "space", share.space().hex()), share.lagEvents()));
        lag.register(lags, true);
        subscriptions();
        var refusals = new ArrayList<MultiGauge.Row<?>>();
        node.peers().status().gossip().refused().forEach((why, count) -> refusals.add(MultiGauge.Row.of(Tags.of("why", why.name().toLowerCase(java.util.Locale.ROOT)), count)));
        gossip.register(refusals, true);
        var classes = new ArrayList<MultiGauge.Row<?>>();
        for (var space : spaces) {
            var counts = space.log().counts();
            CLASSES.forEach((name, count) -> classes.add(MultiGauge.Row.of(Tags.of("space", space.id().hex(), "class", name), count.applyAsDouble(counts))));
        }
        events.register(classes, true);
        return registry.scrape().getBytes(StandardCharsets.UTF_8);
    }

    /// While the disk is in trouble they stay as they were last seen.
    private void subscriptions() {
        try {
            var all = new SubscriptionStore(node.store()).list();
            subscriptions.register(Stream.of(Subscription.Status.values()).<MultiGauge.Row<?>>map(status -> MultiGauge.Row.of(Tags.of("status", status.wire()),
                all.stream().filter(each -> each.status() == status).count())).toList(), true);
        } catch (LogUnavailable e) {
            System.getLogger("waggle.rest").log(System.Logger.Level.DEBUG, "metrics without subscriptions", e);
        }
    }

    private void rows(String name, List<SpaceRuntime> spaces, ToDoubleFunction<SpaceRuntime> value) {
        perSpace.get(name).register(spaces.stream().<MultiGauge.Row<?>>map(space -> MultiGauge.Row.of(Tags.of("space", space.id().hex()), value.applyAsDouble(space))).toList(), true);
    }

    @Override public void close() {
        collector.close();
        registry.close();
    }
}
