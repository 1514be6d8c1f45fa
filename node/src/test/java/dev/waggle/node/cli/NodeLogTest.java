package dev.waggle.node.cli;

import dev.waggle.core.Property;
import dev.waggle.core.event.Canonical;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;

import static org.assertj.core.api.Assertions.assertThat;

/// The log of a node: what others send may be in it, and may do nothing to it.
@Tag("W03")
class NodeLogTest {
    private static final Instant NOW = Instant.parse("2026-11-27T22:10:00Z");
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private static LogRecord record(String message, Instant at) {
        var record = new LogRecord(Level.WARNING, message);
        record.setLoggerName("waggle.peers");
        record.setSourceMethodName("told");
        record.setInstant(at);
        return record;
    }

    private NodeLog log(LogLines.Form form) {
        return new NodeLog(new PrintStream(bytes, true, StandardCharsets.UTF_8), form);
    }

    private List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test void a_record_says_when_how_bad_where_and_what() {
        log(LogLines.Form.TEXT).publish(record("peer 12ab sent what no honest node sends", NOW));
        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("2026-11-27T22:10:00.000Z WARNING peers: peer 12ab sent what no honest node sends\n");
    }

    @Test void what_others_sent_begins_no_line_and_moves_no_cursor() {
        log(LogLines.Form.TEXT).publish(record("hub said: bye\r\n2026-11-27T22:10:01.000Z ERROR peers: forged \u001b[2K\u202egnp\u2028\u0085\u0000", NOW));
        assertThat(lines()).containsExactly("2026-11-27T22:10:00.000Z WARNING peers: hub said: bye\\u{d}\\u{a}2026-11-27T22:10:01.000Z ERROR peers: forged \\u{1b}[2K\\u{202e}gnp\\u{2028}\\u{85}\\u{0}");
    }

    @Test void any_text_is_one_line_in_both_forms() {
        var random = Property.random(1);
        for (var form : LogLines.Form.values())
            for (int i = 0; i < 500; i++) {
                bytes.reset();
                var text = new StringBuilder();
                int length = random.nextInt(200);
                for (int at = 0; at < length; at++)
                    text.appendCodePoint(random.nextBoolean() ? random.nextInt(0x100) : random.nextInt(Character.MAX_CODE_POINT + 1));
                log(form).publish(record(text.toString(), NOW));
                var written = bytes.toString(StandardCharsets.UTF_8);
                assertThat(written.codePoints().filter(c -> c == '\n' || Character.getType(c) == Character.CONTROL || Character.getType(c) == Character.FORMAT
                    || Character.getType(c) == Character.LINE_SEPARATOR || Character.getType(c) == Character.PARAGRAPH_SEPARATOR).toArray()).as(written).containsExactly('\n');
                if (form == LogLines.Form.JSON) assertThat(Canonical.parse(written.strip().getBytes(StandardCharsets.UTF_8)).asObject().text("message")).isEqualTo(LogLines.oneLine(text.toString()));
            }
    }

    @Test void a_long_text_is_cut_and_says_so() {
        log(LogLines.Form.TEXT).publish(record("x".repeat(5_000), NOW));
        assertThat(lines()).hasSize(1).allSatisfy(line -> assertThat(line).hasSizeLessThan(LogLines.MESSAGE_MAX + 100).endsWith("x… (4000 more)"));
    }

    @Test void a_bug_is_told_with_where_it_was_and_what_it_quotes_is_no_line_either() {
        var record = record("the view failed", NOW);
        record.setThrown(new IllegalStateException("said: a\r\u001b[1m"));
        log(LogLines.Form.TEXT).publish(record);
        assertThat(lines().getFirst()).endsWith("the view failed");
        assertThat(lines()).anySatisfy(line -> assertThat(line).contains("IllegalStateException")).anySatisfy(line -> assertThat(line).contains("NodeLogTest"));
        assertThat(lines().subList(1, lines().size())).allMatch(line -> line.startsWith("    "));
        assertThat(bytes.toString(StandardCharsets.UTF_8)).doesNotContain("\u001b", "\r");
    }

    @Test void one_place_fills_no_disk_and_hides_no_other() {
        var log = log(LogLines.Form.TEXT);
        for (int i = 0; i < 10_000; i++) log.publish(record("noise " + i, NOW.plusMillis(i)));
        var other = record("the disk is full", NOW.plusSeconds(1));
        other.setSourceMethodName("append");
        log.publish(other);
        assertThat(lines()).hasSize(LogFlood.LINES_A_MINUTE + 1);
        assertThat(lines().getLast()).endsWith("the disk is full");
        log.publish(record("noise again", NOW.plusSeconds(61)));
        assertThat(lines().subList(LogFlood.LINES_A_MINUTE + 1, lines().size())).satisfiesExactly(left -> assertThat(left).endsWith("peers: 9940 more of these were left out."),
            line -> assertThat(line).endsWith("noise again"));
    }

    @Test void a_clock_that_was_set_back_silences_nothing() {
        var log = log(LogLines.Form.TEXT);
        for (int i = 0; i < 100; i++) log.publish(record("noise", NOW));
        bytes.reset();
        log.publish(record("earlier", NOW.minusSeconds(3_600)));
        assertThat(lines().getLast()).endsWith("earlier");
    }
}
