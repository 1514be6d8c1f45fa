package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Problem;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// A hive's log of some hundred events: more than one block of what is read at once.
@Timeout(60)
class LogRoutesTest {
    private static final int POSTS = 620;
    @TempDir Path folder;
    @AutoClose private TestNode node;
    private long last;

    @BeforeEach void start() {
        node = TestNode.unserved(folder);
        node.call("POST", "/api/v1/agents", Json.object("name", "ann", "key", false));
        node.call("POST", "/api/v1/hives", Json.object("name", "bees"));
        for (int i = 0; i < POSTS; i++) node.call("POST", "/api/v1/hives/bees/posts", Json.object("title", "post " + i));
        last = get("?limit=1").integer("last_offset");
    }

    @Test void pages_forwards_and_backwards_hold_every_entry_once() {
        assertThat(last).isGreaterThan(POSTS);
        assertThat(walk("?limit=200&after=", 0)).containsExactlyElementsOf(LongStream.rangeClosed(1, last).boxed().toList());
        assertThat(walk("?limit=170&before=", last + 1)).containsExactlyElementsOf(LongStream.rangeClosed(1, last).map(i -> last + 1 - i).boxed().toList());
        assertThat(offsets(get("?limit=3"))).containsExactly(last - 2, last - 1, last);
        assertThat(offsets(get("?limit=3&before=" + Json.INTEGER_MAX))).containsExactly(last, last - 1, last - 2);
    }

    @Test void a_filter_finds_the_few_among_the_many_from_either_side() {
        assertThat(walk("?limit=5&type=genesis&before=", last + 1)).containsExactly(1L);
        assertThat(walk("?limit=5&type=genesis&after=", 0)).containsExactly(1L);
        assertThat(walk("?limit=100&type=post_created&before=", last + 1)).hasSize(POSTS).isSortedAccordingTo((a, b) -> Long.compare(b, a));
        assertThat(walk("?limit=100&verdict=void&before=", last + 1)).isEmpty();
        assertThat(walk("?limit=500&origin=" + node.node().id().hex().substring(0, 8) + "&before=", last + 1)).hasSize((int) last);
        assertThat(walk("?limit=500&origin=zz&before=", last + 1)).isEmpty();
        assertThatThrownBy(() -> get("?verdict=maybe")).isInstanceOf(Problem.class).hasMessageContaining("no such verdict");
    }

    @Test void an_entry_names_its_parents_and_a_chain_its_ends() {
        var entries = get("?after=0&limit=3").array("entries");
        assertThat(entries.get(0).asObject().get("prev")).contains(Json.NULL);
        assertThat(entries.get(1).asObject().text("prev")).isEqualTo(entries.get(0).asObject().text("id"));
        var chains = get("/chains");
        var chain = chains.array("chains").getFirst().asObject();
        assertThat(chains.integer("chains_count")).isEqualTo(1);
        assertThat(List.of(chain.integer("first_offset"), chain.integer("last_offset"), chain.integer("seq"))).containsExactly(1L, last, last);
        assertThat(chain.get("head")).contains(Json.TRUE);
        assertThat(chains.array("waiting")).isEmpty();
    }

    private List<Long> walk(String query, long from) {
        var found = new ArrayList<Long>();
        for (long at = from;;) {
            var page = get(query + at);
            found.addAll(offsets(page));
            if (page.get("next").filter(next -> !next.equals(Json.NULL)).isEmpty()) return found;
            at = page.integer("next");
        }
    }

    private static List<Long> offsets(Json.Obj page) {
        return page.array("entries").stream().map(entry -> entry.asObject().integer("offset")).toList();
    }

    private Json.Obj get(String query) {
        return node.get("/api/v1/spaces/bees/log" + query);
    }
}
