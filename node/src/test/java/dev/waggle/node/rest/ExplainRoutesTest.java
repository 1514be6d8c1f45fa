package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.NodeSettings;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What the route takes, and what it refuses.
@Timeout(60)
class ExplainRoutesTest {
    @TempDir Path folder;
    private NodeService service;

    @BeforeEach void start() {
        var flags = new NodeSettings.Flags(Optional.of(folder.resolve("data")), Optional.empty(), List.of(), Optional.empty(), false);
        service = NodeService.start(NodeSettings.read(flags, Map.of("WAGGLE_STATE", folder.resolve("state").toString())).withoutRest(), bug -> {
            throw new AssertionError(bug);
        });
    }

    @AfterEach void stop() {
        service.close();
    }

    private Json.Obj call(String method, String target, Json.Obj body) {
        return ((Reply.Document) service.call(method, target, body)).json() instanceof Json.Obj answer ? answer : Json.object();
    }

    private Json.Obj explain(String query) {
        return call("GET", "/api/v1/explain?" + query, Json.object());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test void an_ambiguous_beginning_is_refused_with_the_choices() {
        call("POST", "/api/v1/agents", Json.object("name", "ann", "key", false));
        call("POST", "/api/v1/hives", Json.object("name", "bees"));
        var seen = new HashMap<String, String>();
        String twice = null;
        for (int i = 0; i < 5_000 && twice == null; i++) {
            call("POST", "/api/v1/hives/bees/posts", Json.object("title", "post " + i));
            var id = call("GET", "/api/v1/spaces/bees/log?limit=1", Json.object()).array("entries").getFirst().asObject().text("id");
            if (seen.put(id.substring(0, 4), id) != null) twice = id.substring(0, 4);
        }
        var begins = twice;
        assertThatThrownBy(() -> explain("event=" + begins)).isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.code()).isEqualTo(ErrorCode.NOT_FOUND))
            .hasMessageContaining("More than one event's id begins like that: " + begins);
        assertThat(explain("event=" + seen.get(begins) + "&space=bees").text("id")).isEqualTo(seen.get(begins));
        assertThat(explain("event=" + seen.get(begins).toUpperCase(java.util.Locale.ROOT)).object("view").get("applied")).contains(Json.TRUE);
    }

    @Test void a_key_is_one_value_or_an_array_of_strings() throws Exception {
        var file = folder.resolve("a.sqlite");
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + file); var run = db.createStatement()) {
            run.execute("CREATE TABLE one (id INTEGER PRIMARY KEY, v BLOB)");
            run.execute("CREATE TABLE two (a TEXT, b REAL, c, PRIMARY KEY (a, b))");
            run.execute("INSERT INTO one VALUES (7, x'00ff')");
            run.execute("INSERT INTO two VALUES ('[x', 1.5, 'c')");
        }
        service.node().track(file, List.of(), Optional.empty(), dev.waggle.store.capture.Progress.NONE);
        assertThat(explain("table=one&key=7").text("title")).isEqualTo("row (7) of one in \"a\"");
        assertThat(explain("table=one&key=7").array("fields").getLast().asObject().text("value")).isEqualTo("x'00ff'");
        assertThat(explain("table=two&space=a&key=" + encoded("[\"[x\",\"1.5\"]")).text("state")).isEqualTo("shown");
        for (var wrong : List.of("table=two&key=" + encoded("[\"[x\""), "table=two&key=" + encoded("[1, 2]"), "table=one", "table=one&key=7&event=1234", "", "table=two&key=x"))
            assertThatThrownBy(() -> explain(wrong)).as(wrong).isInstanceOf(Problem.class);
        assertThat(call("GET", "/api/v1/spaces/a/tables", Json.object()).array("tables")).hasSize(2);
    }
}
