package dev.waggle.node.mirror;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.node.rest.Reply;
import dev.waggle.node.rest.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import static dev.waggle.node.mirror.FakeSource.comment;
import static dev.waggle.node.mirror.FakeSource.deleted;
import static dev.waggle.node.mirror.FakeSource.id;
import static dev.waggle.node.mirror.FakeSource.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// A node with mirrors, and sources that behave and misbehave. Nothing is polled by itself here: each test says when.
@Timeout(60)
class MirrorsTest {
    private static final String ROUTE = "/api/v1/sync/subscriptions";
    @TempDir Path folder;
    private TestNode node;
    private FakeSource source;

    @BeforeEach void start() throws Exception {
        open();
        source = new FakeSource();
    }

    private void open() {
        node = TestNode.start(TestNode.settings(folder).unreachable());
    }

    @AfterEach void stop() {
        node.close();
        source.close();
    }

    private Json.Obj call(String method, String target, Json.Obj body) {
        return node.call(method, target, body);
    }

    private Json.Obj get(String target) {
        return call("GET", target, Json.object());
    }

    private Json.Obj subscribe(FakeSource to, String hive) {
        return call("POST", ROUTE, Json.object("instance_url", to.url(), "remote_hive_name", hive));
    }

    private Json.Obj poll(String subscription) {
        return call("POST", ROUTE + "/" + subscription + "/sync", Json.object());
    }

    private List<String> titles(String target) {
        return get(target).array("data").stream().map(post -> post.asObject().text("title")).toList();
    }

    private void refused(ErrorCode code, String method, String target, Json.Obj body) {
        assertThatThrownBy(() -> call(method, target, body)).as(method + " " + target).isInstanceOfSatisfying(Problem.class, problem -> assertThat(problem.code()).isEqualTo(code));
    }

    @Test void what_a_source_says_is_shown_marked_with_its_origin_and_changes_as_it_changes_there() {
        source.say("c1", post("1", "one", 0), post("2", "two", 5));
        source.comments = List.of(comment("7", "1", "an answer"));
        var made = subscribe(source, "bees");
        assertThat(made.text("status")).isEqualTo("active");
        assertThat(made.text("local_hive_name")).isEqualTo("bees");
        assertThat(made.integer("sync_interval_ms")).isEqualTo(60_000);
        var polled = poll("bees");
        assertThat(polled.integer("post_count")).isEqualTo(2);
        assertThat(polled.integer("comment_count")).isEqualTo(1);
        assertThat(polled.text("instance_id")).isEqualTo(FakeSource.NODE.hex());
        assertThat(titles("/api/v1/feed/all")).containsExactly("two", "one");
        assertThat(titles("/api/v1/hives/bees/feed?sort=top")).containsExactly("two", "one");
        var shown = get("/api/v1/posts/" + id("1"));
        assertThat(shown.object("mirror").text("source_url")).isEqualTo(source.url());
        assertThat(shown.text("origin_instance_id")).isEqualTo(FakeSource.NODE.hex());
        assertThat(shown.text("origin_post_id")).isEqualTo(id("1"));
        assertThat(shown.get("is_local")).contains(Json.FALSE);
        assertThat(shown.object("author").text("name")).isEqualTo("Ada");
        for (var sort : List.of("thread", "new", "top"))
            assertThat(get("/api/v1/posts/" + id("1") + "/comments?sort=" + sort).array("data")).as(sort).hasSize(1);
        assertThat(get("/api/v1/comments/" + id("7")).text("content")).isEqualTo("an answer");

        source.say("c2", post("1", "one, edited", 9), deleted("2"));
        source.gone = List.of(Json.object("kind", "comment", "id", id("7")));
        poll("bees");
        assertThat(source.asked.getLast()).contains("since=c1");
        assertThat(titles("/api/v1/feed/all")).containsExactly("one, edited");
        assertThat(get("/api/v1/posts/" + id("1")).integer("score")).isEqualTo(9);
        assertThat(get("/api/v1/posts/" + id("2")).text("state")).isEqualTo("deleted");
        assertThat(get("/api/v1/comments/" + id("7")).text("state")).isEqualTo("deleted");
    }

