package dev.waggle.lab.process;

import dev.waggle.core.event.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// Three real nodes: what each of them says of a change is what is the case, and nothing that it cannot know.
@Timeout(300)
class ExplainTest {
    @TempDir Path folder;
    private ThreeNodes three;
    private List<NodeProcess> nodes;
    private List<Notes> notes;

    @BeforeEach void three_nodes_are_in_sync() throws Exception {
        three = ThreeNodes.start(folder);
        nodes = three.nodes;
        notes = three.notes;
        notes.get(1).add("seed");
        NodeProcess.await("all agree", () -> notes.stream().allMatch(each -> each.has("seed")));
    }

    @AfterEach void stop() throws Exception {
        if (three != null) three.close();
    }

    private Json.Obj row(int node, String id) {
        return nodes.get(node).ask("explain", notes.get(node).file(), "note", id);
    }

    private static List<String> says(Json.Obj answer, String kind) {
        return answer.array("steps").stream().map(Json::asObject).filter(step -> step.text("kind").equals(kind)).map(step -> step.text("says")).toList();
    }

    private String self(int node) {
        return nodes.get(node).ask("member", "list").array("members").stream().map(Json::asObject).filter(each -> each.get("self").filter(Json.TRUE::equals).isPresent())
            .findFirst().orElseThrow().text("node");
    }

    private static String knowledge(Json.Obj event, String node) {
        return event.array("holders").stream().map(Json::asObject).filter(each -> each.text("node").equals(node)).map(each -> each.text("knowledge")).findFirst().orElse("");
    }

    @Tag("lesson-black-box") @Test void a_change_is_followed_from_its_program_to_every_node_and_to_what_voids_it() throws Exception {
        var ids = List.of(self(0), self(1), self(2));
        NodeProcess.await("both others acknowledged", () -> {
            var event = row(1, "seed").array("events").getFirst().asObject();
            return knowledge(event, ids.get(0)).equals("acknowledged") && !knowledge(event, ids.get(2)).isEmpty();
        });
        assertThat(says(row(2, "seed"), "shown")).allMatch(says -> says.contains("set by node " + ids.get(1).substring(0, 8)));

        nodes.get(2).stop();
        notes.get(0).sql("UPDATE note SET text = 'from the first' WHERE id = 'seed'");
        notes.get(2).sql("UPDATE note SET text = 'from the third' WHERE id = 'seed'");
        NodeProcess.await("the second has it, and of the third nothing is known", () -> {
            var event = row(0, "seed").array("events").getFirst().asObject();
            return knowledge(event, ids.get(1)).equals("acknowledged") && knowledge(event, ids.get(2)).equals("not_acknowledged");
        });
        var open = nodes.get(0).ask("explain", row(0, "seed").array("events").getFirst().asObject().text("id"));
        assertThat(open.text("summary")).isEqualTo("It is in effect here; 1 of 2 other members are known to have it.");
        assertThat(says(open, "not_known")).singleElement().asString().contains("is not known to have it").doesNotContain("does not have");

        nodes.get(2).up();
        NodeProcess.await("all three say which value lost", () -> List.of(0, 1, 2).stream().allMatch(node -> says(row(node, "seed"), "lost").size() == 1));
        assertThat(row(1, "seed").array("fields")).isEqualTo(row(0, "seed").array("fields")).isEqualTo(row(2, "seed").array("fields"));

        nodes.get(2).stop();
        notes.get(2).add("in spite");
        nodes.get(0).ask("member", "remove", ids.get(2).substring(0, 12));
        nodes.get(2).up();
        NodeProcess.await("what the third wrote is void, and why", () -> {
            var entries = nodes.get(0).ask("log", "show", "--limit", "50").array("entries").stream().map(Json::asObject).filter(entry -> entry.text("verdict").equals("void") && entry.get("id").isPresent()).toList();
            return !entries.isEmpty() && says(nodes.get(0).ask("explain", entries.getLast().text("id")), "void").toString().contains("(member_removed by this node");
        });
        var told = nodes.get(0).run("explain", notes.get(0).file(), "note", "in spite");
        assertThat(told.out()).contains("No event that counts makes it.").contains("void.");
    }
}
