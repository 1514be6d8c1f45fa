package dev.waggle.lab.process;

import dev.waggle.core.Property;
import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// User's files that cannot be used, for now or at all. The node says why, keeps serving its other files, and goes on by itself.
@Timeout(120)
class FileFaultsTest {
    @TempDir Path folder;
    private NodeProcess node;

    @BeforeEach void start() throws Exception {
        node = new NodeProcess(folder.resolve("node"));
    }

    @AfterEach void stop() throws Exception {
        node.close();
    }

    @Test void files_that_are_no_database_encrypted_read_only_or_of_a_newer_waggle_are_refused_and_left_as_they_are() throws Exception {
        node.up();
        var letter = Files.writeString(folder.resolve("letter.txt"), "dear ".repeat(500));
        var encrypted = folder.resolve("encrypted.sqlite");
        var noise = new byte[8_192];
        Property.random(1).nextBytes(noise);
        Files.write(encrypted, noise);
        for (var file : new Path[] {letter, encrypted}) {
            var before = Files.readAllBytes(file);
            refused("track", file).contains("is not an SQLite database, or it is encrypted");
            assertThat(Files.readAllBytes(file)).isEqualTo(before);
        }
        refused("track", folder.resolve("missing.sqlite")).contains("There is no file");

        var newer = Notes.create(folder.resolve("newer.sqlite"));
        node.ask("track", newer.file());
        node.ask("untrack", newer.file());
        node.ask("track", newer.file(), "--name", "again");
        node.stop();
        newer.sql("UPDATE waggle_state SET format = 99");
        node.up();
        var state = node.ask("space", "show", "again").text("state");
        TwoSentences.in(state).contains("newer Waggle");
        assertThat(node.status().get("ready")).contains(Json.FALSE);
        refused("track", newer.file(), "note").contains("newer Waggle");
        newer.add("still works for programs");
        newer.sql("UPDATE waggle_state SET format = 1");
        node.stop();
        node.up();
        NodeProcess.await("what was written meanwhile is taken", () -> node.ask("space", "show", "again").text("state").equals("in sync"));
    }

    @Test void a_tracked_file_that_is_moved_away_or_replaced_is_named_within_seconds_with_the_way_out() throws Exception {
        node.up();
        var notes = Notes.create(folder.resolve("notes.sqlite"));
        notes.add("n1");
        node.ask("track", notes.file());
        NodeProcess.await("it is followed", () -> space("notes").text("state").equals("in sync"));
        var kept = folder.resolve("kept.sqlite");
        var letter = folder.resolve("letter.txt");
        for (boolean replaced : new boolean[] {true, false}) {
            Files.move(notes.file(), kept);
            if (replaced) Files.move(Files.writeString(letter, "dear ".repeat(500)), notes.file());
            var says = replaced ? "is not an SQLite database" : "is not there any more";
            NodeProcess.await("it is named: " + says, Duration.ofSeconds(10), () -> {
                var said = node.run("sync", "status").out();
                return said.contains("NOT READY: ") && said.contains(says) && said.contains("put it back");
            });
            assertThat(node.status().object("light").text("color")).isEqualTo("red");
            assertThat(node.status().object("light").text("says")).contains(says);
            Files.move(kept, notes.file(), StandardCopyOption.REPLACE_EXISTING);
            NodeProcess.await("it is taken up again", () -> space("notes").text("state").equals("in sync") && node.status().get("ready").equals(Optional.of(Json.TRUE)));
        }
        Files.delete(notes.file());
        NodeProcess.await("it is named", () -> node.run("sync", "status").out().contains("is not there any more"));
        node.ask("untrack", notes.file());
        var ticket = node.ask("invite").text("ticket");
        node.run("join", ticket, notes.file()).ok();
        NodeProcess.await("it is made anew from the log", () -> notes.has("n1"));
    }

    private AbstractStringAssert<?> refused(Object... command) {
        var said = node.run(command);
        assertThat(said.exit()).as(said.toString()).isEqualTo(Exit.REFUSED);
        return TwoSentences.in(said);
    }

    @Tag("S05") @Test void a_file_on_a_read_only_disk_is_refused_and_followed_again_when_it_can_be_written() throws Exception {
        try (var disk = SmallDisk.mount(folder.resolve("disk"), 2)) {
            assumeTrue(disk.isMounted(), "needs the right to mount a tmpfs");
            var file = Notes.create(disk.path().resolve("notes.sqlite"));
            file.sql("PRAGMA journal_mode = DELETE");
            file.add("n1");
            disk.readOnly(true);
            node.up();
            refused("track", file.file()).contains("read-only").contains("right to write");
            assertThat(node.ask("space", "list").array("spaces")).isEmpty();
            disk.readOnly(false);
            assertThat(node.ask("track", file.file()).integer("rows")).isEqualTo(1);
        }
    }

