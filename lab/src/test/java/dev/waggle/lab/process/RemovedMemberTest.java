package dev.waggle.lab.process;

import dev.waggle.core.event.Json;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// Three real nodes. One is removed while it is cut off, and writes on.
@Timeout(300)
class RemovedMemberTest {
    @TempDir Path folder;
    private ThreeNodes three;
    private List<NodeProcess> nodes;
    private List<Notes> notes;

    @BeforeEach void three_nodes_are_in_sync() throws Exception {
        three = ThreeNodes.start(folder);
        nodes = three.nodes;
        notes = three.notes;
        for (int i = 0; i < 3; i++) notes.get(i).add("before " + i);
        NodeProcess.await("all agree", () -> notes.stream().allMatch(each -> each.has("before 0", "before 1", "before 2") && each.equals(notes.getFirst())));
    }

    @AfterEach void stop() throws Exception {
        if (three != null) three.close();
    }

    private long voids(int node) {
        return nodes.get(node).ask("space", "show").integer("void");
    }

    @Tag("A05") @Test void what_it_writes_on_is_void_everywhere_and_it_is_told() throws Exception {
        var owner = nodes.get(0);
        var removed = nodes.get(2);
        var id = removed.ask("member", "list").array("members").stream().map(Json::asObject).filter(each -> each.get("self").filter(Json.TRUE::equals).isPresent())
            .findFirst().orElseThrow().text("node");
        removed.stop();
        notes.get(2).add("offline");
        notes.get(2).sql("UPDATE note SET text = 'vandalised' WHERE id = 'before 0'");

        var preview = owner.ask("member", "remove", id.substring(0, 12), "--preview", "--all");
        assertThat(preview.integer("events")).isPositive();
        assertThat(preview.integer("records")).isEqualTo(1);
        assertThat(owner.ask("member", "list").array("members")).as("a preview changes nothing").hasSize(3);
        owner.ask("member", "remove", id.substring(0, 12));
        notes.get(0).add("after");

        removed.up();
        NodeProcess.await("it is told", () -> removed.ask("member", "list").get("removed_by").filter(Json.Str.class::isInstance).isPresent());
        assertThat(removed.execute("sync", "status").out()).contains("removed from the space");
        notes.get(2).add("in spite");
        NodeProcess.await("what it wrote arrived and is void", () -> voids(0) >= 2 && voids(1) >= 2);
        NodeProcess.await("the others agree", () -> notes.get(1).has("after") && notes.get(0).equals(notes.get(1)));
        for (int i = 0; i < 2; i++) assertThat(notes.get(i).ids()).contains("before 2").doesNotContain("offline", "in spite");
        assertThat(notes.get(2).ids()).as("served nothing").doesNotContain("after").contains("offline", "in spite");
        assertThat(nodes.get(1).ask("member", "list").array("former").getFirst().asObject().text("node")).isEqualTo(id);

        owner.ask("member", "add", id);
        owner.ask("member", "readmit", id);
        NodeProcess.await("taken in again, with what it wrote", () -> notes.get(0).has("offline", "in spite") && notes.get(2).has("after") && notes.stream().allMatch(each ->
            each.equals(notes.getFirst())));
        assertThat(voids(0)).isZero();
        NodeProcess.await("it knows", () -> removed.ask("member", "list").get("removed_by").filter(Json.Str.class::isInstance).isEmpty());
        for (var node : nodes) node.execute("log", "verify").ok();
    }

    @Tag("A06") @Test void roles_and_ownership_are_given_and_refused() throws Exception {
        var ids = new ArrayList<String>();
        for (var node : nodes) ids.add(node.ask("member", "list").array("members").stream().map(Json::asObject)
            .filter(each -> each.get("self").filter(Json.TRUE::equals).isPresent()).findFirst().orElseThrow().text("node"));
        var writer = nodes.get(1);
        assertThat(writer.run("member", "remove", ids.get(2), "--json").json().object("error").text("code")).isEqualTo("not_allowed");
        assertThat(writer.run("member", "claim", "--json").exit()).isEqualTo(4);
        nodes.get(0).ask("member", "role", ids.get(1), "moderator");
        NodeProcess.await("a moderator", () -> role(writer, ids.get(1)).equals("moderator"));
        writer.ask("member", "role", ids.get(2), "reader");
        NodeProcess.await("a reader", () -> role(nodes.get(2), ids.get(2)).equals("reader"));
        nodes.get(0).ask("member", "transfer", ids.get(1));
        NodeProcess.await("a new owner", () -> role(nodes.get(2), ids.get(1)).equals("owner") && role(nodes.get(2), ids.get(0)).equals("moderator"));
        assertThat(nodes.get(0).run("member", "transfer", ids.get(2), "--json").json().object("error").text("code")).isEqualTo("not_allowed");
        notes.get(0).add("still a member");
        NodeProcess.await("rows", () -> notes.get(1).has("still a member") && notes.get(2).has("still a member"));
    }

    private static String role(NodeProcess node, String id) {
        return node.ask("member", "list").array("members").stream().map(Json::asObject).filter(each -> each.text("node").equals(id)).map(each -> each.text("role"))
            .findFirst().orElse("none");
    }
}
