package dev.waggle.node.board;

import dev.waggle.apps.board.Stamp;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.time.Hlc;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What another node says directly, which may be anything.
class DirectLineTest {
    private static final NodeId BERT = new NodeId("b".repeat(64));
    private static final NodeId CORA = new NodeId("c".repeat(64));
    private static final DirectLine LINE = new DirectLine(new Stamp(new Hlc(1_700_000_000_000L, 3), BERT, new EventId("e".repeat(64))), List.of("one", "two"), OptionalLong.of(7));

    @Test void a_line_is_read_as_it_was_written_and_is_his_who_tells_it() {
        assertThat(DirectLine.read(LINE.json(), BERT)).isEqualTo(LINE);
        assertThat(DirectLine.read(LINE.json(), CORA).stamp().origin()).isEqualTo(CORA);
        assertThat(DirectLine.stamp(DirectLine.cursor(LINE.stamp()), BERT)).isEqualTo(LINE.stamp());
    }

    @Tag("P02") @Tag("P03") @Test void what_no_node_says_is_refused() {
        var good = LINE.json();
        var id = "e".repeat(64);
        for (var cursor : List.of("", "1-2", "1-2-" + id + "0", "-1-2-" + id, "1--2-" + id, "9".repeat(16) + "-2-" + id, "999999999999999-999999999-" + id, "1-2-" + "E".repeat(64), "1-2-" + id + "\n"))
            assertThatThrownBy(() -> DirectLine.read(good.with("cursor", Json.of(cursor)), BERT)).as(cursor).isInstanceOf(MalformedPayload.class);
        for (var lines : List.of(Json.array(), Json.array(Collections.nCopies(501, Json.of("x"))), Json.array(Json.of("x".repeat(4_001))), Json.array(Json.of(1))))
            assertThatThrownBy(() -> DirectLine.read(good.with("lines", lines), BERT)).isInstanceOf(MalformedPayload.class);
        for (long token : List.of(-1L, 0L, 10_001L)) assertThatThrownBy(() -> DirectLine.read(good.with("token", Json.of(token)), BERT)).isInstanceOf(MalformedPayload.class);
    }
}
