package dev.waggle.lab.process;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/// A hub whose logs are in a real PostgreSQL, which is killed, comes back, and is replaced by a copy of what it was.
@Timeout(300)
class PostgresHubTest {
    @TempDir Path folder;

    @Tag("S01") @Tag("S09") @Test void nothing_is_lost_when_the_server_is_killed_and_what_a_restored_database_lacks_comes_from_the_others() throws Exception {
        try (var postgres = new Postgres(folder.resolve("cluster")); var hub = new NodeProcess(folder.resolve("hub")); var a = new NodeProcess(folder.resolve("a"));
             var b = new NodeProcess(folder.resolve("b"))) {
            postgres.sql("postgres", "CREATE DATABASE hub");
            hub.up("--hub", "--database", postgres.url("hub"));
            NodeProcess.await("it says where its logs are", () -> hub.printed().contains("logs               jdbc:postgresql://localhost") && hub.printed().contains("as postgres"));
            a.up();
            b.up();
            var here = Notes.create(folder.resolve("a.sqlite"));
            here.add("first");
            a.ask("track", here.file(), "--name", "notes");
            var middle = new Notes(folder.resolve("hub.sqlite"));
            hub.ask("join", a.ask("invite", "--role", "moderator").text("ticket"), middle.file());
            var there = new Notes(folder.resolve("b.sqlite"));
            b.ask("join", hub.ask("invite").text("ticket"), there.file());
            NodeProcess.await("all have it", () -> there.has("first"));
            try (Stream<Path> files = Files.walk(hub.data())) {
                assertThat(files.filter(file -> file.endsWith("sync.sqlite"))).as("no log in a file").isEmpty();
            }
            assertThat(hub.execute("log", "verify").ok().out()).contains("all good");

            postgres.kill();
            middle.add("written at the hub while its database is away");
            here.add("written elsewhere meanwhile");
            NodeProcess.await("the hub says so", () -> !hub.isReady());
            assertThat(hub.alive()).isTrue();
            postgres.start();
            NodeProcess.await("all agree again", () -> Stream.of(here, middle, there).allMatch(each -> each.has("written at the hub while its database is away",
                "written elsewhere meanwhile")));

            hub.kill();
            postgres.sql("postgres", "CREATE DATABASE dump TEMPLATE hub");
            hub.up("--hub", "--database", postgres.url("hub"));
            middle.add("after the dump");
            NodeProcess.await("it has left the hub", () -> here.has("after the dump"));
            hub.stop();
            postgres.sql("postgres", "DROP DATABASE hub");
            postgres.sql("postgres", "ALTER DATABASE dump RENAME TO hub");
            hub.up("--hub", "--database", postgres.url("hub"));
            NodeProcess.await("it says what it found", () -> hub.printed().contains("restored dump"));
            middle.add("after the restore");
            NodeProcess.await("what the dump lacked is there again", () -> Stream.of(here, middle, there).allMatch(each -> each.has("after the dump", "after the restore")
                && each.equals(here)));
            for (var node : new NodeProcess[] {hub, a, b}) assertThat(node.execute("log", "verify").ok().out()).contains("all good");
            assertThat(hub.ask("doctor").get("healthy")).contains(Json.TRUE);
        }
    }

    @Test void a_database_that_is_down_or_forgotten_is_said_in_a_sentence_and_shows_no_password() throws Exception {
        try (var postgres = new Postgres(folder.resolve("cluster")); var hub = new NodeProcess(folder.resolve("hub"))) {
            var down = hub.upEnds("--database", "jdbc:postgresql://me:s3cret@localhost:1/hub");
            assertThat(down.exit()).isEqualTo(Exit.REFUSED);
            assertThat(down.err()).contains("localhost:1/hub").contains("Check that PostgreSQL runs there").doesNotContain("s3cret").doesNotContain("\tat ");
            var other = hub.upEnds("--database", "jdbc:mysql://me:s3cret@localhost:1/hub");
            assertThat(other.exit()).isEqualTo(Exit.USAGE);
            assertThat(other.err()).contains("jdbc:postgresql://host:5432/name").doesNotContain("s3cret");
            hub.up("--database", postgres.url("postgres"));
            hub.ask("track", Notes.create(folder.resolve("n.sqlite")).file());
            hub.stop();
            var forgotten = hub.upEnds();
            assertThat(forgotten.exit()).isEqualTo(Exit.USAGE);
            assertThat(forgotten.err()).contains("The logs of this node are in a PostgreSQL database").contains("--database");
        }
    }