    @Test void whoever_follows_the_feed_by_a_cursor_hears_what_a_mirror_brings() {
        subscribe(source, "bees");
        source.say("c1", post("1", "one", 0), post("2", "two", 0), post("3", "three", 0));
        poll("bees");
        var seen = new ArrayList<String>();
        var cursor = "start";
        for (boolean more = true; more; ) {
            var page = get("/api/v1/feed/all?limit=2&since=" + cursor);
            page.array("data").forEach(post -> seen.add(post.asObject().text("title")));
            cursor = page.text("cursor");
            more = page.get("has_more").filter(Json.TRUE::equals).isPresent();
        }
        assertThat(seen).containsExactlyInAnyOrder("one", "two", "three");
        source.say("c2", post("1", "one", 0), post("2", "two", 1), deleted("3"));
        poll("bees");
        var news = get("/api/v1/feed/all?since=" + cursor).array("data");
        assertThat(news).as("what is as it was is no news").extracting(post -> post.asObject().text("id")).containsExactlyInAnyOrder(id("2"), id("3"));
    }

    @Test void a_mirror_is_read_only() {
        source.say("c1", post("1", "one", 0));
        source.comments = List.of(comment("7", "1", "an answer"));
        subscribe(source, "bees");
        poll("bees");
        call("POST", "/api/v1/agents", Json.object("name", "bob"));
        refused(ErrorCode.READ_ONLY, "POST", "/api/v1/hives/bees/posts", Json.object("title", "mine"));
        refused(ErrorCode.READ_ONLY, "POST", "/api/v1/hives/bees/settings", Json.object("key", "rules", "value", "mine"));
        for (var what : List.of("/api/v1/posts/" + id("1"), "/api/v1/comments/" + id("7"))) {
            refused(ErrorCode.READ_ONLY, "POST", what + "/vote", Json.object("value", 1));
            refused(ErrorCode.READ_ONLY, "PATCH", what, Json.object("content", "mine"));
            refused(ErrorCode.READ_ONLY, "DELETE", what, Json.object());
        }
        refused(ErrorCode.READ_ONLY, "POST", "/api/v1/posts/" + id("1") + "/comments", Json.object("content", "mine"));
        refused(ErrorCode.READ_ONLY, "POST", "/api/v1/hives/bees/members", Json.object("action", "join"));
        assertThat(titles("/api/v1/feed/all")).containsExactly("one");
    }

    @Test void two_sources_that_bring_the_same_post_show_it_once_and_the_second_takes_over_when_the_first_goes() throws Exception {
        try (var second = new FakeSource()) {
            source.say("c1", post("1", "as the first has it", 0));
            second.say("c1", post("1", "as the second has it", 0), post("2", "two", 0));
            var first = subscribe(source, "bees");
            assertThat(subscribe(second, "bees").text("local_hive_name")).isEqualTo("bees-2");
            poll("bees-2");
            poll("bees");
            assertThat(titles("/api/v1/feed/all")).as("the older subscription counts, whichever was asked first").containsExactly("two", "as the first has it");
            assertThat(get("/api/v1/feed/all?since=start").array("data")).hasSize(2);
            var cursor = get("/api/v1/feed/all?since=start").text("cursor");
            assertThat(get("/api/v1/posts/" + id("1")).text("title")).isEqualTo("as the first has it");
            call("DELETE", ROUTE + "/" + first.text("id"), Json.object());
            assertThat(titles("/api/v1/feed/all")).containsExactly("two", "as the second has it");
            assertThat(get("/api/v1/feed/all?since=" + cursor).array("data")).as("and who follows hears it").extracting(post -> post.asObject().text("title")).contains("as the second has it");
            refused(ErrorCode.NOT_FOUND, "GET", ROUTE + "/" + first.text("id"), Json.object());
        }
    }

