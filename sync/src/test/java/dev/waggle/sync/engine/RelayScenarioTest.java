package dev.waggle.sync.engine;

import dev.waggle.sync.protocol.Frame;
import dev.waggle.core.event.EventId;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// Five nodes, everybody linked with everybody: each event has to be sent four times, and could be sent sixteen times more.
class RelayScenarioTest extends TwoNodes {
    private static final int WRITES = 60;

    private List<SimNode> mesh() {
        return mesh(5);
    }

    private List<SimNode> mesh(int count) {
        var nodes = new ArrayList<>(List.of(a, b));
        while (nodes.size() < count) nodes.add(node());
        for (var each : nodes.subList(1, count)) join(each);
        for (var from : nodes) for (var to : nodes.subList(from.index + 1, count)) from.sync.addPeer(to.id, "", List.of(to.address));
        net.run(20_000);
        for (var node : nodes) assertThat(node.status().peers()).as("%s", node).hasSize(count - 1);
        return nodes;
    }

    /// @param events      copies of events, for each that was written
    /// @param comparisons hashes, for each event
    private record Cost(double events, double comparisons) {}

    private Cost cost(int writers, long everyMs) {
        return cost(mesh(), writers, everyMs, WRITES);
    }

    private Cost cost(List<SimNode> nodes, int writers, long everyMs, int writes) {
        var copies = new long[1];
        var hashes = new long[1];
        for (int i = -writes / 3; i < writes; i++) {
            if (i == 0) net.watchers.add((_, _, frame) -> {
                if (frame instanceof Frame.Events(var _, var events, var _)) copies[0] += events.size();
                if (frame instanceof Frame.Have) hashes[0]++;
            });
            nodes.get(Math.floorMod(i, writers)).write(id(), 1);
            net.run(everyMs);
        }
        net.run(5_000 + 4L * net.latencyMsMax);
        for (var node : nodes) assertEqual(a, node);
        return new Cost((double) copies[0] / writes, (double) hashes[0] / writes);
    }

    @Test void what_one_writes_is_sent_to_each_of_the_others_once() {
        var cost = cost(1, 500);
        assertThat(cost.events()).isBetween(4.0, 4.5);
        assertThat(cost.comparisons()).isLessThan(8);
    }

    @Test void what_all_write_now_and_then_is_sent_once_and_compared_as_often_as_without() {
        var cost = cost(5, 3_000);
        assertThat(cost.events()).isBetween(4.0, 4.5);
        assertThat(cost.comparisons()).as("ten pairs, each once, both ways").isLessThan(22);
    }

    @Test void what_all_write_all_the_time_is_sent_once_too() {
        var cost = cost(5, 500);
        assertThat(cost.events()).as("of 16").isBetween(4.0, 4.6);
        assertThat(cost.comparisons()).isLessThan(12);
    }

    @Test void what_all_write_fifty_times_a_second_is_sent_once_too() {
        var cost = cost(5, 20);
        assertThat(cost.events()).as("of 16").isBetween(4.0, 4.6);
        assertThat(cost.comparisons()).isLessThan(2);
    }

    /// As nine processes on two cores: what is on the way is older than a quiet time, so that what the author has not brought yet is lacking wherever one looks.
    @Test void what_all_write_where_everything_is_slow_is_hardly_sent_twice() {
        var nodes = mesh(9);
        net.latencyMsMax = 1_000;
        for (var node : nodes) node.workMsMax = 200;
        var cost = cost(nodes, 9, 10, 4_000);
        assertThat(cost.events()).as("of 64").isBetween(8.0, 10.0);
    }

    /// Most of what the link between them and the rest brings is news; most of what the links among the rest bring is not.
    @Test void what_comes_over_one_link_alone_is_passed_on_soon_however_much_else_does_not_have_to_be() {
        var nodes = mesh(5);
        var far = node();
        join(far);
        for (var other : nodes.subList(1, 5)) net.cut(far, other);
        far.sync.addPeer(a.id, "", List.of(a.address));
        net.run(10_000);
        long waited = 0;
        int written = 0;
        var open = new ArrayList<EventId>();
        for (int i = 0; i < 3_000; i++) {
            var event = (i % 6 == 5 ? far : nodes.get(i % 6)).write(id(), 1).getFirst();
            if (i % 6 == 5) {
                open.add(event);
                written++;
            }
            net.run(20);
            open.removeIf(each -> nodes.get(4).log(id()).find(each).isPresent());
            waited += 20L * open.size();
        }
        assertThat(waited / written).as("ms, at the mean").isLessThan(500);
    }

    @Test void what_waits_for_something_that_is_held_back_opens_the_link_at_once() {
        var nodes = mesh();
        for (int i = 0; i < 50; i++) {
            nodes.get(i % 5).write(id(), 1);
            net.run(500);
        }
        var far = nodes.get(4);
        net.swallow(a, far);
        var first = a.write(id(), 1).getFirst();
        net.run(100);
        assertThat(far.log(id()).find(first)).as("its other links hold it back").isEmpty();
        var second = b.write(id(), 1).getFirst();                      // names the first as its parent
        net.run(300);
        assertThat(far.log(id()).find(first)).isPresent();
        assertThat(far.log(id()).find(second)).isPresent();
    }

    @Test void what_a_lost_link_brought_comes_over_another_a_moment_later_and_then_at_once() {
        var nodes = mesh();
        for (int i = 0; i < 20; i++) {
            a.write(id(), 1);
            net.run(500);
        }
        var far = nodes.get(4);
        net.swallow(a, far);
        var first = a.write(id(), 1).getFirst();
        net.run(1_500);
        assertThat(far.log(id()).find(first)).as("after a quiet time").isPresent();
        int atOnce = 0;
        for (int i = 0; i < 10; i++) {
            var next = a.write(id(), 1).getFirst();
            net.run(300);
            if (far.log(id()).find(next).isPresent()) atOnce++;
        }
        assertThat(atOnce).isGreaterThanOrEqualTo(9);
    }

    /// Everybody has to pass everything on where nodes are linked as a line.
    @Test void in_a_line_nothing_is_held_back() {
        joined(b);
        var end = node();
        join(end);
        net.swallow(a, end);
        end.sync.addPeer(b.id, "", List.of(b.address));
        net.run(5_000);
        for (int i = 0; i < 20; i++) {
            var next = a.write(id(), 1).getFirst();
            net.run(400);
            assertThat(end.log(id()).find(next)).isPresent();
        }
    }
}
