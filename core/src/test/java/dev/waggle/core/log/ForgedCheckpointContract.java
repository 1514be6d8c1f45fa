package dev.waggle.core.log;

import dev.waggle.core.event.MalformedPayload;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static dev.waggle.core.log.TestSpace.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What every [EventLog] must do: nothing that nobody wrote gets in by a checkpoint. It extends the other parts, so that one class runs all.
public abstract class ForgedCheckpointContract extends CompactionContract {
    /// Its own branch would never end, and so never have to bear a signature.
    @Tag("A05") @Test void an_owner_cannot_make_up_a_branch_that_its_frontier_does_not_list() {
        var real = space.chain(null, space.writer, 3, List.of(added.id()));
        var another = space.after(null, space.writer).epoch(TestSpace.epoch("made up")).control(added).text("made up").unsigned();
        var fork = space.after(real.getFirst(), space.writer).text("made up, too").unsigned();
        var beyond = space.after(real.getLast(), space.writer).text("and this").unsigned();
        for (var madeUp : List.of(another, fork, beyond)) {
            var log = open();
            log.append(real, NOW);
            var held = new ArrayList<>(List.of(space.genesis, added));
            held.addAll(real);
            held.add(madeUp);
            var forged = listing(log, held, List.of(added, real.getLast()));
            var joiner = empty();
            assertThatThrownBy(() -> adopt(joiner, forged, log::chunk)).isInstanceOf(MalformedPayload.class).hasMessageContaining("no end of a branch leads to");
            assertThat(joiner.find(madeUp.id())).isEmpty();
            assertThat(joiner.state().lastOffset()).as("nothing of it was taken").isZero();
        }
    }

    /// Whoever signs an event says what came before it in his own chain, not in anybody else's.
    @Tag("A05") @Test void an_owner_cannot_make_up_what_others_wrote_as_the_past_of_his_own_events() {
        var log = open();
        var madeUp = space.after(null, space.writer).control(added).text("made up").unsigned();
        var end = space.after(madeUp, new Author(space.owner.signer(), TestSpace.epoch("a liar's"))).text("on top").event();
        var forged = listing(log, List.of(space.genesis, added, madeUp, end), List.of(added, end));
        var joiner = empty();
        assertThatThrownBy(() -> adopt(joiner, forged, log::chunk)).isInstanceOf(MalformedPayload.class);
        assertThat(joiner.state().lastOffset()).isZero();
    }

    /// It says so before it has written anything: what else its transaction does must not fail with it.
    @Test void a_segment_that_does_not_fit_is_refused_and_changes_nothing() {
        var log = open();
        var chain = space.chain(null, space.writer, 2, List.of(added.id()));
        var writer = new Segment.Writer();
        writer.add(space.after(null, space.owner).epoch(TestSpace.epoch("fits")).control(added).event());
        writer.add(chain.getLast());
        var segment = Segment.read(space.id, writer.take());
        var before = log.counts();
        assertThatThrownBy(() -> log.adopt(segment, Map.of(), NOW)).isInstanceOf(MalformedPayload.class).hasMessageContaining("goes on where this log is not");
        assertThat(log.counts()).isEqualTo(before);
        assertThat(log.chunk(segment.id())).isEmpty();
    }
}
