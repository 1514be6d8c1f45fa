package dev.waggle.sync.engine;

import dev.waggle.core.Property;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.EventLog;
import dev.waggle.sync.protocol.SyncSettings;
import org.junit.jupiter.api.BeforeEach;

import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/// Two nodes and a space of the first.
abstract class TwoNodes {
    SimNet net;
    SimNode a;
    SimNode b;
    EventLog space;

    @BeforeEach void two_nodes_and_a_space() {
        net = new SimNet(Property.random(1));
        a = node();
        b = node();
        space = a.create("tasks");
    }

    SimNode node() {
        return new SimNode(net, SyncSettings.defaults()).start();
    }

    void join(SimNode node) {
        var joined = node.join(a.ticket(space, 3_600_000, Optional.empty()));
        net.run(2_000);
        assertThat(joined).isCompletedWithValue(id());
    }

    void joined(SimNode node) {
        join(node);
        net.run(5_000);
        assertEqual(a, node);
    }

    SpaceId id() {
        return space.space();
    }

    void assertEqual(SimNode one, SimNode other) {
        assertThat(other.log(id()).state().fingerprint()).isEqualTo(one.log(id()).state().fingerprint());
        for (var node : net.nodes) assertThat(node.bugs).isEmpty();
    }
}