    @Test void what_is_in_a_hive_of_this_node_is_shown_once() {
        call("POST", "/api/v1/agents", Json.object("name", "bob"));
        var hive = call("POST", "/api/v1/hives", Json.object("name", "mine"));
        var here = call("POST", "/api/v1/hives/mine/posts", Json.object("title", "here"));
        source.node = new NodeId(here.text("origin_instance_id"));
        var copy = post("1", "as the mirror has it", 99).with("id", here.get("id").orElseThrow()).with("author", here.get("author").orElseThrow());
        source.say("c1", copy, post("2", "two", 0));
        subscribe(source, "bees");
        poll("bees");
        assertThat(titles("/api/v1/feed/all")).containsExactlyInAnyOrder("here", "two");
        assertThat(get("/api/v1/feed/all?since=start").array("data")).hasSize(2);
        assertThat(get("/api/v1/posts/" + here.text("id")).text("title")).isEqualTo("here");
        assertThat(call("PATCH", "/api/v1/posts/" + here.text("id"), Json.object("title", "still mine")).text("title")).isEqualTo("still mine");

        // A mirror of the very hive that this node is a member of brings nothing that the log will not bring.
        source.hive = hive.text("id");
        call("DELETE", ROUTE + "/bees", Json.object());
        subscribe(source, "bees");
        poll("bees");
        assertThat(titles("/api/v1/feed/all")).containsExactly("still mine");
        assertThat(titles("/api/v1/hives/bees/feed")).isEmpty();
    }

    @Test void pages_over_hives_and_mirrors_together_have_everything_once_and_in_order() {
        call("POST", "/api/v1/agents", Json.object("name", "bob"));
        call("POST", "/api/v1/hives", Json.object("name", "mine"));
        for (int i = 0; i < 5; i++) call("POST", "/api/v1/hives/mine/posts", Json.object("title", "here " + i));
        source.say("c1", post("1", "m1", 0), post("2", "m2", 0), post("3", "m3", 0), post("4", "m4", 0));
        subscribe(source, "bees");
        poll("bees");
        for (var sort : List.of("new", "top", "hot")) {
            var paged = new ArrayList<String>();
            var cursor = "";
            for (boolean more = true; more; ) {
                var page = get("/api/v1/feed/all?limit=2&sort=" + sort + "&cursor=" + cursor);
                page.array("data").forEach(post -> paged.add(post.asObject().text("title")));
                cursor = page.get("cursor").filter(Json.Str.class::isInstance).map(Json::asText).orElse("");
                more = page.get("has_more").filter(Json.TRUE::equals).isPresent();
            }
            assertThat(paged).as(sort).isEqualTo(titles("/api/v1/feed/all?limit=500&sort=" + sort)).hasSize(9);
        }
    }

    @Tag("S01") @Test void a_mirror_and_its_cursor_survive_a_restart() {
        source.say("c1", post("1", "one", 0));
        subscribe(source, "bees");
        poll("bees");
        node.close();
        open();
        assertThat(titles("/api/v1/feed/all")).containsExactly("one");
        source.say("c2", post("2", "two", 0));
        poll("bees");
        assertThat(source.asked.getLast()).contains("since=c1");
        assertThat(titles("/api/v1/feed/all")).containsExactly("two", "one");
    }

    @Test void a_source_that_made_its_rows_anew_is_read_again_and_what_it_lost_is_gone() {
        source.say("c9", post("1", "one", 0), post("2", "two", 0));
        source.comments = List.of(comment("7", "1", "an answer"));
        subscribe(source, "bees");
        poll("bees");
        source.say("c1", post("1", "one", 0));                           // a cursor that went back, of other rows
        source.incarnation = "another";
        poll("bees");
        assertThat(titles("/api/v1/feed/all")).containsExactly("one");
        assertThat(get("/api/v1/posts/" + id("2")).text("state")).isEqualTo("deleted");
        assertThat(get("/api/v1/comments/" + id("7")).text("state")).isEqualTo("deleted");
        source.say("c2", post("2", "two is back", 0));
        poll("bees");
        assertThat(titles("/api/v1/feed/all")).containsExactly("two is back", "one");
    }

