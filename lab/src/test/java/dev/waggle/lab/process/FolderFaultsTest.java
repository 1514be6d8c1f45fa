package dev.waggle.lab.process;

import dev.waggle.node.problem.Exit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.DriverManager;
import java.util.HashSet;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/// Data folders that are used twice, copied, restored from older backups, or written by a newer Waggle. A node that cannot prove that it
/// continues its own life opens new epochs; nobody's writes are lost, and no place of a chain is written twice.
@Timeout(120)
class FolderFaultsTest {
    @TempDir Path folder;
    private NodeProcess a;
    private NodeProcess b;
    private Notes left;
    private Notes right;

    @BeforeEach void two_nodes_are_in_sync() throws Exception {
        a = new NodeProcess(folder.resolve("a"));
        b = new NodeProcess(folder.resolve("b"));
        left = Notes.create(folder.resolve("left.sqlite"));
        left.add("n1");
        a.up();
        b.up();
        a.ask("track", left.file());
        right = new Notes(folder.resolve("right.sqlite"));
        b.ask("join", a.ask("invite").text("ticket"), right.file());
        NodeProcess.await("both are equal", () -> left.equals(right));
    }

    @AfterEach void stop() throws Exception {
        a.close();
        b.close();
    }

    @Tag("S07") @Tag("S11") @Test void a_second_up_and_folders_of_a_newer_waggle_are_refused() throws Exception {
        var second = a.upEnds();
        assertThat(second.exit()).isEqualTo(Exit.REFUSED);
        TwoSentences.in(second).contains("is in use by process").contains("--data");
        left.add("n2");
        NodeProcess.await("the first one works on", () -> right.has("n2"));

        b.stop();
        long version = version(b.data().resolve("node.sqlite"), 99);
        var newer = b.upEnds();
        assertThat(newer.exit()).isEqualTo(Exit.REFUSED);
        TwoSentences.in(newer).contains("newer Waggle");
        version(b.data().resolve("node.sqlite"), version);
        var log = b.data().resolve("spaces").resolve(a.ask("space", "show").text("id")).resolve("sync.sqlite");
        version = version(log, 99);
        right.add("n3");
        b.up();
        assertThat(b.status().toString()).contains("newer Waggle");
        assertThat(b.run("sync", "status").exit()).isEqualTo(Exit.DIFFERENCE);
        b.stop();
        version(log, version);
        b.up();
        NodeProcess.await("nothing was lost", () -> left.has("n3"));
    }

