package dev.waggle.lab.process;

import dev.waggle.store.compare.FileCompare;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/// A tracked file belongs to everybody's programs: several languages, and SQLite libraries from Debian's 3.40 to today's, all at once.
class ManyProgramsTest {
    private static final int TRANSACTIONS = 40;
    private static final List<String> SCHEMA = List.of("PRAGMA journal_mode = WAL",
        "CREATE TABLE item (id INTEGER PRIMARY KEY, mail TEXT COLLATE NOCASE UNIQUE, n INTEGER, v)",
        "CREATE TABLE tag (item INTEGER REFERENCES item ON DELETE CASCADE, name TEXT, weight REAL, PRIMARY KEY (item, name)) WITHOUT ROWID");
    private static final List<String> VALUES = List.of("'text ü 𝄞 it''s'", "x'00ff00'", "9223372036854775807", "-0.0", "9e999", "NULL", "1e15", "''");

    @TempDir private Path folder;

    /// @param command runs SQL lines from its input against a file, and first prints the version of its SQLite
    /// @param before  lines that only this program needs
    private record Program(String name, List<String> command, List<String> before) {
        static Program java(Path driver) {
            var classes = Path.of(java.net.URI.create(SqlLines.class.getProtectionDomain().getCodeSource().getLocation().toString()));
            return new Program(driver.getFileName().toString(), List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m", "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp", classes + ":" + driver, SqlLines.class.getName()), List.of());
        }

        static Program python() {
            return new Program("Python", List.of("python3", "-c", """
                import sqlite3, sys
                db = sqlite3.connect(sys.argv[1], timeout=20, isolation_level=None)
                print(sqlite3.sqlite_version)
                for line in sys.stdin.buffer: db.execute(line.decode())
                db.close()
                """), List.of());
        }

        static Program shell() {
            return new Program("sqlite3 shell", List.of("sqlite3", "-batch"), List.of(".bail on", ".timeout 20000", "SELECT sqlite_version();"));
        }

        boolean isHere() {
            return command.getFirst().contains("/") || java.util.stream.Stream.of(System.getenv("PATH").split(":")).anyMatch(path -> Files.isExecutable(Path.of(path, command.getFirst())));
        }
    }

    /// What program number `who` does: every kind of statement, on rows and unique values of its own, so that what comes out does not depend on who was first.
    private static List<String> script(int who) {
        var lines = new ArrayList<String>();
        int first = 10_000 * who;
        for (int i = 1; i <= TRANSACTIONS; i++) {
            int id = first + i;
            lines.add("BEGIN IMMEDIATE;");
            lines.add("INSERT INTO item VALUES (%d, 'm%d', 0, %s);".formatted(id, id, VALUES.get(i % VALUES.size())));
            lines.add("INSERT INTO tag VALUES (%d, 'red', %d.5), (%d, 'blue', NULL);".formatted(id, i, id));
            lines.add("UPDATE item SET n = n + 1 WHERE id BETWEEN %d AND %d;".formatted(id - 3, id));
            if (i % 5 == 0) lines.add("REPLACE INTO item VALUES (%d, 'M%d', 7, 'replaced %d');".formatted(id + 5_000, id - 2, id - 2));
            if (i % 7 == 0) lines.add("INSERT INTO item VALUES (%d, 'm%d', 1, 1) ON CONFLICT (mail) DO UPDATE SET v = 'upserted';".formatted(id + 6_000, id - 1));
            if (i % 11 == 0) lines.add("DELETE FROM tag WHERE item = %d; ".formatted(id - 1));
            if (i % 13 == 0) lines.add("UPDATE OR REPLACE item SET id = %d WHERE id = %d;".formatted(id + 7_000, id));
            lines.add(i % 17 == 0 ? "ROLLBACK;" : "COMMIT;");
        }
        return lines;
    }

    private static void sql(Path file, List<String> statements) throws Exception {
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + file); var statement = db.createStatement()) {
            for (var each : statements) statement.execute(each);
        }
    }

    @Test void programs_in_many_languages_over_old_and_new_sqlite_write_into_one_tracked_file_at_once() throws Exception {
        var programs = new ArrayList<Program>();
        try (var drivers = Files.list(Path.of("target", "drivers"))) {
            drivers.filter(path -> path.toString().endsWith(".jar")).sorted().map(path -> Program.java(path.toAbsolutePath())).forEach(programs::add);
        }
        for (var other : List.of(Program.python(), Program.shell())) {
            if (other.isHere()) programs.add(other);
            else System.out.println("not here and left out: " + other.name);
        }
        var left = folder.resolve("left.sqlite");
        var right = folder.resolve("right.sqlite");
        var expected = folder.resolve("expected.sqlite");
        sql(left, SCHEMA);
        sql(expected, SCHEMA);
        try (var a = new NodeProcess(folder.resolve("a")); var b = new NodeProcess(folder.resolve("b"))) {
            a.up();
            b.up();
            a.ask("track", left);
            b.ask("join", a.ask("invite").text("ticket"), right);
            var versions = runAll(programs, left);
            System.out.println("programs over SQLite " + versions);
            assertThat(versions).as("old and new").contains("3.41.2").hasSizeGreaterThanOrEqualTo(4);
            for (int who = 1; who <= programs.size(); who++) sql(expected, script(who));
            assertThat(FileCompare.compare(left, expected, 3)).as("the programs' own file is as without Waggle").matches(found -> found.isEqual());
            NodeProcess.await("the other file has everything", () -> FileCompare.compare(right, expected, 1).isEqual());
            assertThat(a.status().array("spaces").getFirst().asObject().integer("conflicts")).isZero();
            a.run("log", "verify").ok();
        }
    }

    /// Starts all at once and feeds each.
    ///
    /// @return the versions of SQLite that they use
    private TreeSet<String> runAll(List<Program> programs, Path file) throws Exception {
        var running = new ArrayList<Process>();
        var outputs = new ArrayList<Path>();
        for (var program : programs) {
            var command = new ArrayList<>(program.command);
            command.add(file.toString());
            outputs.add(Files.createTempFile(folder, "program", ".out"));
            running.add(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(outputs.getLast().toFile()).start());
        }
        var feeders = new ArrayList<Thread>();
        for (int i = 0; i < running.size(); i++) {
            var lines = new ArrayList<>(programs.get(i).before);
            lines.addAll(script(i + 1));
            var input = running.get(i).getOutputStream();
            feeders.add(Thread.ofVirtual().start(() -> {
                try (input) {
                    input.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
                } catch (IOException _) {
                    // it ended early: its exit code and output say why
                }
            }));
        }
        var versions = new TreeSet<String>();
        for (int i = 0; i < running.size(); i++) {
            var process = running.get(i);
            if (!process.waitFor(120, TimeUnit.SECONDS)) {
                running.forEach(Process::destroyForcibly);
                throw new AssertionError(programs.get(i).name + " did not end: " + Files.readString(outputs.get(i)));
            }
            var output = Files.readString(outputs.get(i)).strip();
            assertThat(process.exitValue()).as(programs.get(i).name + ": " + output).isZero();
            assertThat(output).as(programs.get(i).name).matches("[0-9.]+");
            versions.add(output);
        }
        for (var feeder : feeders) feeder.join();
        return versions;
    }
}