    // who misbehaves

    private String error(String subscription) {
        var polled = poll(subscription);
        return polled.get("last_error").orElseThrow() instanceof Json.Str(var why) ? why : "";
    }

    @Test void bad_items_are_left_out_and_counted_and_hold_up_nothing() {
        var squatter = post("8", "of another", 0).with("author", FakeSource.author().with("instance_id", Json.of("12".repeat(32))));
        source.say("c1", post("1", "good", 0), squatter, post("2", "x".repeat(301), 0), post("3", "script", 0).with("url", Json.of("javascript:alert(1)")),
            post("4", "no author", 0).with("author", Json.NULL), post("5", "negative", 0).with("up", Json.of(-1L)), Json.of(5L), post("6", "bad time", 0).with("created_at", Json.of("yesterday")),
            post("7", "no state", 0).with("state", Json.of("alive")), post("9", "control", 0).with("id", Json.of(id("../../x"))));
        source.comments = List.of(comment("c1", "1", "good"), comment("c2", "1", "bad place").with("thread", Json.of("'; DROP TABLE mirror_post")));
        subscribe(source, "bees");
        var polled = poll("bees");
        assertThat(titles("/api/v1/feed/all")).containsExactly("good");
        assertThat(polled.integer("refused_count")).isEqualTo(10);
        assertThat(polled.text("status")).isEqualTo("active");
        assertThat(polled.text("sync_cursor")).isEqualTo("c1");
    }

    @Test void no_post_is_later_than_it_came_and_text_is_data() {
        source.say("c1", post("1", "<script>alert(1)</script>", 0).with("created_at", Json.of("9999-12-31T00:00:00Z")), post("2", "far", 0).with("created_at", Json.of("999999999999999 ms")));
        subscribe(source, "bees");
        poll("bees");
        assertThat(get("/api/v1/posts/" + id("1")).text("created_at")).isLessThan("2100").isEqualTo(get("/api/v1/posts/" + id("2")).text("created_at"));
        assertThat(get("/api/v1/posts/" + id("1")).text("title")).isEqualTo("<script>alert(1)</script>");
    }

    @Test void cursors_that_do_not_move_on_and_pages_without_end_are_an_error() {
        subscribe(source, "bees");
        source.say("c1", post("1", "one", 0));
        source.more = true;
        assertThat(error("bees")).contains("does not move on");
        source.say("c2");
        source.more = true;
        assertThat(error("bees")).as("more of nothing").contains("does not move on");
        source.cursors = asked -> "m" + asked;
        int before = source.asked.size();
        assertThat(error("bees")).as("more of nothing, under ever new cursors").contains("does not move on");
        assertThat(source.asked).hasSize(before + 1);
        source.say("c2", post("1", "one", 0));
        source.more = true;
        source.cursors = asked -> "r" + asked % 3;
        assertThat(error("bees")).as("in a circle").contains("does not move on");
        assertThat(source.asked).hasSizeLessThan(before + 7);
        source.cursors = null;
        assertThat(titles("/api/v1/feed/all")).as("what came stays").containsExactly("one");
        source.say("c3", post("2", "two", 0));
        assertThat(error("bees")).isEmpty();
        assertThat(titles("/api/v1/feed/all")).containsExactly("two", "one");
    }

