package dev.waggle.node.rest;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.Verdict;
import dev.waggle.core.time.Hlc;
import dev.waggle.node.problem.Problem;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LogFilterTest {
    private static final String NODE = "ab".repeat(32);

    @Test void what_has_the_type_the_author_and_the_worth_is_found_and_nothing_else() {
        var entry = entry("noted", Json.object("says", "hello"));
        for (var finds : List.of(new LogFilter("", "", ""), new LogFilter("noted", "", ""), new LogFilter("", NODE, ""), new LogFilter("noted", NODE.substring(0, 5), "counts")))
            assertThat(finds.test(entry)).isTrue();
        for (var passes : List.of(new LogFilter("note", "", ""), new LogFilter("noted2", "", ""), new LogFilter("oted", "", ""), new LogFilter("noted\"", "", ""), new LogFilter("grün", "", ""),
            new LogFilter("", "ac", ""), new LogFilter("", NODE.substring(1), ""), new LogFilter("", "", "void"), new LogFilter("noted", "ab", "void")))
            assertThat(passes.test(entry)).isFalse();
    }

    @Test void what_an_app_wrote_is_not_taken_for_the_envelope() {
        var disguised = Json.object("!", Json.object("type", "noted", "origin", "cd"), "type", "noted", "origin", "cd");
        assertThat(new LogFilter("noted", "", "").test(entry("other", disguised))).isFalse();
        assertThat(new LogFilter("", "cd", "").test(entry("other", disguised))).isFalse();
        assertThat(new LogFilter("other", "ab", "").test(entry("other", disguised))).isTrue();
    }

    @Test void there_are_two_verdicts() {
        assertThatThrownBy(() -> new LogFilter("", "", "perhaps")).isInstanceOf(Problem.class);
    }

    private static Entry entry(String type, Json.Obj body) {
        var envelope = new Envelope(Optional.of(new SpaceId("12".repeat(32))), new ChainId(new NodeId(NODE), new Epoch("34".repeat(16))), 2, Optional.of(new dev.waggle.core.event.EventId("56".repeat(32))),
            List.of(), List.of(new dev.waggle.core.event.EventId("78".repeat(32))), new Hlc(1_700_000_000_000L, 0), type);
        return new Entry.Admitted(7, Event.write(envelope, body), Verdict.COUNTS);
    }
}
