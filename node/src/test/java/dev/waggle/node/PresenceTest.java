package dev.waggle.node;

import dev.waggle.core.event.NodeId;
import dev.waggle.node.Presence.State;
import dev.waggle.node.Presence.Word;
import org.junit.jupiter.api.Test;

import java.util.Map;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/// What is believed of who can be reached.
class PresenceTest {
    private static final NodeId HUB = node('a');
    private static final NodeId OTHER_HUB = node('b');
    private static final NodeId BERT = node('c');
    private static final long NOW = 1_000_000;

    private static NodeId node(char digit) {
        return new NodeId(String.valueOf(digit).repeat(64));
    }

    private static Word says(boolean online) {
        return new Word(Map.of(BERT, online), NOW);
    }

    private static State judge(Set<NodeId> connected, boolean known, Map<NodeId, Word> words) {
        return Presence.judge(BERT, connected, known, words, NOW);
    }

    @Test void own_eyes_come_first() {
        assertThat(judge(Set.of(HUB, BERT), true, Map.of(HUB, says(false)))).isEqualTo(State.ONLINE);
    }

    @Test void somebody_who_is_seen_by_a_member_that_is_seen_is_there() {
        assertThat(judge(Set.of(HUB), false, Map.of(HUB, says(true)))).isEqualTo(State.ONLINE);
        assertThat(judge(Set.of(HUB, OTHER_HUB), true, Map.of(HUB, says(false), OTHER_HUB, says(true)))).isEqualTo(State.ONLINE);
        assertThat(judge(Set.of(HUB), false, Map.of(HUB, says(false)))).isEqualTo(State.OFFLINE);
    }

    @Test void a_word_of_somebody_who_is_gone_or_that_is_old_counts_for_nothing() {
        assertThat(judge(Set.of(), false, Map.of(HUB, says(true)))).isEqualTo(State.UNKNOWN);
        assertThat(judge(Set.of(HUB), false, Map.of(HUB, new Word(Map.of(BERT, true), NOW - Presence.WORD_MS_MAX - 1)))).isEqualTo(State.UNKNOWN);
        assertThat(judge(Set.of(), true, Map.of(HUB, says(true)))).as("known, and not connected").isEqualTo(State.OFFLINE);
    }

    @Test void of_whom_nobody_says_anything_nothing_is_known() {
        assertThat(judge(Set.of(HUB), false, Map.of(HUB, new Word(Map.of(), NOW)))).isEqualTo(State.UNKNOWN);
    }
}
