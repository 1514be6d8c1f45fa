package dev.waggle.apps.board;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// How the order of a board is spelt, for ever.
class SequencedCodecTest {
    private static final EventId ONE = new EventId("1".repeat(64));
    private static final EventId TWO = new EventId("2".repeat(64));
    private static final NodeId HUB = new NodeId("ab".repeat(32));

    private static String written(BoardChange change) {
        var draft = BoardCodec.draft(change, new TreeMap<>());
        return draft.type() + " " + Canonical.text(draft.body());
    }

    @Test void namings_and_stamps_have_one_spelling() {
        assertThat(written(new BoardChange.SequencerNamed(Optional.of(HUB), 1, Optional.empty(), 0))).isEqualTo("sequencer_named {\"node\":\"" + HUB.hex() + "\",\"term\":1}");
        assertThat(written(new BoardChange.SequencerNamed(Optional.empty(), 2, Optional.of(ONE), 7))).isEqualTo("sequencer_named {\"before\":\"" + ONE.hex() + "\",\"last\":7,\"term\":2}");
        assertThat(written(new BoardChange.Sequenced(2, 8, List.of(TWO, ONE)))).isEqualTo("changes_sequenced {\"events\":[\"" + TWO.hex() + "\",\"" + ONE.hex() + "\"],\"first\":8,\"term\":2}");
    }

    @Test void what_is_beyond_its_limits_is_refused() {
        for (var wrong : List.of(new BoardChange.SequencerNamed(Optional.of(HUB), 2, Optional.empty(), 0), new BoardChange.SequencerNamed(Optional.of(HUB), 1, Optional.of(ONE), 0),
            new BoardChange.SequencerNamed(Optional.of(HUB), 10_001, Optional.of(ONE), 0), new BoardChange.SequencerNamed(Optional.of(HUB), 2, Optional.of(ONE), -1),
            new BoardChange.Sequenced(1, 0, List.of(ONE)), new BoardChange.Sequenced(0, 1, List.of(ONE)), new BoardChange.Sequenced(1, 1, List.of()), new BoardChange.Sequenced(1, 1, List.of(ONE, ONE)),
            new BoardChange.Sequenced(1, BoardLimits.SEQUENCE_MAX + 1, List.of(ONE)), new BoardChange.Sequenced(1, 1, Collections.nCopies(501, ONE))))
            assertThatThrownBy(() -> written(wrong)).as(wrong.toString()).isInstanceOf(MalformedPayload.class);
    }
}
