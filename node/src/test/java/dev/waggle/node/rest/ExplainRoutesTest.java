package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import org.junit.jupiter.api.AutoClose;
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
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What the route takes, and what it refuses.
@Timeout(60)
class ExplainRoutesTest {
    @TempDir Path folder;
    @AutoClose private TestNode node;

    @BeforeEach void start() {
        node = TestNode.unserved(folder);
    }

    private Json.Obj explain(String query) {
        return node.get("/api/v1/explain?" + query);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test void an_ambiguous_beginning_is_refused_with_the_choices() {
        node.call("POST", "/api/v1/agents", Json.object("name", "ann", "key", false));
        node.call("POST", "/api/v1/hives", Json.object("name", "bees"));
        var seen = new HashMap<String, String>();
        String twice = null;
        for (int i = 0; i < 5_000 && twice == null; i++) {
            node.call("POST", "/api/v1/hives/bees/posts", Json.object("title", "post " + i));
            var id = node.get("/api/v1/spaces/bees/log?limit=1").array("entries").getFirst().asObject().text("id");
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
        node.node().track(file, List.of(), Optional.empty(), dev.waggle.store.capture.Progress.NONE);
        assertThat(explain("table=one&key=7").text("title")).isEqualTo("row (7) of one in \"a\"");
        assertThat(explain("table=one&key=7").array("fields").getLast().asObject().text("value")).isEqualTo("x'00ff'");
        assertThat(explain("table=two&space=a&key=" + encoded("[\"[x\",\"1.5\"]")).text("state")).isEqualTo("shown");
        for (var wrong : List.of("table=two&key=" + encoded("[\"[x\""), "table=two&key=" + encoded("[1, 2]"), "table=one", "table=one&key=7&event=1234", "", "table=two&key=x"))
            assertThatThrownBy(() -> explain(wrong)).as(wrong).isInstanceOf(Problem.class);
        assertThat(node.get("/api/v1/spaces/a/tables").array("tables")).hasSize(2);
    }
}
