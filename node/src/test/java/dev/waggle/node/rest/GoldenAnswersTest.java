package dev.waggle.node.rest;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.net.wire.StrictJson;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/// The answers in `web/golden` are what the page's types are checked against; here they are checked against a node: members and their kinds, not their values. `-Dgolden=write` writes those anew
/// whose shape is another: read the difference before it is kept.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoldenAnswersTest {
    private static final Path GOLDEN = Path.of("..", "web", "golden");
    private static final int BYTES_MAX = 1 << 20;
    private static final String ASKED = """
        status,             a, /api/v1/sync/status
        node,               a, /api/v1/node
        history,            a, /api/v1/sync/history
        job,                a, /api/v1/jobs/{job}
        settings,           a, /api/v1/settings
        spaces,             a, /api/v1/spaces
        space,              a, /api/v1/spaces/a
        members,            a, /api/v1/spaces/a/members
        policies,           a, /api/v1/spaces/a/policies
        policies-hive,      a, /api/v1/spaces/bees/policies
        storage,            a, /api/v1/spaces/a/storage
        log,                a, /api/v1/spaces/a/log?limit=3
        log-entry,          a, /api/v1/spaces/a/log?after={offset}&limit=1&payloads=true
        chains,             a, /api/v1/spaces/a/log/chains
        tables,             a, /api/v1/spaces/a/tables
        rows,               a, /api/v1/spaces/a/rows?table=goods
        explain-event,      a, /api/v1/explain?event={event}
        explain-row,        a, '/api/v1/explain?space=a&table=goods&key=["honey"]'
        conflicts,          a, /api/v1/conflicts
        agents,             a, /api/v1/agents
        hives,              a, /api/v1/hives
        hive-feed,          a, /api/v1/hives/{hive}/feed?sort=new
        hive-post,          a, /api/v1/posts/{post}
        hive-comments,      a, /api/v1/posts/{post}/comments?sort=thread
        hive-members,       a, /api/v1/hives/{hive}/members
        projects,           a, /api/projects
        project,            a, /api/projects/{project}
        project-health,     a, /api/projects/{project}/sync-health
        project-nodes,      a, /api/projects/{project}/nodes
        project-conflicts,  a, /api/projects/{project}/conflicts
        project-tasks,      a, /api/projects/{project}/tasks
        task,               a, /api/tasks/{task}
        task-log,           a, /api/tasks/{task}/log
        swarm-projects,     a, /api/swarm-projects
        swarm-settings,     a, /api/swarm-settings
        peers,              a, /api/v1/peers
        sync-peers,         a, /api/v1/sync/peers
        groups,             a, /api/v1/sync/groups
        hub-link,           a, /api/v1/hub/link
        hub-link-projects,  a, /api/v1/hub/link/projects
        hub-organisations,  hub, /api/v1/hub/organisations
        hub-users,          hub, /api/v1/hub/users
        hub-keys,           hub, /api/v1/hub/keys
        hub-nodes,          hub, /api/v1/hub/nodes
        hub-projects,       hub, /api/v1/hub/projects
        hub-audit,          hub, /api/v1/hub/audit
        """;
    private Path folder;
    private GoldenWorld world;

    @BeforeAll void start(@TempDir Path folder) throws Exception {
        this.folder = folder;
        world = new GoldenWorld(folder);
    }

    @AfterAll void stop() {
        if (world != null) world.close();
    }

    @ParameterizedTest
    @CsvSource(textBlock = ASKED)
    void a_node_answers_in_the_shape_that_the_page_knows(String name, String node, String path) throws Exception {
        for (var id : world.ids.entrySet()) path = path.replace("{" + id.getKey() + "}", id.getValue());
        agrees(name, world.call(node, "GET", path));
    }

    @Test void what_is_done_is_answered_in_the_shape_that_the_page_knows() throws Exception {
        agrees("invite", world.call("a", "POST", "/api/v1/invite", Json.object("space", "a", "role", "writer", "expires", "1d")));
        agrees("removal-preview", world.call("a", "POST", "/api/v1/spaces/a/members/" + world.ids.get("b") + "/remove", Json.object("preview", true, "all", true)));
        agrees("peer-test", world.call("a", "POST", "/api/v1/peers/" + world.ids.get("b") + "/test", Json.object("timeout_ms", 5_000)));
        agrees("resync", world.call("a", "POST", "/api/v1/sync/groups/a/resync", Json.object()));
        agrees("hub-key", world.call("hub", "POST", "/api/v1/hub/keys/mill/rotate", Json.object()));
        var check = world.call("a", "POST", "/api/v1/doctor", Json.object());
        agrees("job-check", world.call("a", "GET", "/api/v1/jobs/" + check.text("id") + "?wait_ms=20000", Json.object()));
    }

    @Test void no_answer_is_kept_that_no_node_gives() throws Exception {
        var asked = ASKED.lines().map(line -> line.substring(0, line.indexOf(','))).collect(Collectors.toCollection(TreeSet::new));
        asked.addAll(List.of("invite", "removal-preview", "peer-test", "resync", "hub-key", "job-check"));
        try (var files = Files.list(GOLDEN)) {
            assertThat(files.map(file -> file.getFileName().toString().replace(".json", ""))).containsExactlyInAnyOrderElementsOf(asked);
        }
    }

    private void agrees(String name, Json.Obj answer) throws IOException {
        var file = GOLDEN.resolve(name + ".json");
        if ("write".equals(System.getProperty("golden")) && (!Files.exists(file) || !shape(read(file)).equals(shape(answer))))
            Files.writeString(file, harmless(indented(answer, "")) + "\n");
        assertThat(shape(answer)).isEqualTo(shape(read(file)));
    }

    /// Without the folder of this run and without secrets, even of nodes that are gone: nobody shall have to ask what they open.
    private String harmless(String text) {
        return text.replace(folder.toString(), "/home/ann").replaceAll("waggle_node_[0-9a-f]{64}", "waggle_node_" + "0".repeat(64)).replaceAll("waggle1[A-Za-z0-9_-]{40,}", "waggle1ticket");
    }

    private static Json.Obj read(Path file) throws IOException {
        return StrictJson.object(Files.readAllBytes(file), BYTES_MAX);
    }

    /// Members by name, each with its kinds; of a list the kinds of all its elements together.
    private static Object shape(Json json) {
        return switch (json) {
            case Json.Obj(var members) -> {
                var shapes = new TreeMap<String, Object>();
                members.forEach((name, value) -> shapes.put(name, shape(value)));
                yield shapes;
            }
            case Json.Arr(var elements) -> {
                var shapes = new TreeSet<String>();
                elements.forEach(each -> shapes.add(shape(each).toString()));
                yield shapes;
            }
            case Json.Str _ -> "text";
            case Json.Num _ -> "number";
            case Json.Bool _ -> "flag";
            case Json.Null _ -> "null";
        };
    }

    private static String indented(Json json, String indent) {
        var inner = indent + "  ";
        return switch (json) {
            case Json.Obj(var members) when !members.isEmpty() -> members.entrySet().stream().map(each -> inner + text(Json.of(each.getKey())) + ": " + indented(each.getValue(), inner))
                .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
            case Json.Arr(var elements) when !elements.isEmpty() -> elements.stream().map(each -> inner + indented(each, inner)).collect(Collectors.joining(",\n", "[\n", "\n" + indent + "]"));
            default -> text(json);
        };
    }

    private static String text(Json json) {
        return new String(Canonical.bytes(json), StandardCharsets.UTF_8);
    }
}