    private static void deleteViews(NodeProcess node) throws Exception {
        try (Stream<Path> files = Files.walk(node.data().resolve("spaces"))) {
            for (var view : files.filter(file -> file.getFileName().toString().startsWith("view")).toList()) Files.delete(view);
        }
    }

    private static Json.Obj storage(NodeProcess node, String space) throws Exception {
        return node.rest("GET", "/api/v1/spaces/" + space + "/storage", null).ok();
    }

    @Tag("S09") @Test void a_hub_is_restored_from_a_backup_of_its_folder_and_a_dump_of_its_logs_and_its_views_are_made_again_from_whole_logs() throws Exception {
        var moved = folder.resolve("moved");
        try (var postgres = new Postgres(folder.resolve("cluster")); var hub = new NodeProcess(folder.resolve("hub")); var a = new NodeProcess(folder.resolve("a"));
             var again = new NodeProcess(moved.resolve("data"), moved.resolve("state"))) {
            postgres.sql("postgres", "CREATE DATABASE hub");
            hub.up("--hub", "--database", postgres.url("hub"));
            var address = hub.address();
            hub.ask("hub", "org", "add", "acme");
            var key = hub.ask("hub", "key", "add", "acme", "berlin").text("secret");
            a.environment("WAGGLE_HUB_URL", "http://" + address).environment("WAGGLE_NODE_API_KEY", key).up();
            NodeProcess.await("a is at the hub", () -> a.run("hub", "show").exit() == Exit.OK);
            a.ask("project", "add", "garden");
            a.run("import", "board", BoardAsk.tasks(folder), "--json").ok();
            a.ask("hub", "publish", "garden");
            hub.ask("project", "add", "garden", "--swarm", "garden");
            var tasks = BoardAsk.all(a, "garden");
            NodeProcess.await("the hub shows all tasks", () -> BoardAsk.all(hub, "garden").equals(tasks));
            assertThat(tasks).hasSizeGreaterThan(2_000);

            // What the page asks of a space's storage
            var there = storage(hub, "garden");
            assertThat(there.get("log_bytes")).as("many share the database").isEmpty();
            assertThat(there.integer("view_bytes")).isGreaterThan(100_000);
            assertThat(there.integer("events")).isGreaterThan(2_000);
            assertThat(there.integer("open_events") + there.integer("covered_events")).isGreaterThan(2_000);
            assertThat(storage(a, "garden").integer("log_bytes")).as("a file here").isGreaterThan(100_000);

            // Views are made again from whole logs
            hub.stop();
            deleteViews(hub);
            hub.up("--hub", "--database", postgres.url("hub"));
            NodeProcess.await("all is shown again", () -> BoardAsk.all(hub, "garden").equals(tasks));
            assertThat(hub.ask("hub", "node", "list").array("nodes")).as("so are the accounts").hasSize(1);

            // A backup while it works, a dump, and another machine
            var made = hub.run("backup", folder.resolve("backup"), "--with-key").ok();
            assertThat(made.out()).contains("pg_dump").contains("jdbc:postgresql://localhost");
            a.ask("task", "add", "after the backup", "--project", "garden");
            NodeProcess.await("it is at the hub", () -> BoardAsk.count(hub, "garden") == tasks.size() + 1);
            hub.kill();
            postgres.sql("postgres", "CREATE DATABASE dump TEMPLATE hub");
            postgres.sql("postgres", "DROP DATABASE hub");
            var restored = again.run("restore", folder.resolve("backup")).ok();
            assertThat(restored.out()).contains("restore the dump").contains("up --database");
            var without = again.upEnds("--hub");
            assertThat(without.exit()).isEqualTo(Exit.USAGE);
            assertThat(without.err()).contains("in a PostgreSQL database");
            again.up("--hub", "--listen", address, "--database", postgres.url("dump"));
            NodeProcess.await("it is the same hub to its nodes", () -> a.run("hub", "show").exit() == Exit.OK);
            a.ask("task", "add", "after the restore", "--project", "garden");
            NodeProcess.await("all is there", () -> BoardAsk.all(again, "garden").equals(BoardAsk.all(a, "garden")) && BoardAsk.count(again, "garden") == tasks.size() + 2);
            for (var node : new NodeProcess[] {again, a}) assertThat(node.execute("log", "verify", "garden").ok().out()).contains("all good");
            assertThat(again.ask("doctor").get("healthy")).contains(Json.TRUE);
        }
    }
}
