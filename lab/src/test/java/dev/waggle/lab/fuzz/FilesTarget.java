package dev.waggle.lab.fuzz;

import dev.waggle.core.log.MemoryEventLog;
import dev.waggle.core.log.TestKeys;
import dev.waggle.core.log.TestSpace;
import dev.waggle.core.log.WriteRefused;
import dev.waggle.store.capture.FileRefused;
import dev.waggle.store.capture.FileUnavailable;
import dev.waggle.store.capture.Progress;
import dev.waggle.store.capture.TableFollower;
import dev.waggle.store.compare.CannotCompare;
import dev.waggle.store.compare.FileCompare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// Hostile database files: a good one with some bytes changed, one cut short, any bytes at all, or one that odd SQL made. They are tracked, followed, untracked
/// and compared with a good one.
///
/// Each of these works, or is refused in words; and where it works, the rows are afterwards what they were.
final class FilesTarget implements Target {
    /// Only what makes a schema and a few rows: nothing that reads or writes another file.
    private static final String ALLOWED = "(?is)\\s*(CREATE\\s+(UNIQUE\\s+)?(TABLE|INDEX|TRIGGER|VIEW)\\s|INSERT\\s+INTO\\s|ALTER\\s+TABLE\\s).*";
    private static final String SQL = """
        CREATE TABLE note (id INTEGER PRIMARY KEY, title TEXT NOT NULL COLLATE NOCASE, parent INTEGER REFERENCES note, price REAL, CHECK (price >= 0));
        CREATE UNIQUE INDEX note_title ON note (title) WHERE parent IS NULL;
        CREATE TABLE tag (name TEXT, note INT, both TEXT AS (name || note), PRIMARY KEY (name, note)) WITHOUT ROWID;
        CREATE VIEW cheap AS SELECT * FROM note WHERE price < 1;
        CREATE TRIGGER tagged AFTER INSERT ON note BEGIN INSERT INTO tag (name, note) VALUES ('new', new.id); END;
        INSERT INTO note VALUES (1, 'a', NULL, 1.5), (2, 'b', 1, NULL), (3, x'00ff', 1, 2.0);
        """;
    private final Path folder;
    private final byte[] good;

    FilesTarget() {
        try {
            folder = Files.createTempDirectory("files");
            var file = folder.resolve("good.sqlite");
            execute(file, "PRAGMA page_size = 512;" + SQL);
            good = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override public void run(byte[] input) throws IOException {
        var script = new Script(input);
        var file = folder.resolve("file.sqlite");
        clear(file);
        switch (script.below(4)) {
            case 0 -> execute(file, new String(script.rest(), StandardCharsets.UTF_8));
            case 1 -> Files.write(file, script.rest());
            default -> Files.write(file, damaged(script));
        }
        if (!Files.exists(file)) return;
        var before = folder.resolve("before.sqlite");
        clear(before);
        Files.copy(file, before);
        boolean comparable = compare(before, folder.resolve("good.sqlite"));
        boolean followed = follow(file);
        if (comparable && followed) assertThat(FileCompare.compare(before, file, 10).differences()).as("rows after track and untrack").isEmpty();
    }

    private byte[] damaged(Script script) {
        var bytes = good.clone();
        int changes = 1 + script.below(8);
        for (int i = 0; i < changes && !script.ended(); i++) {
            int at = (script.octet() << 8 | script.octet()) % bytes.length;
            var more = script.bytes(1 + script.below(4));
            System.arraycopy(more, 0, bytes, at, Math.min(more.length, bytes.length - at));
        }
        return script.rarely(8) ? java.util.Arrays.copyOf(bytes, (script.octet() << 8 | script.octet()) % bytes.length) : bytes;
    }

    private static boolean compare(Path one, Path other) {
        try {
            FileCompare.compare(one, other, 10);
            return true;
        } catch (CannotCompare refused) {
            assertThat(refused).hasMessageContaining(one.getFileName().toString());
            return false;
        }
    }

    /// @return false when it was refused
    private boolean follow(Path file) throws IOException {
        var view = folder.resolve("view.sqlite");
        clear(view);
        var space = new TestSpace();
        var log = MemoryEventLog.create(space.genesis, new TestKeys(), space::fresh, TestSpace.NOW);
        try (var follower = TableFollower.open(file, view, log, () -> space.owner, () -> TestSpace.NOW)) {
            var report = follower.track(List.of(), Progress.NONE);
            for (var refusal : report.refused()) assertThat(refusal.sentence()).isNotBlank();
            follower.syncNow();
            follower.conflicts();
            follower.untrack();
            return true;
        } catch (FileRefused | FileUnavailable | WriteRefused refused) {
            assertThat(refused.getMessage()).isNotBlank();
            return false;
        }
    }

    /// Runs what is allowed and works; the rest of a script has no effect.
    private static void execute(Path file, String sql) {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file); var statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            for (var one : statements(sql)) {
                try {
                    if (one.matches(ALLOWED) || one.equals("PRAGMA page_size = 512")) statement.execute(one);
                } catch (SQLException _) {
                    // the next one
                }
            }
        } catch (SQLException _) {
            // no file then
        }
    }

    /// Cut at semicolons that end a line or the text, so that the bodies of triggers stay whole.
    private static String[] statements(String sql) {
        return sql.replace("page_size = 512;", "page_size = 512;\n").split(";\\s*(\\n|$)");
    }

    private static void clear(Path file) throws IOException {
        for (var suffix : new String[] {"", "-wal", "-shm", "-journal"}) Files.deleteIfExists(Path.of(file + suffix));
    }
}
