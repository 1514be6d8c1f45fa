package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.net.wire.StrictJson;
import dev.waggle.node.NodeSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

import static org.assertj.core.api.Assertions.assertThat;

/// The answers in `web/golden` are what the page's types are checked against; here they are checked against a node: members and their kinds, not their values.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoldenAnswersTest {
    private static final Path GOLDEN = Path.of("..", "web", "golden");
    private static final int BYTES_MAX = 1 << 20;
    private NodeService service;

    @BeforeAll void start(@TempDir Path folder) throws Exception {
        var flags = new NodeSettings.Flags(Optional.of(folder.resolve("data")), Optional.empty(), List.of(), Optional.empty(), false);
        service = NodeService.start(NodeSettings.read(flags, Map.of("WAGGLE_STATE", folder.resolve("state").toString())).withoutRest(), bug -> {
            throw new AssertionError(bug);
        });
        var file = folder.resolve("a.sqlite");
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + file); var sql = db.createStatement()) {
            sql.execute("CREATE TABLE goods (id TEXT PRIMARY KEY, n INT)");
            sql.execute("CREATE TABLE sales (id TEXT PRIMARY KEY)");
            sql.execute("INSERT INTO goods VALUES ('honey', 3)");
        }
        var job = call("POST", "/api/v1/track", Json.object("file", file.toString(), "name", "a"));
        assertThat(call("GET", "/api/v1/jobs/" + job.text("id") + "?wait_ms=20000", Json.object()).text("state")).isEqualTo("done");
    }

    @AfterAll void stop() {
        service.close();
    }

    @ParameterizedTest
    @CsvSource({"status,/api/v1/sync/status", "space,/api/v1/spaces/a", "policies,/api/v1/spaces/a/policies", "storage,/api/v1/spaces/a/storage", "members,/api/v1/spaces/a/members",
        "log,/api/v1/spaces/a/log?limit=3", "chains,/api/v1/spaces/a/log/chains", "settings,/api/v1/settings", "tables,/api/v1/spaces/a/tables"})
    void a_node_answers_in_the_shape_that_the_page_knows(String name, String path) throws Exception {
        var golden = StrictJson.object(Files.readAllBytes(GOLDEN.resolve(name + ".json")), BYTES_MAX);
        assertThat(shape(call("GET", path, Json.object()))).isEqualTo(shape(golden));
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

    private Json.Obj call(String method, String path, Json.Obj body) {
        return ((Reply.Document) service.call(method, path, body)).json().asObject();
    }
}