    @Test void a_file_that_another_program_locks_is_waited_for_named_and_taken_up_again() throws Exception {
        node.up();
        var locked = Notes.create(folder.resolve("locked.sqlite"));
        var other = Notes.create(folder.resolve("other.sqlite"));
        var untracked = Notes.create(folder.resolve("untracked.sqlite"));
        locked.sql("PRAGMA journal_mode = DELETE");
        untracked.sql("PRAGMA journal_mode = DELETE");
        node.ask("track", locked.file());
        node.ask("track", other.file());
        long before = space("locked").integer("log_offset");
        try (var program = locked.open(); var statement = program.createStatement(); var another = untracked.open(); var hold = another.createStatement()) {
            hold.execute("BEGIN EXCLUSIVE");
            statement.execute("BEGIN EXCLUSIVE");
            statement.execute("INSERT INTO note VALUES ('written under the lock', '')");
            long otherBefore = space("other").integer("log_offset");
            other.add("another file");
            NodeProcess.await("other files are followed meanwhile", () -> space("other").integer("log_offset") > otherBefore);
            refused("track", untracked.file()).contains("has been locked by another program");
            NodeProcess.await("the lock is named", () -> space("locked").text("state").contains("locked by another program"));
            statement.execute("COMMIT");
        }
        NodeProcess.await("it is taken up again", () -> space("locked").integer("log_offset") > before && space("locked").text("state").equals("in sync"));
        assertThat(node.status().get("ready")).contains(Json.TRUE);
        node.ask("track", untracked.file());
    }

    private Json.Obj space(String name) {
        return node.ask("space", "show", name);
    }

    @Tag("S05") @Test void a_full_disk_under_the_users_file_holds_changes_back_until_there_is_space() throws Exception {
        try (var disk = SmallDisk.mount(folder.resolve("disk"), 4); var writer = new NodeProcess(folder.resolve("writer"))) {
            assumeTrue(disk.isMounted(), "needs the right to mount a tmpfs");
            var source = Notes.create(folder.resolve("source.sqlite"));
            source.add("n1");
            writer.up();
            node.up();
            writer.ask("track", source.file());
            var there = new Notes(disk.path().resolve("there.sqlite"));
            node.ask("join", writer.ask("invite").text("ticket"), there.file());
            var ballast = disk.fill();
            for (int i = 0; i < 20; i++) source.add("large " + i, "x".repeat(20_000));
            NodeProcess.await("the full disk is named", () -> node.status().array("spaces").getFirst().asObject().text("state").contains("is full"));
            TwoSentences.in(node.status().array("spaces").getFirst().asObject().text("state") + ".").contains("free some space");
            assertThat(node.alive()).isTrue();
            Files.delete(ballast);
            NodeProcess.await("it goes on by itself", () -> there.has("large 19"));
            NodeProcess.await("both are equal", () -> source.equals(there));
        }
    }

    @Tag("S05") @Test void a_full_disk_under_the_data_folder_stops_nothing_for_good() throws Exception {
        try (var disk = SmallDisk.mount(folder.resolve("disk"), 8); var peer = new NodeProcess(folder.resolve("peer"))) {
            assumeTrue(disk.isMounted(), "needs the right to mount a tmpfs");
            var here = Notes.create(folder.resolve("here.sqlite"));
            try (var full = new NodeProcess(disk.path().resolve("data"), folder.resolve("state"))) {
                full.up();
                peer.up();
                full.ask("track", here.file());
                var there = new Notes(folder.resolve("there.sqlite"));
                peer.ask("join", full.ask("invite").text("ticket"), there.file());
                var ballast = disk.fill();
                for (int i = 0; i < 10; i++) here.add("here " + i, "x".repeat(10_000));
                for (int i = 0; i < 10; i++) there.add("there " + i, "y".repeat(10_000));
                NodeProcess.await("the full disk is named", () -> full.status().array("spaces").getFirst().asObject().text("state").contains("full"));
                assertThat(full.alive()).isTrue();
                Files.delete(ballast);
                NodeProcess.await("it goes on by itself", () -> here.has("there 9") && there.has("here 9"));
                NodeProcess.await("both are equal", () -> here.equals(there));
                full.run("log", "verify").ok();
            }
        }
    }
}
