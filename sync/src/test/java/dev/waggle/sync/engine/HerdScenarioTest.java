package dev.waggle.sync.engine;

import dev.waggle.core.Property;
import dev.waggle.core.event.EventId;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.SyncSettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/// Two hundred nodes that know a hub alone, and come back to it at once.
class HerdScenarioTest {
    private static final int HERD = 200;
    private static final int BATCH_EVENTS = 10;
    private static final int MISSED = 100;
    private static final SyncSettings SETTINGS = SyncSettings.defaults().with(SyncSettings.defaults().gossip().off()).withBatches(SyncSettings.defaults().creditBatches(), BATCH_EVENTS, 64 * 1024);
    private final SimNet net = new SimNet(Property.random(1));

    /// What went from the hub to one node.
    private static final class Served {
        private final Map<EventId, Integer> times = new HashMap<>();
        private int unacknowledged;
        private int unacknowledgedMax;
    }

    @Tag("N09") @Test void a_herd_that_comes_back_is_served_within_bounds_each_event_once() {
        var hub = new SimNode(net, SETTINGS).start();
        var space = hub.create("tasks");
        var herd = new ArrayList<SimNode>();
        for (int i = 0; i < HERD; i++) {
            var node = new SimNode(net, SETTINGS).start();
            herd.add(node);
            node.join(hub.ticket(space, 3_600_000, Optional.empty()));
            net.run(50);
        }
        net.run(20_000);
        for (var node : herd) assertEqual(hub, node);

        // The hub's machine dies; the hub that comes up in its place has what was written there last, and the herd has written, too.
        hub.crash();
        net.run(120_000);
        var missed = new HashSet<EventId>();
        for (int i = 0; i < MISSED; i++) missed.addAll(hub.write(space.space(), 1));
        var own = new ArrayList<EventId>();
        for (var node : herd.subList(0, HERD / 10)) own.addAll(node.write(space.space(), 1));
        var served = new HashMap<SimNode, Served>();
        var opened = new HashMap<Long, Integer>();
        net.watchers.add((from, to, frame) -> {
            if (from == hub) sent(served.computeIfAbsent(to, _ -> new Served()), frame);
            else if (to == hub && frame instanceof Frame.Ack && served.containsKey(from)) served.get(from).unacknowledged = Math.max(0, served.get(from).unacknowledged - 1);
            if (from == hub && frame instanceof Frame.Hello) opened.merge(net.nowMs() / 1_000, 1, Integer::sum);
        });
        hub.start();
        net.run(150_000);

        for (var node : herd) {
            assertEqual(hub, node);
            assertThat(node.bugs).isEmpty();
            var got = served.get(node);
            assertThat(got.unacknowledgedMax).as("batches on the way to %s", node).isBetween(1, SETTINGS.creditBatches());
            assertThat(got.times.keySet()).as("%s", node).containsAll(missed);
            assertThat(missed).as("none twice to %s", node).allMatch(event -> got.times.get(event) == 1);
        }
        assertThat(own).allMatch(event -> hub.log(space.space()).find(event).isPresent());
        assertThat(opened.values()).as("they do not all come in the same second: %s", opened).allMatch(each -> each < HERD / 4);
        assertThat(hub.bugs).isEmpty();
    }

    private static void sent(Served to, Frame frame) {
        if (!(frame instanceof Frame.Events(var _, var events, var _))) return;
        events.forEach(event -> to.times.merge(event.id(), 1, Integer::sum));
        to.unacknowledgedMax = Math.max(to.unacknowledgedMax, ++to.unacknowledged);
    }

    private static void assertEqual(SimNode hub, SimNode node) {
        for (var log : hub.logs.values()) assertThat(node.log(log.space()).state().fingerprint()).as("%s", node).isEqualTo(log.state().fingerprint());
    }
}