    /// Sets `PRAGMA user_version`.
    ///
    /// @return what it was
    private static long version(Path file, long version) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file); var statement = connection.createStatement()) {
            long before;
            try (var rows = statement.executeQuery("PRAGMA user_version")) {
                before = rows.getLong(1);
            }
            statement.execute("PRAGMA user_version = " + version);
            return before;
        }
    }

    @Test void a_copied_data_folder_without_its_state_is_nobody_until_it_is_told_to_be_a_new_node() throws Exception {
        b.stop();
        try (var copy = new NodeProcess(folder.resolve("copy"))) {
            copy(b.data(), copy.data());
            copy(right.file(), folder.resolve("copy.sqlite"));
            b.up();
            var refused = copy.upEnds();
            assertThat(refused.exit()).isEqualTo(Exit.REFUSED);
            TwoSentences.in(refused).contains("whose key is not on this machine").contains("--new-identity");
            assertThat(refused.err()).doesNotContain("bug");

            copy.up("--new-identity", "--listen", "127.0.0.1:0");
            assertThat(copy.status().text("node")).isNotEqualTo(b.status().text("node"));
            right.add("by the original");
            NodeProcess.await("the original is served", () -> left.has("by the original"));
            assertThat(copy.run("log", "verify").exit()).isZero();
        }
    }

    @Tag("S08") @Test void a_copied_data_folder_with_its_state_forks_nothing_and_loses_nothing() throws Exception {
        b.stop();
        // The whole machine was cloned: the copy has the key and the lineage, too.
        try (var copy = new NodeProcess(folder.resolve("copy"))) {
            copy(b.data(), copy.data());
            copy(b.state(), copy.state());
            var twin = new Notes(folder.resolve("twin.sqlite"));
            copyFile(right, twin);
            moveTracked(copy, right, twin);
            b.up();
            copy.up();
            right.add("by the original");
            twin.add("by the copy");
            right.add("by the original again");
            twin.add("by the copy again");
            var all = new String[] {"n1", "by the original", "by the copy", "by the original again", "by the copy again"};
            NodeProcess.await("both sides' writes survive on the third", () -> left.has(all));
            left.add("by the third");
            NodeProcess.await("and on the original", () -> right.has(all) && right.has("by the third"));
            NodeProcess.await("and on the copy", () -> twin.has(all) && twin.has("by the third"));
            NodeProcess.await("all are equal", () -> left.equals(right) && left.equals(twin));
            a.run("log", "verify").ok();
            copy.run("log", "verify").ok();
        }
    }

    /// The clone's file lies at another path here, where in the world it would be another disk.
    private static void moveTracked(NodeProcess node, Notes from, Notes to) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + node.data().resolve("node.sqlite"));
             var update = connection.prepareStatement("UPDATE space SET file = ? WHERE file = ?")) {
            update.setString(1, to.file().toString());
            update.setString(2, from.file().toString());
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
    }

    @Tag("S09") @Tag("N05") @Test void a_restored_older_backup_of_the_data_folder_opens_new_epochs_and_converges() throws Exception {
        b.stop();
        copy(b.data(), folder.resolve("backup"));
        b.up();
        right.add("after the backup");
        NodeProcess.await("it is known to others", () -> left.has("after the backup"));
        var before = epochs();
        b.stop();
        delete(b.data());
        copy(folder.resolve("backup"), b.data());
        b.up();
        NodeProcess.await("it says so (it prints after it answers)", () -> b.printed().contains("goes on under new epochs"));
        right.add("after the restore");
        NodeProcess.await("all is there", () -> left.has("after the backup", "after the restore"));
        NodeProcess.await("both are equal", () -> left.equals(right));
        assertThat(epochs()).as("a new epoch").hasSizeGreaterThan(before.size());
        assertThat(a.ask("space", "show").integer("forks")).isZero();
        a.run("log", "verify").ok();
        b.run("log", "verify").ok();
    }

    @Test void a_restored_older_backup_of_the_tracked_file_converges_and_loses_nothing() throws Exception {
        right.add("deleted later");
        NodeProcess.await("it arrived", () -> left.has("deleted later"));
        b.stop();
        var backup = new Notes(folder.resolve("backup.sqlite"));
        copyFile(right, backup);
        b.up();
        right.add("after the backup");
        left.add("from the other side");
        left.sql("DELETE FROM note WHERE id = 'deleted later'");
        NodeProcess.await("all is in sync", () -> left.equals(right) && left.has("after the backup", "from the other side") && !right.has("deleted later"));
        b.stop();
        copyFile(backup, right);
        right.add("into the restored file");
        b.up();
        NodeProcess.await("nothing is lost", () -> left.has("after the backup", "from the other side", "into the restored file"));
        NodeProcess.await("both are equal", () -> left.equals(right));
        assertThat(left.has("deleted later")).as("a restored backup brings no deleted rows back").isFalse();
    }

    @Tag("S09") @Tag("N05") @Test void a_restored_backup_of_everything_converges() throws Exception {
        b.stop();
        copy(b.data(), folder.resolve("backup"));
        var backup = new Notes(folder.resolve("backup.sqlite"));
        copyFile(right, backup);
        b.up();
        right.add("after the backup");
        left.add("from the other side");
        NodeProcess.await("all is in sync", () -> left.equals(right) && left.has("after the backup", "from the other side"));
        b.stop();
        delete(b.data());
        copy(folder.resolve("backup"), b.data());
        copyFile(backup, right);
        right.add("into the restored file");
        b.up();
        NodeProcess.await("nothing is lost", () -> left.has("after the backup", "from the other side", "into the restored file"));
        NodeProcess.await("both are equal", () -> left.equals(right));
        b.run("log", "verify").ok();
    }

    @Tag("S10") @Test void a_node_whose_logs_are_lost_is_filled_again_and_writes_under_a_new_epoch() throws Exception {
        right.add("written before");
        NodeProcess.await("it is known to others", () -> left.has("written before"));
        var before = epochs();
        b.stop();
        delete(b.data().resolve("spaces"));
        right.add("written meanwhile");
        b.up();
        NodeProcess.await("all is there", () -> left.has("written before", "written meanwhile") && left.equals(right));
        assertThat(epochs()).as("a new epoch").hasSizeGreaterThan(before.size());
        assertThat(a.ask("space", "show").integer("forks")).isZero();
        a.run("log", "verify").ok();
        b.run("log", "verify").ok();
    }

    /// The key was in the folder: whoever lost it comes back as somebody new, and what only the file has comes with it.
    @Tag("S10") @Test void a_node_whose_folder_is_lost_is_a_new_member_and_the_rows_of_its_file_come_with_it() throws Exception {
        var id = b.status().text("node");
        a.stop();
        right.add("known to nobody else");
        NodeProcess.await("it was logged", () -> b.run("sync", "status", "--json").out().contains("\"queue\":0"));
        b.stop();
        delete(b.data());
        right.add("written meanwhile");
        a.up();
        left.add("from the other side");
        b.up();
        assertThat(b.status().text("node")).isNotEqualTo(id);
        b.ask("join", a.ask("invite").text("ticket"), right.file());
        NodeProcess.await("nothing is lost", () -> left.has("n1", "known to nobody else", "written meanwhile", "from the other side"));
        NodeProcess.await("both are equal", () -> left.equals(right));
        assertThat(left.ids()).as("and nothing is there twice").hasSize(4);
        a.run("log", "verify").ok();
        b.run("log", "verify").ok();
    }

    /// Under which epochs anybody ever wrote, as the other node knows it.
    private Set<String> epochs() {
        var epochs = new HashSet<String>();
        a.run("log", "export").ok().out().lines().forEach(line -> {
            int at = line.indexOf("\\\"epoch\\\":\\\"");
            epochs.add(line.substring(at, at + 50));
        });
        return epochs;
    }

    /// A file with what still lies in its journal.
    private static void copyFile(Notes from, Notes to) throws IOException {
        for (var end : new String[] {"", "-wal", "-shm"}) {
            var source = Path.of(from.file() + end);
            var target = Path.of(to.file() + end);
            Files.deleteIfExists(target);
            if (Files.exists(source)) Files.copy(source, target);
        }
    }

    static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) throws IOException {
                Files.copy(each, to.resolve(from.relativize(each).toString()), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }

            @Override public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
                Files.copy(each, to.resolve(from.relativize(each).toString()), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    static void delete(Path root) throws IOException {
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }

            @Override public FileVisitResult postVisitDirectory(Path each, IOException failed) throws IOException {
                if (failed != null) throw failed;
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
