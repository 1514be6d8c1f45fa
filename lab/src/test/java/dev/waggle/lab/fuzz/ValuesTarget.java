package dev.waggle.lab.fuzz;

import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Genesis;
import dev.waggle.core.log.MemoryEventLog;
import dev.waggle.core.log.TestKeys;
import dev.waggle.core.log.TestSpace;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.record.Value;
import dev.waggle.store.capture.Adopt;
import dev.waggle.store.capture.Progress;
import dev.waggle.store.capture.TableFollower;
import dev.waggle.store.compare.FileCompare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/// Any values in rows, from one machine's file through the log into another's: type and bytes arrive as they were. And any JSON as a value: the one spelling of
/// it, or malformed.
final class ValuesTarget implements Target {
    private static final int ROWS_MAX = 12;
    private static final String TABLE = "CREATE TABLE v (id INTEGER PRIMARY KEY, any, num NUMERIC, txt TEXT, blb BLOB, rel REAL)";
    private static final String KEYED = "CREATE TABLE k (a, b COLLATE NOCASE, n INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID";
    private final Path folder;

    ValuesTarget() {
        try {
            folder = Files.createTempDirectory("values");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override public void run(byte[] input) throws IOException, SQLException {
        if (input.length > 0 && input[0] == '[') spelling(input);
        else travel(new Script(input));
    }

    private static void spelling(byte[] input) {
        try {
            for (var json : Canonical.parse(input).asArray()) {
                try {
                    var value = Value.fromJson(json);
                    assertThat(Value.fromJson(value.toJson())).isEqualTo(value);
                    if (!(json instanceof Json.Num)) assertThat(value.toJson()).isEqualTo(json);
                    value.show(20);
                } catch (MalformedPayload _) {
                    // the documented answer
                }
            }
        } catch (MalformedPayload _) {
            // no list of values
        }
    }

    private void travel(Script script) throws IOException, SQLException {
        for (var name : List.of("a", "b", "a.view", "b.view")) clear(folder.resolve(name));
        var one = folder.resolve("a");
        var genesis = Genesis.write(TestSpace.author("owner"), "values", "table", Json.object(), new byte[32]);
        var logs = List.of(log(genesis), log(genesis));
        logs.get(0).write(TestSpace.author("owner"), List.of(TestSpace.member(TestSpace.author("writer"), dev.waggle.core.log.Role.WRITER)), List.of(), Map.of(), TestSpace.NOW);
        move(logs.get(0), logs.get(1));
        try (var program = DriverManager.getConnection("jdbc:sqlite:" + one)) {
            run(program, script.flag() ? "PRAGMA encoding = 'UTF-16le'" : "PRAGMA encoding = 'UTF-8'");
            run(program, TABLE);
            run(program, KEYED);
            rows(program, script);
            try (var first = follower("a", logs.get(0), TestSpace.author("owner")); var second = follower("b", logs.get(1), TestSpace.author("writer"))) {
                first.track(List.of(), Progress.NONE);
                move(logs.get(0), logs.get(1));
                assertThat(second.join(Adopt.ASK, Progress.NONE).joined()).isTrue();
                rows(program, script);
                first.syncNow();
                move(logs.get(0), logs.get(1));
                second.syncNow();
                assertThat(FileCompare.compare(one, folder.resolve("b"), 5).differences()).as("the same rows on both machines").isEmpty();
            }
        }
    }

    private TableFollower follower(String name, EventLog log, Author author) {
        return TableFollower.open(folder.resolve(name), folder.resolve(name + ".view"), log, () -> author, () -> TestSpace.NOW);
    }

    private static EventLog log(dev.waggle.core.event.Event genesis) {
        return MemoryEventLog.create(genesis, new TestKeys(), new TestSpace()::fresh, TestSpace.NOW);
    }

    /// Whatever SQLite takes; what it refuses (a key that is there) was no write.
    private static void rows(Connection program, Script script) throws SQLException {
        int count = script.below(ROWS_MAX);
        for (int i = 0; i < count && !script.ended(); i++) {
            try (var insert = program.prepareStatement(script.rarely(3) ? "INSERT OR REPLACE INTO k (a, b, n) VALUES (" + places(script, 3) + ")"
                : "INSERT OR REPLACE INTO v (id, any, num, txt, blb, rel) VALUES (" + script.below(5) + ", " + places(script, 5) + ")")) {
                for (int place = 1; place <= insert.getParameterMetaData().getParameterCount(); place++) bind(insert, place, script);
                insert.executeUpdate();
            } catch (SQLException _) {
                // not null, no key
            }
        }
    }

    private static String places(Script script, int count) {
        var places = new StringBuilder();
        for (int i = 0; i < count; i++) places.append(i > 0 ? ", " : "").append(script.rarely(3) ? "CAST(? AS TEXT)" : "?");
        return places.toString();
    }

    private static void bind(java.sql.PreparedStatement insert, int place, Script script) throws SQLException {
        switch (script.below(7)) {
            case 0 -> insert.setNull(place, java.sql.Types.NULL);
            case 1 -> insert.setLong(place, script.number());
            case 2 -> insert.setLong(place, script.octet() - 128);
            case 3 -> insert.setDouble(place, Double.longBitsToDouble(script.number()));
            case 4 -> insert.setDouble(place, script.octet() - 128);
            case 5 -> insert.setBytes(place, Arrays.copyOf(script.bytes(script.below(12)), script.rarely(20) ? 20_000 : script.below(12)));
            default -> insert.setString(place, new String(script.bytes(script.below(12)), java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    private static void run(Connection program, String sql) throws SQLException {
        try (var statement = program.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void move(EventLog from, EventLog to) {
        for (long at = 0; ; ) {
            var missing = from.readMissing(to.state().tips(), at, 500, 4 << 20);
            for (var event : missing.events())
                for (var id : event.body().arrayOrEmpty("chunks")) to.putChunks(List.of(Chunk.of(from.chunk(new ChunkId(id.asText())).orElseThrow())), TestSpace.NOW);
            if (!missing.events().isEmpty()) to.append(missing.events(), TestSpace.NOW);
            if (missing.end()) return;
            at = missing.upTo();
        }
    }

    private static void clear(Path file) throws IOException {
        for (var suffix : new String[] {"", "-wal", "-shm", "-journal"}) Files.deleteIfExists(Path.of(file + suffix));
    }
}
