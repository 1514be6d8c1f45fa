package dev.waggle.lab.process;

import dev.waggle.core.event.Json;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/// Real nodes whose logs are condensed by a checkpoint, and nodes that come for what lies below it.
@Timeout(300)
class CondensedSpaceTest {
    private static final int ROWS = 2_000;
    @TempDir Path folder;
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<Notes> notes = new ArrayList<>();

    @BeforeEach void two_nodes_and_a_third_that_is_away() throws Exception {
        notes.add(Notes.create(folder.resolve("n1.sqlite")));
        nodes.add(new NodeProcess(folder.resolve("n1")).up());
        nodes.getFirst().ask("track", notes.getFirst().file());
        add();
        add();
        notes.getFirst().sql("INSERT INTO note (id, text) SELECT 'row ' || value, 'the text of row ' || value || ', which is as long as a sentence' FROM "
            + "(WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < " + ROWS + ") SELECT value FROM n)");
        notes.get(1).add("of the second");
        NodeProcess.await("all agree", () -> notes.stream().allMatch(each -> each.has("row " + ROWS, "of the second") && each.equals(notes.getFirst())));
        nodes.get(2).stop();
    }

    private void add() throws Exception {
        int number = nodes.size() + 1;
        var file = folder.resolve("n" + number + ".sqlite");
        nodes.add(new NodeProcess(folder.resolve("n" + number)).up());
        nodes.getLast().ask("join", nodes.getFirst().ask("invite").text("ticket"), file);
        notes.add(new Notes(file));
    }

    @AfterEach void stop() throws Exception {
        for (var node : nodes) node.close();
    }

    private Path log(int node) throws Exception {
        try (var files = Files.walk(folder.resolve("n" + (node + 1)))) {
            return files.filter(file -> file.endsWith("sync.sqlite")).findFirst().orElseThrow();
        }
    }

    private void compact(int node) throws Exception {
        NodeProcess.await("the checkpoint is here", () -> {
            var ended = nodes.get(node).run("log", "compact", "--json");
            return ended.exit() == 0 && ended.json().get("checkpoint").isPresent();
        });
    }

    @Tag("T06") @Tag("lesson-deleted-rows-return") @Test void nothing_changes_for_who_was_there_who_was_away_and_who_comes_later() throws Exception {
        assertThat(nodes.get(1).run("log", "compact", "--json").json().object("error").text("code")).as("no checkpoint yet").isEqualTo("not_condensed");
        for (int i = 0; i < 20; i++) notes.get(0).add("meanwhile " + i);
        notes.get(0).sql("DELETE FROM note WHERE id = 'row 9'");
        notes.get(2).add("written away");
        notes.get(2).sql("UPDATE note SET text = 'changed away' WHERE id = 'row 7'");
        var written = nodes.get(0).ask("log", "compact");
        assertThat(written.get("written")).contains(Json.TRUE);
        assertThat(written.get("condensed")).contains(Json.TRUE);
        compact(1);
        notes.get(0).add("after");

        nodes.get(2).up();
        add();
        NodeProcess.await("all agree", () -> notes.stream().allMatch(each -> each.has("meanwhile 19", "written away", "after", "row " + ROWS) && each.equals(notes.getFirst())));
        for (var each : notes) assertThat(each.ids()).as("deleted before it was condensed").doesNotContain("row 9");
        for (var node : nodes) assertThat(node.execute("log", "verify").ok().out()).contains("all good");
        var exported = folder.resolve("log.jsonl");
        nodes.get(3).execute("log", "export", "-o", exported).ok();
        assertThat(new ProcessBuilder("node", Path.of("..", "docs", "verify-log.mjs").toString(), exported.toString()).redirectErrorStream(true)
            .redirectOutput(folder.resolve("verified").toFile()).start().waitFor()).as(() -> read(folder.resolve("verified"))).isZero();

        nodes.get(0).stop();
        notes.get(3).add("while the owner is down");
        long before = Files.size(log(0));
        nodes.get(0).up();
        assertThat(Files.size(log(0))).isLessThan(before);
        NodeProcess.await("it has come back", () -> notes.get(0).has("while the owner is down") && IntStream.range(1, 4).allMatch(i -> notes.get(i).equals(notes.getFirst())));
        assertThat(nodes.get(0).ask("doctor").get("healthy")).contains(Json.TRUE);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }

    @Test void another_member_writes_the_checkpoints_once_the_owner_names_it_and_the_owner_does_not() throws Exception {
        var named = nodes.get(1).status().text("node");
        assertThat(nodes.get(1).run("log", "coordinator", "-", named, "--json").json().object("error").text("code")).isEqualTo("not_allowed");
        nodes.get(0).ask("log", "coordinator", "-", named.substring(0, 12));
        NodeProcess.await("it knows", () -> nodes.get(1).ask("space", "show").text("checkpoints_by").equals(named));
        assertThat(nodes.get(0).run("log", "compact", "--json").json().object("error").text("code")).as("no longer the owner's").isEqualTo("not_condensed");
        assertThat(nodes.get(1).ask("log", "compact").get("written")).contains(Json.TRUE);
        compact(0);
        nodes.get(0).ask("log", "coordinator", "-", "me");
        assertThat(nodes.get(0).ask("log", "compact").get("written")).contains(Json.TRUE);
        add();
        NodeProcess.await("who joins takes both", () -> notes.get(3).equals(notes.getFirst()));
    }

    @Test void a_log_is_condensed_by_itself_when_the_settings_say_so() throws Exception {
        nodes.get(0).stop();
        nodes.get(0).settings("{\"compaction\":{\"retention_days\":0,\"checkpoint_days\":0,\"checkpoint_events\":1}}").up();
        NodeProcess.await("it is condensed", () -> segments(0) > 0);
        compact(1);                                                              // is no owner, so the checkpoint came from there
    }

    private long segments(int node) {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + log(node)); var statement = connection.createStatement();
             var row = statement.executeQuery("SELECT count(*) FROM segments")) {
            return row.getLong(1);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Tag("N13") @Test void a_node_that_is_killed_while_it_takes_a_checkpoint_goes_on_where_it_was() throws Exception {
        for (int i = 0; i < 40; i++) notes.get(0).add("meanwhile " + i);
        nodes.get(0).ask("log", "compact");
        for (int i = 0; i < 4; i++) {
            nodes.get(2).begin();
            nodes.get(2).awaitUp();
            nodes.get(2).kill();
        }
        nodes.get(2).up();
        NodeProcess.await("all agree", () -> notes.stream().allMatch(each -> each.has("meanwhile 39") && each.equals(notes.getFirst())));
        assertThat(nodes.get(2).execute("log", "verify").ok().out()).contains("all good");
    }
}