    @Test void nothing_but_a_page_is_taken_and_redirects_are_not_followed() {
        subscribe(source, "bees");
        source.body = "<html>".getBytes(StandardCharsets.UTF_8);
        assertThat(error("bees")).isEqualTo("its answer is not what a Waggle node says");
        source.body = new byte[5 << 20];
        assertThat(error("bees")).as("5 MiB").isNotEmpty();
        source.body = "{}".getBytes(StandardCharsets.UTF_8);
        assertThat(error("bees")).isEqualTo("its answer is not what a Waggle node says");
        source.body = Canonical.bytes(Json.object("data", Json.array(java.util.Collections.nCopies(501, Json.NULL))));
        assertThat(error("bees")).isEqualTo("its answer is not what a Waggle node says");
        source.body = new byte[0];
        source.status = 302;
        source.headers = Map.of("Location", source.url() + "/elsewhere");
        assertThat(error("bees")).isEqualTo("it answers with status 302");
        assertThat(source.asked).noneMatch(target -> target.contains("elsewhere"));
        source.headers = Map.of();
        source.status = 404;
        assertThat(error("bees")).contains("no public hive");
        source.say("", post("1", "one", 0));
        assertThat(error("bees")).as("no cursor").isNotEmpty();
        source.say("c".repeat(513), post("1", "one", 0));
        assertThat(error("bees")).as("a long cursor").isNotEmpty();
        assertThat(titles("/api/v1/feed/all")).isEmpty();
        assertThat(get(ROUTE + "/bees").integer("failures")).isEqualTo(8);
    }

    @Test void another_node_or_another_hive_in_the_place_of_the_first_is_not_believed() {
        source.say("c1", post("1", "one", 0));
        subscribe(source, "bees");
        poll("bees");
        source.say("c2", post("2", "of another", 0));
        source.node = new NodeId("12".repeat(32));
        assertThat(error("bees")).contains("another node answers there");
        source.node = FakeSource.NODE;
        source.hive = "34".repeat(32);
        assertThat(error("bees")).contains("is another one than before");
        assertThat(titles("/api/v1/feed/all")).containsExactly("one");
    }

    @Test void addresses_that_nobody_means_are_never_dialled_and_plain_connections_stay_on_this_machine() {
        for (var url : List.of("https://169.254.169.254", "https://0.0.0.0:1", "https://224.0.0.1", "https://[fe80::1]:1", "https://[::ffff:169.254.169.254]", "http://192.0.2.1:80")) {
            var made = call("POST", ROUTE, Json.object("instance_url", url, "remote_hive_name", "bees"));
            assertThat(error(made.text("id"))).as(url).matches("addresses like this one are never dialled|a plain connection leaves this machine: use https");
        }
        for (var url : List.of("ftp://h", "https://u:p@h", "https://h/path", "https://h?x=1", "nonsense", "https://h#x", "file:///etc/passwd", ""))
            refused(ErrorCode.BAD_REQUEST, "POST", ROUTE, Json.object("instance_url", url, "remote_hive_name", "bees"));
    }

    @Test void a_mirror_takes_so_much_and_no_more() {
        subscribe(source, "bees");
        try (var mirrors = new Mirrors(node.node(), new Poll.Room(2, 1 << 20))) {
            source.say("c1", post("1", "one", 0), post("2", "two", 0));
            mirrors.trigger(mirrors.find("bees"));
            source.say("c2", post("3", "three", 0));
            assertThat(mirrors.trigger(mirrors.find("bees")).lastError()).contains("a mirror takes no more");
        }
        try (var mirrors = new Mirrors(node.node(), new Poll.Room(100, 20))) {
            assertThat(mirrors.trigger(mirrors.find("bees")).lastError()).as("by its text").contains("a mirror takes no more");
        }
        assertThat(titles("/api/v1/feed/all")).containsExactly("two", "one");
    }

    // states

