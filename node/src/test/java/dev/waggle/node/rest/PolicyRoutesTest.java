package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Problem;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(60)
class PolicyRoutesTest {
    @TempDir Path folder;
    @AutoClose private TestNode node;

    @BeforeEach void start() throws Exception {
        node = TestNode.unserved(folder);
        var file = folder.resolve("shop.sqlite");
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + file); var sql = db.createStatement()) {
            sql.execute("CREATE TABLE goods (id TEXT PRIMARY KEY, price INTEGER)");
            sql.execute("CREATE TABLE sales (id TEXT PRIMARY KEY, good TEXT)");
        }
        node.completes(node.call("POST", "/api/v1/track", Json.object("file", file.toString(), "name", "shop")));
    }

    @Test void each_table_has_the_default_until_a_policy_is_named_for_it_or_for_all() {
        assertThat(policies()).isEqualTo(Map.of("goods", "merge", "sales", "merge", "*", "merge"));
        change(Json.object("table", "sales", "policy", "union"));
        assertThat(policies()).isEqualTo(Map.of("goods", "merge", "sales", "union", "*", "merge"));
        change(Json.object("policy", "last-write"));
        assertThat(policies()).isEqualTo(Map.of("goods", "last-write", "sales", "union", "*", "last-write"));
        assertThat(shown("shop").get("may_change")).contains(Json.TRUE);
        assertThat(shown("shop").array("choices")).hasSize(3).allMatch(each -> each.asObject().text("says").endsWith("."));
    }

    @Test void what_makes_no_sense_is_refused_and_writes_nothing() {
        long before = events();
        assertThatThrownBy(() -> change(Json.object("table", "goods", "policy", "newest"))).isInstanceOf(Problem.class).hasMessage("There is no such policy.");
        assertThatThrownBy(() -> change(Json.object("table", "nothing", "policy", "union"))).isInstanceOf(Problem.class).hasMessageContaining("no table \"nothing\"");
        assertThatThrownBy(() -> change(Json.object("table", "goods"))).isInstanceOf(Problem.class);
        assertThat(events()).isEqualTo(before);
    }

    @Test void a_board_and_a_hive_have_nothing_to_choose_and_say_their_rules() {
        node.call("POST", "/api/v1/agents", Json.object("name", "ann", "key", false));
        node.call("POST", "/api/v1/hives", Json.object("name", "bees"));
        assertThat(shown("bees").array("rules")).isNotEmpty();
        assertThat(shown("bees").array("choices")).isEmpty();
        assertThat(shown("bees").array("tables")).isEmpty();
        assertThat(shown("bees").get("may_change")).contains(Json.FALSE);
        assertThatThrownBy(() -> node.call("POST", "/api/v1/spaces/bees/policies", Json.object("policy", "union"))).isInstanceOf(Problem.class).hasMessageContaining("its rules are fixed");
    }

    private Map<String, String> policies() {
        var shown = shown("shop");
        var found = new java.util.TreeMap<String, String>();
        for (var each : shown.array("tables")) found.put(each.asObject().text("table"), each.asObject().text("policy"));
        found.put("*", shown.text("others"));
        return found;
    }

    private long events() {
        return node.get("/api/v1/spaces/shop").integer("events");
    }

    private Json.Obj shown(String space) {
        return node.get("/api/v1/spaces/" + space + "/policies");
    }

    private void change(Json.Obj body) {
        node.call("POST", "/api/v1/spaces/shop/policies", body);
        node.node().space("shop").follower().orElseThrow().syncNow();
    }
}
