package dev.waggle.store.sql;

import dev.waggle.core.event.Event;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Compaction;
import dev.waggle.core.log.DamagedLog;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogChecks;
import dev.waggle.core.log.TestKeys;
import dev.waggle.core.log.TestSpace;
import dev.waggle.core.event.Json;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import static dev.waggle.core.log.TestSpace.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What a condensed log is on disk: small, the same after a restart, and damage in it is found and mended.
class CondensedLogTest {
    private static final int EVENTS = 2_000;
    @TempDir Path folder;
    private final TestSpace space = new TestSpace();
    private final TestKeys keys = new TestKeys();
    private Path file;
    private Path whole;

    @BeforeEach void a_log_and_a_condensed_copy() throws Exception {
        file = folder.resolve("condensed.sqlite");
        whole = folder.resolve("whole.sqlite");
        try (var log = SqlEventLog.create(file, space.genesis, keys, space::fresh, NOW)) {
            for (int from = 0; from < EVENTS; from += 500)
                log.write(space.owner, IntStream.range(from, from + 500).mapToObj(i -> new Draft("task_added", Json.object("title", "Task number " + i, "status", "open",
                    "description", "Water the plants in room " + i % 40 + " and close the window"))).toList(), List.of(), Map.of(), NOW);
            new Compaction(log, _ -> { }).write(second(), NOW);
        }
        Files.copy(file, whole);
        try (var log = open(file)) {
            assertThat(new Compaction(log, _ -> { }).condense(log.state().checkpoint().orElseThrow())).isEqualTo(Compaction.Outcome.DONE);
        }
    }

    private Author second() {
        return new Author(space.owner.signer(), TestSpace.epoch("second"));
    }

    private EventLog open(Path path) {
        return SqlEventLog.open(path, space.id, keys, space::fresh);
    }

    private static List<Event> events(EventLog log) {
        return log.read(0, Integer.MAX_VALUE, Integer.MAX_VALUE).stream().map(entry -> ((Entry.Admitted) entry).event()).toList();
    }

    private LogScrub.Report scrub() {
        return LogScrub.scan(file, keys, space.owner.signer().node(), _ -> false, _ -> { });
    }

    private long bytes(Path path) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + path); var statement = connection.createStatement();
             var row = statement.executeQuery("SELECT (SELECT sum(length(payload) + coalesce(length(signature), 0)) FROM entries) + coalesce((SELECT sum(length(bytes)) FROM segments), 0)")) {
            return row.getLong(1);
        }
    }

    private void damageSegment() throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file); var statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE segments SET bytes = zeroblob(length(bytes)) WHERE number = 2");
        }
    }

    @Test void it_holds_the_same_events_in_a_fraction_of_the_bytes_and_is_whole() throws Exception {
        try (var log = open(file); var other = open(whole)) {
            assertThat(events(log)).isEqualTo(events(other));
            assertThat(events(log)).extracting(Event::payload).usingElementComparator((a, b) -> java.util.Arrays.compare(a, b)).containsExactlyElementsOf(
                events(other).stream().map(Event::payload).toList());
            LogChecks.check(log);
        }
        assertThat(scrub().clean()).isTrue();
        assertThat((double) bytes(file) / bytes(whole)).as("of the bytes").isLessThan(0.15);
    }

    @Test void the_file_itself_becomes_small_when_it_is_opened_again() throws Exception {
        open(file).close();
        assertThat(Files.size(file)).isLessThan(Files.size(whole) / 2);
        try (var log = open(file)) {
            assertThat(log.write(second(), List.of(TestSpace.draft("on")), List.of(), Map.of(), NOW)).hasSize(1);
        }
    }

    @Tag("S03") @Test void a_damaged_segment_is_named_never_given_out_and_mended_with_events_of_others() throws Exception {
        damageSegment();
        try (var log = open(file)) {
            assertThatThrownBy(() -> events(log)).isInstanceOf(DamagedLog.class);
        }
        var report = scrub();
        assertThat(report.damages()).isNotEmpty().allMatch(damage -> damage.kind() == Damage.Kind.PAYLOAD);
        assertThat(report.other()).anyMatch(line -> line.startsWith("segment "));
        try (var other = open(whole)) {
            for (var damage : report.damages().subList(0, 20))
                assertThat(LogScrub.repair(file, damage, other.find(damage.id()).map(Entry.Admitted::event), keys)).isTrue();
        }
        assertThat(scrub().damages()).as("the mended ones are whole again").hasSize(report.damages().size() - 20);
    }

    @Test void a_rebuilt_log_holds_what_its_segments_hold() throws Exception {
        long before;
        try (var log = open(file)) {
            log.find(space.genesis.id());                       // as a node does that looks for ids
            log.write(second(), List.of(TestSpace.draft("after")), List.of(), Map.of(), NOW);
            before = log.state().lastOffset();
        }
        var report = LogRebuild.rebuild(file, space.id, keys, space::fresh, NOW);
        assertThat(report.taken()).isEqualTo(before);
        try (var log = open(file)) {
            LogChecks.check(log);
            assertThat(log.state().lastOffset()).isEqualTo(before);
            assertThat(log.readMissing(List.of(), 0, 100, 1 << 20).condensed()).isTrue();
        }
    }

    @Test void a_log_that_is_condensed_while_it_is_stopped_half_way_is_the_same_and_goes_on() throws Exception {
        Files.delete(file);
        Files.copy(whole, file);
        try (var log = open(file)) {
            var checkpoint = log.state().checkpoint().orElseThrow();
            int[] walks = {0};                                  // the first to compare, the second to store the segments, the third to replace the events
            assertThatThrownBy(() -> new Compaction(log, looked -> {
                if (looked == 2_000 && ++walks[0] == 3) throw new IllegalStateException("killed");
            }).condense(checkpoint)).hasMessage("killed");
            var missing = log.readMissing(List.of(), 0, 100, 1 << 20);
            assertThat(missing.condensed()).as("some are replaced").isTrue();
            assertThat(Compaction.offered(log, List.of())).as("and the segments can be had").map(Event::id).contains(checkpoint);
        }
        try (var log = open(file); var other = open(whole)) {
            assertThat(events(log)).isEqualTo(events(other));
            assertThat(new Compaction(log, _ -> { }).condense(log.state().checkpoint().orElseThrow())).isEqualTo(Compaction.Outcome.DONE);
            assertThat(events(log)).isEqualTo(events(other));
        }
    }
}
