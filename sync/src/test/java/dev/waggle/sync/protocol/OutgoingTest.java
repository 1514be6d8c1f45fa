package dev.waggle.sync.protocol;

import dev.waggle.core.log.EventLog;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// What one peer lacks, and what its acknowledgements say.
class OutgoingTest extends OneSide {
    /// An acknowledgement names the offset up to which was read. One that came twice said that the peer had what was only on its way (seed 2606).
    @Tag("N03") @Test void what_ends_where_this_nodes_own_events_do_has_an_acknowledgement_of_its_own() {
        var outgoing = new Outgoing(SyncSettings.defaults(), 0);
        outgoing.begin(List.of(), state(5));
        assertThat(outgoing.nextOwn(state(5), ME, 5)).isPresent();
        assertThat(outgoing.read(new EventLog.Missing(List.of(OWN), 5, true))).contains(5L);
        assertThat(outgoing.next(5)).isPresent();
        assertThat(outgoing.read(new EventLog.Missing(List.of(EVENT), 5, true))).as("it ends at 5, too").contains(4L);
        assertThat(outgoing.acknowledged(new Frame.Ack(SPACE, 5, 1, 0, 0, 0, 0, 0))).isTrue();
        assertThat(outgoing.acknowledged(new Frame.Ack(SPACE, 5, 1, 0, 0, 0, 0, 0))).as("it came twice").isFalse();
        assertThat(outgoing.cursor()).isZero();
        assertThat(outgoing.acknowledged(new Frame.Ack(SPACE, 4, 1, 0, 0, 0, 0, 0))).isTrue();
        assertThat(outgoing.cursor()).as("all that was read is there").isEqualTo(5);
    }
}
