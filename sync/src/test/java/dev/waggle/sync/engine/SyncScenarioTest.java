package dev.waggle.sync.engine;

import dev.waggle.core.Property;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.EventLog;
import dev.waggle.sync.protocol.BadTicket;
import dev.waggle.sync.protocol.SyncSettings;
import dev.waggle.sync.protocol.TicketProblem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Optional;
import java.util.concurrent.CompletionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Two and three nodes, one thing at a time.
class SyncScenarioTest {
    private SimNet net;
    private SimNode a;
    private SimNode b;
    private EventLog space;

    @BeforeEach void two_nodes_and_a_space() {
        net = new SimNet(Property.random(1));
        a = new SimNode(net, SyncSettings.defaults()).start();
        b = new SimNode(net, SyncSettings.defaults()).start();
        space = a.create("tasks");
    }

    private void join(SimNode node) {
        var joined = node.sync.join(a.ticket(space, 3_600_000, Optional.empty()));
        node.turn();
        net.run(2_000);
        assertThat(joined.join()).isEqualTo(space.space());
    }

    private SpaceId id() {
        return space.space();
    }

    static void assertEqual(SimNode a, SimNode b, SpaceId space) {
        assertThat(b.log(space).state().fingerprint()).isEqualTo(a.log(space).state().fingerprint());
    }

    @Test void a_ticket_lets_a_node_in_and_everything_arrives() {
        a.write(id(), 100);
        join(b);
        net.run(5_000);
        assertEqual(a, b, id());
        assertThat(b.log(id()).state().members()).containsKeys(a.id, b.id);
        assertThat(a.status().space(id()).orElseThrow().agreeing()).isEqualTo(1);
        assertThat(a.bugs).isEmpty();
    }

    @Test void new_events_are_pushed_both_ways_at_once() {
        join(b);
        net.run(5_000);
        var fromA = a.write(id(), 1).getFirst();
        var fromB = b.write(id(), 1).getFirst();
        net.run(100);
        assertThat(b.holds(id(), fromA)).isTrue();
        assertThat(a.holds(id(), fromB)).isTrue();
    }

    @Test void ten_thousand_events_arrive_in_batches_within_the_credit() {
        for (int i = 0; i < 20; i++) a.write(id(), 500);
        join(b);
        net.run(60_000);
        assertEqual(a, b, id());
        assertThat(b.log(id()).counts().duplicate()).isZero();
        assertThat(b.bugs).isEmpty();
    }

    @Test void a_ticket_is_good_once() {
        var ticket = a.ticket(space, 3_600_000, Optional.empty());
        var c = new SimNode(net, SyncSettings.defaults()).start();
        var first = b.sync.join(ticket);
        net.run(3_000);
        var second = c.sync.join(ticket);
        net.run(3_000);
        assertThat(first.join()).isEqualTo(id());
        assertThatThrownBy(second::join).isInstanceOf(CompletionException.class).cause()
            .isInstanceOfSatisfying(BadTicket.class, bad -> assertThat(bad.problem()).isEqualTo(TicketProblem.USED));
    }
}