    @Test void ten_failures_in_a_row_are_an_error_and_one_that_works_ends_it() {
        source.say("c1", post("1", "one", 0));
        subscribe(source, "bees");
        poll("bees");
        source.status = 500;
        for (int i = 1; i <= 9; i++) assertThat(poll("bees").text("status")).isEqualTo("active");
        var tenth = poll("bees");
        assertThat(tenth.text("status")).isEqualTo("error");
        assertThat(tenth.integer("failures")).isEqualTo(10);
        assertThat(new String(((Reply.Content) node.ask("GET", "/metrics", Json.object())).bytes(), StandardCharsets.UTF_8)).contains("waggle_subscriptions{status=\"error\"} 1.0");
        assertThat(tenth.text("last_error")).isEqualTo("it answers with status 500");
        node.close();
        open();
        assertThat(get(ROUTE + "/bees").text("status")).as("also after a restart").isEqualTo("error");
        assertThat(poll("bees").integer("failures")).as("counted on").isEqualTo(11);
        source.say("c2", post("2", "two", 0));
        var works = poll("bees");
        assertThat(works.text("status")).isEqualTo("active");
        assertThat(works.integer("failures")).isZero();
        assertThat(works.get("last_error")).contains(Json.NULL);
        assertThat(titles("/api/v1/feed/all")).containsExactly("two", "one");
    }

    @Test void a_source_that_asks_to_come_again_later_is_no_failure() {
        subscribe(source, "bees");
        source.status = 429;
        source.headers = Map.of("Retry-After", "7");
        assertThat(poll("bees").integer("failures")).isZero();
    }

    @Test void pauses_after_failures_are_1_2_4_to_60_seconds_and_else_the_interval() {
        assertThat(java.util.stream.IntStream.rangeClosed(1, 9).mapToLong(failures -> Pace.pauseMs(failures, 5)).boxed().toList())
            .containsExactly(1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 60_000L, 60_000L, 60_000L);
        assertThat(Pace.pauseMs(Integer.MAX_VALUE, 5)).isEqualTo(60_000);
        assertThat(Pace.pauseMs(0, 5)).isEqualTo(5);
    }

    @Test void a_subscription_is_paused_resumed_and_asked_at_another_interval() {
        subscribe(source, "bees");
        var one = ROUTE + "/bees";
        assertThat(call("PATCH", one, Json.object("status", "paused")).text("status")).isEqualTo("paused");
        source.say("c1", post("1", "one", 0));
        assertThat(poll("bees").text("status")).as("asked now, and paused all the same").isEqualTo("paused");
        assertThat(titles("/api/v1/feed/all")).containsExactly("one");
        var changed = call("PATCH", one, Json.object("sync_interval_ms", 5_000L));
        assertThat(changed.text("status")).isEqualTo("paused");
        assertThat(changed.integer("sync_interval_ms")).isEqualTo(5_000);
        assertThat(call("PATCH", one, Json.object("status", "active")).text("status")).isEqualTo("active");
        refused(ErrorCode.BAD_REQUEST, "PATCH", one, Json.object("sync_interval_ms", 999L));
        refused(ErrorCode.BAD_REQUEST, "PATCH", one, Json.object("status", "error"));
        refused(ErrorCode.BAD_REQUEST, "POST", ROUTE, Json.object("instance_url", source.url(), "remote_hive_name", "bees"));
        refused(ErrorCode.BAD_REQUEST, "POST", ROUTE, Json.object("instance_url", source.url(), "remote_hive_name", "x", "local_hive_name", "bees"));
        assertThat(get(ROUTE).array("subscriptions")).hasSize(1);
    }

    @Test void the_only_public_hive_of_a_node_needs_no_name() {
        source.body = Canonical.bytes(Json.object("hives", Json.array(Json.object("name", "bees"))));
        assertThat(call("POST", ROUTE, Json.object("instance_url", source.url())).text("remote_hive_name")).isEqualTo("bees");
        source.body = Canonical.bytes(Json.object("hives", Json.array(Json.object("name", "bees"), Json.object("name", "wasps"))));
        assertThatThrownBy(() -> call("POST", ROUTE, Json.object("instance_url", source.url()))).isInstanceOfSatisfying(Problem.class, problem ->
            assertThat(problem.remedy()).contains("bees, wasps"));
        source.body = Canonical.bytes(Json.object("hives", Json.array()));
        assertThatThrownBy(() -> call("POST", ROUTE, Json.object("instance_url", source.url()))).hasMessageContaining("no public hive");
    }
}
