package dev.waggle.lab.process;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.node.NodeSettings;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// A machine whose clock is a year ahead, then one that believes it is 1970: nothing is lost, both are told, honest stamps stay honest.
@Timeout(300)
class WrongClockTest {
    private static final long YEAR_MS = 365L * 86_400_000;
    @TempDir Path folder;

    @Tag("T02") @Tag("T04") @Tag("F07") @Test void events_of_a_wrong_clock_are_held_shown_and_written_again_when_it_is_right() throws Exception {
        var left = Notes.create(folder.resolve("left.sqlite"));
        var right = new Notes(folder.resolve("right.sqlite"));
        left.add("n1");
        try (var a = new NodeProcess(folder.resolve("a")); var b = new NodeProcess(folder.resolve("b"))) {
            a.up();
            b.up();
            a.ask("track", left.file());
            b.ask("join", a.ask("invite").text("ticket"), right.file());
            b.stop();

            b.environment(NodeSettings.CLOCK_OFFSET, Long.toString(YEAR_MS)).up();
            right.add("of next year");
            NodeProcess.await("the peer holds it", () -> space(a).integer("held") > 0);
            NodeProcess.await("its author is told", () -> reasons(b).contains("clock"));
            assertThat(reasons(b)).contains("365 days ahead of");
            assertThat(b.run("sync", "status").exit()).isEqualTo(dev.waggle.node.problem.Exit.DIFFERENCE);
            left.add("honest");
            NodeProcess.await("honest events go on", () -> right.has("honest"));
            assertThat(left.has("of next year")).isFalse();
            assertThat(newestStamp(a)).as("the honest clock is not dragged along").isLessThan(System.currentTimeMillis() + 60_000);
            b.stop();

            b.environment(NodeSettings.CLOCK_OFFSET, Long.toString(-System.currentTimeMillis() + 1_000)).up();
            right.add("of 1970");
            left.add("meanwhile");
            NodeProcess.await("1970 is told", () -> reasons(b).contains("behind its peers'"));
            assertThat(left.has("of 1970")).isFalse();
            b.stop();

            b.environment(NodeSettings.CLOCK_OFFSET, null).up();
            NodeProcess.await("all that was written arrives", () -> left.has("n1", "of next year", "honest", "of 1970", "meanwhile"));
            NodeProcess.await("both are equal", () -> left.equals(right));
            NodeProcess.await("nothing is held any more", () -> space(a).integer("held") == 0);
            NodeProcess.await("both are ready", () -> reasons(a).isEmpty() && reasons(b).isEmpty());
            NodeProcess.await("the logs are equal", () -> a.run("sync", "now", "--timeout", "5", "--json").json().integer("agreed") == 1);
            a.run("log", "verify").ok();
            b.run("log", "verify").ok();
        }
    }

    /// The peer's events are held back only for as long as nobody writes something new: the repaired node does not wait for its programs.
    @Tag("T02") @Test void what_was_held_is_written_again_although_no_program_writes() throws Exception {
        var left = Notes.create(folder.resolve("left.sqlite"));
        var right = new Notes(folder.resolve("right.sqlite"));
        try (var a = new NodeProcess(folder.resolve("a")); var b = new NodeProcess(folder.resolve("b"))) {
            a.up();
            b.up();
            a.ask("track", left.file());
            b.ask("join", a.ask("invite").text("ticket"), right.file());
            b.stop();
            b.environment(NodeSettings.CLOCK_OFFSET, Long.toString(YEAR_MS)).up();
            right.add("of next year");
            NodeProcess.await("the peer holds it", () -> space(a).integer("held") > 0);
            b.stop();
            b.environment(NodeSettings.CLOCK_OFFSET, null).up();
            NodeProcess.await("it arrives", () -> left.has("of next year"));
        }
    }

    /// Its peer's clock was as wrong and believed it; then its disk was put back to an image from before, and it holds its own events when they come back.
    @Tag("T02") @Tag("S09") @Test void what_a_restored_machine_wrote_with_a_wrong_clock_comes_back_and_is_written_again() throws Exception {
        var left = Notes.create(folder.resolve("left.sqlite"));
        var right = new Notes(folder.resolve("right.sqlite"));
        var image = folder.resolve("image");
        try (var a = new NodeProcess(folder.resolve("a")); var b = new NodeProcess(folder.resolve("b")); var c = new NodeProcess(folder.resolve("c"))) {
            a.up();
            b.up();
            c.up();
            a.ask("track", left.file());
            b.ask("join", a.ask("invite").text("ticket"), right.file());
            c.ask("join", a.ask("invite").text("ticket"), folder.resolve("third.sqlite").toString());
            b.ask("peer", "add", c.status().text("node"), c.address());
            NodeProcess.await("they have met", () -> b.run("sync", "now", "--timeout", "5", "--json").json().integer("agreed") == 2);
            a.stop();
            c.stop();
            b.stop();
            FolderFaultsTest.copy(b.data(), image);
            FolderFaultsTest.copy(right.file(), folder.resolve("right.image"));

            var ahead = Long.toString(YEAR_MS);
            a.environment(NodeSettings.CLOCK_OFFSET, ahead).up();
            b.environment(NodeSettings.CLOCK_OFFSET, ahead).up();
            right.add("of next year");
            NodeProcess.await("the peer, whose clock is as wrong, has it", () -> left.has("of next year"));
            a.stop();
            b.stop();
            FolderFaultsTest.delete(b.data());
            for (var suffix : List.of("", "-wal", "-shm")) Files.deleteIfExists(Path.of(right.file() + suffix));
            FolderFaultsTest.copy(image, b.data());
            FolderFaultsTest.copy(folder.resolve("right.image"), right.file());

            c.up();
            b.environment(NodeSettings.CLOCK_OFFSET, null).up();
            long since = System.currentTimeMillis();
            NodeProcess.await("its clock is found right before anybody can give it anything back", () -> agreedMs(b) > since);
            a.environment(NodeSettings.CLOCK_OFFSET, null).up();
            NodeProcess.await("it is back", () -> right.has("of next year"));
            NodeProcess.await("nothing is held", () -> space(a).integer("held") + space(b).integer("held") == 0);
            NodeProcess.await("the logs are equal", () -> b.run("sync", "now", "--timeout", "5", "--json").json().integer("agreed") == 2);
            assertThat(left.equals(right)).isTrue();
        }
    }

