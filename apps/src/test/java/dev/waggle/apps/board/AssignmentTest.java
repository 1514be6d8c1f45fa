package dev.waggle.apps.board;

import dev.waggle.apps.board.Assignment.Candidate;
import dev.waggle.core.event.NodeId;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/// Whom an assignment without a name comes to.
class AssignmentTest {
    private static final NodeId A = node('a');
    private static final NodeId B = node('b');
    private static final NodeId C = node('c');

    private static NodeId node(char digit) {
        return new NodeId(String.valueOf(digit).repeat(64));
    }

    private static Candidate ready(NodeId node, int load) {
        return new Candidate(node, true, true, true, load);
    }

    @Test void the_node_with_the_least_to_do_gets_it() {
        assertThat(Assignment.choose(List.of(ready(A, 2), ready(B, 1), ready(C, 3)))).contains(B);
    }

    @Test void equal_loads_are_told_apart_by_id_whatever_the_order() {
        assertThat(Assignment.choose(List.of(ready(C, 1), ready(A, 1), ready(B, 1)))).contains(A);
        assertThat(Assignment.choose(List.of(ready(B, 1), ready(C, 1), ready(A, 1)))).contains(A);
    }

    @Test void who_cannot_be_reached_or_carries_nothing_out_or_may_not_write_gets_nothing_however_idle() {
        var busy = ready(C, 99);
        assertThat(Assignment.choose(List.of(new Candidate(A, true, true, false, 0), busy))).contains(C);
        assertThat(Assignment.choose(List.of(new Candidate(A, true, false, true, 0), busy))).contains(C);
        assertThat(Assignment.choose(List.of(new Candidate(A, false, true, true, 0), busy))).contains(C);
        assertThat(Assignment.choose(List.of(new Candidate(A, false, true, true, 0), new Candidate(B, true, true, false, 0)))).isEmpty();
        assertThat(Assignment.choose(List.of())).isEmpty();
    }

    /// What one has been given counts at once, before it claims anything: else many tasks in a row would come to one node.
    @Test void many_in_a_row_are_spread_evenly() {
        var load = new TreeMap<NodeId, Integer>();
        for (var node : List.of(A, B, C)) load.put(node, 0);
        for (int i = 0; i < 30; i++) {
            var all = new ArrayList<Candidate>();
            load.forEach((node, has) -> all.add(ready(node, has)));
            load.merge(Assignment.choose(all).orElseThrow(), 1, Integer::sum);
        }
        assertThat(load.values()).containsExactly(10, 10, 10);
    }
}
