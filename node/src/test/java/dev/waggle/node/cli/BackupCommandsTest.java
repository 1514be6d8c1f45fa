package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// `backup` and `restore` as a person uses them, and everything they refuse.
@Timeout(120)
class BackupCommandsTest {
    @TempDir Path folder;
    private Shell anna;
    private Path file;
    private Path backup;

    @BeforeEach void track() throws SQLException {
        anna = new Shell(folder.resolve("anna"), folder.resolve("state"));
        file = folder.resolve("a.sqlite");
        backup = folder.resolve("backup");
        sql(file, "CREATE TABLE task (id INTEGER PRIMARY KEY, title TEXT)");
        sql(file, "INSERT INTO task (title) VALUES ('one'), ('two')");
        anna.ask("track", file);
    }

    @AfterEach void stop() throws InterruptedException {
        anna.close();
    }

    @Tag("S12") @Test void a_backup_can_be_checked_and_restored_and_brings_the_rows_back() throws Exception {
        var made = anna.ask("backup", backup, "--with-key");
        assertThat(made.integer("spaces")).isEqualTo(1);
        assertThat(anna.ask("restore", backup, "--verify").get("good")).contains(Json.TRUE);
        for (var secret : List.of(backup, backup.resolve("state.key"), backup.resolve("node.sqlite")))
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret))).as(secret.toString()).endsWith("------");

        var elsewhere = new Shell(folder.resolve("new").resolve("data"), folder.resolve("new state"));
        var restored = elsewhere.ask("restore", backup, "--files", Files.createDirectory(folder.resolve("files")));
        assertThat(restored.text("key")).isEqualTo("restored");
        assertThat(restored.text("node")).isEqualTo(anna.ask("sync", "status").text("node"));
        elsewhere.up();
        assertThat(count(folder.resolve("files").resolve("a.sqlite"))).as("the file was made anew from the log").isEqualTo(2);
        elsewhere.close();
        assertThat(count(file)).isEqualTo(2);
    }

    @Test void a_backup_holds_no_key_and_no_token_unless_asked_and_says_what_that_means() throws Exception {
        anna.ask("backup", backup);
        assertThat(names(backup)).contains("backup.json", "folder.id", "node.sqlite", "spaces").doesNotContain("state.key", "hub.key", "token", "run.json", "lock");
        assertThat(anna.run("restore", backup, "--data", folder.resolve("here")).out()).contains("key is on this machine");
        var stranger = new Shell(folder.resolve("there"), folder.resolve("other state"));
        assertThat(stranger.run("restore", backup).out()).contains("neither in the backup nor on this machine").contains("--new-identity");
        assertThat(stranger.run("sync", "status").exit()).as("without its key it is nobody").isEqualTo(Exit.REFUSED);
    }

    @Test void nothing_is_ever_overwritten() throws Exception {
        Files.createDirectory(backup);
        anna.ask("backup", backup);
        assertThat(refused(anna.run("backup", backup))).contains("is not empty");
        assertThat(refused(anna.run("backup", file))).contains("is a file");
        assertThat(refused(anna.run("backup", anna.data().resolve("inside")))).contains("lies in the data folder");
        assertThat(refused(anna.run("restore", backup))).contains("is not empty");
        assertThat(refused(anna.run("restore", folder.resolve("nowhere"), "--data", folder.resolve("new")))).contains("holds no backup");
        assertThat(names(folder)).as("nothing is left over").containsExactlyInAnyOrder("anna", "state", "a.sqlite", "backup");
    }

    @Test void a_key_that_is_there_is_not_replaced_by_another() throws Exception {
        anna.ask("backup", backup, "--with-key");
        var state = folder.resolve("other state").resolve(Files.readString(backup.resolve("folder.id")).strip());
        Files.createDirectories(state);
        Files.writeString(state.resolve("key"), "00".repeat(32));
        var other = new Shell(folder.resolve("there"), folder.resolve("other state"));
        assertThat(refused(other.run("restore", backup))).contains("is the key of another node");
        assertThat(folder.resolve("there")).doesNotExist();
        Files.writeString(backup.resolve("state.key"), "00".repeat(32));
        assertThat(refused(anna.run("restore", backup, "--data", folder.resolve("new")))).contains("state.key has 64 bytes");
    }

    @Tag("S12") @Test void a_damaged_backup_is_refused_wherever_the_damage_is() throws Exception {
        anna.ask("backup", backup, "--with-key");
        var files = new ArrayList<Path>();
        try (var all = Files.walk(backup)) {
            all.filter(Files::isRegularFile).forEach(files::add);
        }
        assertThat(files).hasSizeGreaterThanOrEqualTo(5);
        for (var each : files) {
            var good = Files.readAllBytes(each);
            for (var bad : List.of(flipped(good), java.util.Arrays.copyOf(good, good.length - 1))) {
                Files.write(each, bad);
                assertThat(refused(anna.run("restore", backup, "--data", folder.resolve("new")))).as(each.toString()).contains("is damaged").contains("Use another backup");
                assertThat(anna.run("restore", backup, "--verify").exit()).isNotZero();
            }
            Files.delete(each);
            refused(anna.run("restore", backup, "--data", folder.resolve("new")));
            Files.write(each, good);
        }
        assertThat(folder.resolve("new")).doesNotExist();
        anna.ask("restore", backup, "--data", folder.resolve("new"));
    }

    /// What was damaged before it was copied has the right hashes: `--verify` looks into the logs, too.
    @Test void a_backup_of_a_damaged_log_is_found_out() throws Exception {
        var log = folder.resolve("anna").resolve("spaces").resolve(anna.ask("space", "show").text("id")).resolve("sync.sqlite");
        sql(log, "UPDATE chunks SET bytes = zeroblob(length(bytes))");
        sql(log, "UPDATE marks SET digest = zeroblob(8)");
        var left = folder.resolve("other");
        copyForBackup(log, left);
        assertThat(anna.run("restore", left, "--verify").out()).contains("mark");
    }

    private void copyForBackup(Path log, Path to) throws IOException {
        anna.ask("backup", to);
        var copy = to.resolve("spaces").resolve(log.getParent().getFileName()).resolve("sync.sqlite");
        assertThat(copy).exists();
    }

    private static byte[] flipped(byte[] good) {
        var bad = good.clone();
        bad[bad.length / 2] ^= 1;
        return bad;
    }

    private static String refused(Shell.Said said) {
        assertThat(said.exit()).as(said.toString()).isIn(Exit.REFUSED, Exit.USAGE);
        assertThat(said.err()).doesNotContain("bug").doesNotContain("Exception").matches("(?s)waggle: .+[.;] .+\\.\\s*");
        return said.err();
    }

    private static List<String> names(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.map(each -> each.getFileName().toString()).toList();
        }
    }

    private static long count(Path file) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file); var statement = connection.createStatement(); var row = statement.executeQuery("SELECT count(*) FROM task")) {
            return row.getLong(1);
        }
    }

    private static void sql(Path file, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file); var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }
}