    /// The battery is empty and the network away. Its own events are no events of the future then: were they written anew, every edit that others
    /// made of these rows would be an edit of rows that never were.
    @Tag("T04") @Tag("T02") @Test void a_machine_whose_clock_fell_back_takes_nothing_back() throws Exception {
        var left = new Notes(folder.resolve("left.sqlite"));
        var right = new Notes(folder.resolve("right.sqlite"));
        left.sql("CREATE TABLE item (id INTEGER PRIMARY KEY, text TEXT)");
        try (var a = new NodeProcess(folder.resolve("a")); var b = new NodeProcess(folder.resolve("b"))) {
            var monthAgo = Long.toString(-30L * 86_400_000);
            a.environment(NodeSettings.CLOCK_OFFSET, monthAgo).up();
            b.environment(NodeSettings.CLOCK_OFFSET, monthAgo).up();
            a.ask("track", left.file());
            b.ask("join", a.ask("invite").text("ticket"), right.file());
            a.stop();
            b.stop();

            a.environment(NodeSettings.CLOCK_OFFSET, null).up();
            b.environment(NodeSettings.CLOCK_OFFSET, null).up();
            right.sql("INSERT INTO item VALUES (1, 'from b')");
            NodeProcess.await("it arrives", () -> items(left).equals("1 from b"));
            NodeProcess.await("their clocks agreed, and b will know", () -> agreedMs(b) > System.currentTimeMillis() - 86_400_000);
            b.stop();
            left.sql("UPDATE item SET text = 'edited by a'");
            NodeProcess.await("it is in a's log", () -> space(a).integer("queue") == 0);
            a.stop();

            b.environment(NodeSettings.CLOCK_OFFSET, Long.toString(-10L * 86_400_000)).up();
            right.sql("INSERT INTO item VALUES (2, 'ten days back')");
            NodeProcess.await("b says that its clock is wrong", () -> reasons(b).contains("nothing is written until"));
            b.stop();

            a.up();
            b.environment(NodeSettings.CLOCK_OFFSET, null).up();
            NodeProcess.await("all is there", () -> items(left).equals("1 edited by a, 2 ten days back"));
            NodeProcess.await("both are equal", () -> left.equals(right));
            NodeProcess.await("both are ready", () -> reasons(a).isEmpty() && reasons(b).isEmpty());
            assertThat(space(a).integer("conflicts")).isZero();
        }
    }

    /// When b knew last that a peer's clock agreed with its own, as it will know after a restart.
    private static long agreedMs(NodeProcess node) {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:file:" + node.data().resolve("node.sqlite") + "?mode=ro"); var statement = connection.createStatement();
             var rows = statement.executeQuery("SELECT value FROM setting WHERE name = 'clock_agreed_ms'")) {
            return rows.next() ? rows.getLong(1) : 0;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String items(Notes notes) {
        try (var connection = notes.open(); var statement = connection.createStatement();
             var rows = statement.executeQuery("SELECT group_concat(id || ' ' || text, ', ') FROM (SELECT * FROM item ORDER BY id)")) {
            return String.valueOf(rows.getString(1));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Json.Obj space(NodeProcess node) {
        return node.status().array("spaces").getFirst().asObject();
    }

    private static String reasons(NodeProcess node) {
        return String.join(" ", node.status().array("reasons").stream().map(Json::asText).toList());
    }

    /// The greatest stamp of the events that `node` itself wrote.
    private static long newestStamp(NodeProcess node) {
        var self = node.status().text("node");
        return node.run("log", "export").ok().out().lines()
            .map(line -> Canonical.parseObject(line.getBytes(StandardCharsets.UTF_8)))
            .map(line -> Canonical.parseObject(line.text("payload").getBytes(StandardCharsets.UTF_8)).object("$"))
            .filter(envelope -> envelope.text("origin").equals(self)).mapToLong(envelope -> envelope.array("ts").getFirst().asInteger()).max().orElseThrow();
    }
}
