package dev.waggle.sync.engine;

import dev.waggle.core.event.Json;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Compaction;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.sync.protocol.Effect;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.Input;
import dev.waggle.sync.protocol.Notice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/// Logs that were condensed by a checkpoint, and nodes that come for what lies below it.
class CheckpointScenarioTest extends TwoNodes {
    private void write(SimNode node, int events, String text) {
        for (int i = 0; i < events; i++)
            node.log(id()).write(new Author(node.signer, node.epoch), List.of(new Draft("note_added", Json.object("text", text + i))), List.of(), Map.of(), node.wallMs());
        if (node.up) node.turn();
    }

    private void condense(SimNode node) {
        var compaction = new Compaction(node.log(id()), _ -> { });
        compaction.write(new Author(node.signer, node.epoch), node.wallMs());
        assertThat(compaction.condense(node.log(id()).state().checkpoint().orElseThrow())).isEqualTo(Compaction.Outcome.DONE);
        node.turn();
    }

    private static long events(EventLog log) {
        return log.read(0, Integer.MAX_VALUE, Integer.MAX_VALUE).stream().filter(Entry.Admitted.class::isInstance).count();
    }

    @Tag("T06") @Test void who_joins_a_condensed_space_gets_its_checkpoint_and_the_rest() {
        write(a, 1_500, "before ");
        condense(a);
        write(a, 20, "after ");
        join(b);
        net.run(20_000);
        assertEqual(a, b);
        assertThat(events(b.log(id()))).isEqualTo(events(space));
        assertThat(Compaction.condensed(b.log(id()))).isEqualTo(Compaction.condensed(space));
        assertThat(b.heard(Notice.PeerDown.class)).isEmpty();
        write(b, 5, "from the other ");
        net.run(5_000);
        assertEqual(a, b);
    }

    @Tag("T06") @Test void who_was_away_while_it_was_condensed_gets_on_and_brings_what_it_wrote() {
        joined(b);
        write(b, 3, "shared ");
        net.run(5_000);
        b.crash();
        write(a, 30, "meanwhile ");
        condense(a);
        write(b, 4, "unsent ");
        b.start();
        net.run(60_000);
        assertEqual(a, b);
        assertThat(events(space)).isEqualTo(events(b.log(id())));
    }

    @Tag("N13") @Test void an_adoption_that_is_cut_again_and_again_ends_all_the_same() {
        write(a, 3_000, "x".repeat(600));
        condense(a);
        join(b);
        for (int i = 0; i < 12; i++) {
            net.run(40);
            b.crash();
            b.start();
        }
        net.run(120_000);
        assertEqual(a, b);
    }

    @Test void two_condensed_nodes_and_a_third_that_comes_between_checkpoints() {
        joined(b);
        write(a, 40, "one ");
        net.run(5_000);
        condense(a);
        net.run(5_000);
        new Compaction(b.log(id()), _ -> { }).condense(b.log(id()).state().checkpoint().orElseThrow());
        write(b, 40, "two ");
        net.run(5_000);
        condense(a);
        net.run(5_000);
        var c = node();
        join(c);
        net.run(20_000);
        assertEqual(a, b);
        assertEqual(a, c);
        assertThat(Compaction.condensed(c.log(id()))).isEqualTo(Compaction.condensed(space));
    }

    /// Its proof is a signature far above it: alone, whoever asked would have to refuse it.
    @Test void an_event_that_was_condensed_is_not_served_by_its_id() {
        write(a, 200, "before ");
        var event = ((Entry.Admitted) space.atOffset(20).orElseThrow()).event().id();
        condense(a);
        var answer = (Input.Fetched) LogWork.fetch(space, new Effect.Fetch(1, id(), b.id, List.of(event), List.of()));
        assertThat(answer.frames()).containsExactly(new Frame.Events(id(), List.of(), 0));
    }
}
