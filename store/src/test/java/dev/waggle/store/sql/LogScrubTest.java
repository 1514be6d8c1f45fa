package dev.waggle.store.sql;

import dev.waggle.core.Property;
import dev.waggle.core.event.Event;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.DamagedLog;
import dev.waggle.core.log.LogChecks;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.TestKeys;
import dev.waggle.core.log.TestSpace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static dev.waggle.core.log.TestSpace.NOW;
import static dev.waggle.core.log.TestSpace.draft;
import static dev.waggle.core.log.TestSpace.member;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LogScrubTest {
    @TempDir Path folder;
    private final TestSpace space = new TestSpace();
    private final TestKeys keys = new TestKeys();
    private final List<Event> events = new ArrayList<>();
    private int files;

    private Path filled() {
        var file = folder.resolve("log-" + files++ + ".sqlite");
        events.clear();
        try (var log = SqlEventLog.create(file, space.genesis, keys, space::fresh, NOW)) {
            log.write(space.owner, List.of(member(space.writer, Role.WRITER)), List.of(), Map.of("cursor", new byte[] {1, 2, 3}), NOW);
            for (int i = 0; i < 5; i++) {
                log.write(space.owner, List.of(draft("a" + i), draft("b" + i), draft("c" + i)), List.of(Chunk.of(new byte[100])), Map.of(), NOW);
                log.write(space.writer, List.of(draft("d" + i), draft("e" + i)), List.of(), Map.of(), NOW);
            }
            log.read(0, 1_000, Integer.MAX_VALUE).forEach(entry -> events.add(((dev.waggle.core.log.Entry.Admitted) entry).event()));
        }
        return file;
    }

    private LogScrub.Report scan(Path file) {
        return LogScrub.scan(file, keys, space.owner.signer().node(), offset -> offset <= 10, _ -> {});
    }

    private static void sql(Path file, String statement) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file); var execute = connection.createStatement()) {
            assertThat(execute.executeUpdate(statement)).isPositive();
        }
    }

    private static String flip(String column, int at) {
        return "%1$s = CAST(substr(%1$s, 1, %2$d) || CASE WHEN substr(%1$s, %2$d + 1, 1) = x'41' THEN x'42' ELSE x'41' END || substr(%1$s, %2$d + 2) AS BLOB)"
            .formatted(column, at);
    }

    @Test void a_log_that_nobody_touched_is_clean() {
        assertThat(scan(filled())).isEqualTo(new LogScrub.Report(List.of(), List.of()));
    }

    @Test void a_flipped_byte_is_found_in_any_column_of_any_event_and_repaired_by_good_bytes() {
        Property.check(60, random -> {
            var file = filled();
            int offset = 1 + random.nextInt(events.size());
            var event = events.get(offset - 1);
            var column = List.of("payload", "id", "signature").get(random.nextInt(event.signature().isPresent() ? 3 : 2));
            int length = column.equals("payload") ? event.payload().length : column.equals("id") ? 32 : 64;
            sql(file, "UPDATE entries SET " + flip(column, random.nextInt(length)) + " WHERE \"offset\" = " + offset);
            var report = scan(file);
            assertThat(report.damages()).as(column).hasSize(1);
            var damage = report.damages().getFirst();
            assertThat(damage.kind().name().toLowerCase(java.util.Locale.ROOT)).isEqualTo(column);
            assertThat(damage.id()).isEqualTo(event.id());
            assertThat(damage.offset()).isEqualTo(offset);
            assertThat(damage.own()).isEqualTo(event.chain().origin().equals(space.owner.signer().node()));
            assertThat(damage.lost()).isEqualTo(damage.own() && offset > 10 && column.equals("payload"));
            assertThat(LogScrub.repair(file, damage, Optional.of(events.get(offset % events.size())), keys)).as("other bytes").isFalse();
            assertThat(LogScrub.repair(file, damage, Optional.of(event), keys)).isTrue();
            assertThat(scan(file).clean()).isTrue();
        });
    }

    @Test void a_damaged_tip_is_told_from_a_damaged_event_and_needs_no_bytes() throws Exception {
        var file = filled();
        sql(file, "UPDATE branches SET " + flip("tip_id", 5) + " WHERE id = 1");
        var damage = scan(file).damages();
        assertThat(damage).singleElement().extracting(Damage::kind).isEqualTo(Damage.Kind.TIP);
        assertThat(LogScrub.repair(file, damage.getFirst(), Optional.empty(), keys)).isTrue();
        assertThat(scan(file).clean()).isTrue();
        try (var log = SqlEventLog.open(file, space.id, keys, space::fresh)) {
            LogChecks.check(log);
        }
    }

    @Test void damaged_chunks_and_marks_and_missing_rows_are_named() throws Exception {
        var file = filled();
        sql(file, "UPDATE chunks SET " + flip("bytes", 50));
        sql(file, "UPDATE marks SET value = x'010204'");
        sql(file, "DELETE FROM entries WHERE \"offset\" = 4");
        var report = scan(file);
        assertThat(report.other()).hasSize(2).anyMatch(each -> each.startsWith("chunk")).anyMatch(each -> each.startsWith("mark cursor"));
        assertThat(report.damages()).singleElement().extracting(Damage::kind, Damage::id).containsExactly(Damage.Kind.HOLE, events.get(3).id());
    }

    @Test void a_damaged_control_event_stops_the_log_until_it_is_repaired() throws Exception {
        var file = filled();
        sql(file, "UPDATE entries SET " + flip("payload", 20) + " WHERE \"offset\" = 2");
        assertThatThrownBy(() -> SqlEventLog.open(file, space.id, keys, space::fresh)).isInstanceOf(DamagedLog.class);
        assertThat(LogScrub.repair(file, scan(file).damages().getFirst(), Optional.of(events.get(1)), keys)).isTrue();
        SqlEventLog.open(file, space.id, keys, space::fresh).close();
    }

    /// 200 copies, each with one byte of the file changed: the damage is found, or everything that the log says is as before.
    @Test void any_flipped_byte_of_the_file_is_found_or_harmless() throws Exception {
        var file = filled();
        var before = said(file);
        var bytes = Files.readAllBytes(file);
        var outcome = new int[2];
        Property.check(200, random -> {
            var copy = folder.resolve("copy.sqlite");
            var changed = bytes.clone();
            int at = random.nextInt(changed.length);
            changed[at] ^= (byte) (1 << random.nextInt(8));
            for (var suffix : List.of("-wal", "-shm", "")) Files.deleteIfExists(folder.resolve("copy.sqlite" + suffix));
            Files.write(copy, changed);
            boolean found;
            try {
                found = !scan(copy).clean();
            } catch (dev.waggle.core.log.LogUnavailable | dev.waggle.store.sqlite.UnusableFile _) {
                found = true;
            }
            if (!found) assertThat(said(copy)).as("byte " + at + " changed and nothing was found").isEqualTo(before);
            outcome[found ? 0 : 1]++;
        });
        assertThat(outcome[0]).as("found").isPositive();
        assertThat(outcome[1]).as("harmless").isPositive();
    }

    /// Everything a log answers: its state, every entry with its bytes, its counters and marks.
    private List<Object> said(Path file) {
        try (var log = SqlEventLog.open(file, space.id, keys, space::fresh)) {
            var said = new ArrayList<Object>(List.of(log.state(), log.counts(), List.of(log.mark("cursor").orElseThrow()[0])));
            log.read(0, 1_000, Integer.MAX_VALUE).forEach(entry -> {
                var event = ((dev.waggle.core.log.Entry.Admitted) entry).event();
                said.add(entry.offset() + " " + event.id() + " " + event.signature().map(dev.waggle.core.event.Hex::of));
            });
            return said;
        }
    }

    @Test void a_log_is_rebuilt_from_the_events_that_prove_themselves() throws Exception {
        var file = filled();
        LogFingerprint before;
        try (var log = SqlEventLog.open(file, space.id, keys, space::fresh)) {
            before = new LogFingerprint(dev.waggle.core.event.Hex.of(log.state().fingerprint()));
        }
        sql(file, "UPDATE branches SET head = 1 - head, void_from = 3");
        assertThatThrownBy(() -> SqlEventLog.open(file, space.id, keys, space::fresh)).isInstanceOf(DamagedLog.class);
        assertThat(scan(file).other()).hasSize(2);
        var report = LogRebuild.rebuild(file, space.id, keys, space::fresh, NOW);
        assertThat(report.taken()).isEqualTo(events.size());
        assertThat(report.unread()).isZero();
        assertThat(Files.exists(report.damaged())).isTrue();
        assertThat(scan(file).clean()).isTrue();
        try (var log = SqlEventLog.open(file, space.id, keys, space::fresh)) {
            assertThat(new LogFingerprint(dev.waggle.core.event.Hex.of(log.state().fingerprint()))).isEqualTo(before);
            LogChecks.check(log);
        }
    }

    private record LogFingerprint(String hex) {}
}
