package dev.waggle.store.hive;

import dev.waggle.apps.hive.ContentState;
import dev.waggle.apps.hive.HiveCommand;
import dev.waggle.apps.hive.HiveRules;
import dev.waggle.apps.hive.Target;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.Role;
import dev.waggle.store.view.TooSlow;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What becomes of each kind of event, on an owner's node A and a member's node B.
class HiveFoldTest {
    @TempDir Path folder;
    private final List<TestHive> open = new ArrayList<>();
    private TestHive a;
    private TestHive b;
    private Target post;

    @BeforeEach void two_nodes_with_one_post() {
        a = opened(TestHive.create(folder, "anna"));
        b = opened(a.invite(folder, "bert", Role.WRITER));
        post = Target.post(a.id("p1"));
        a.does("alice", post("p1", "Honey", "It is sweet"));
        both();
    }

    @AfterEach void close() {
        open.forEach(TestHive::close);
    }

    private TestHive opened(TestHive hive) {
        open.add(hive);
        return hive;
    }

    private void both() {
        a.take(b);
        b.take(a);
        a.take(b);
        assertThat(b.rows()).isEqualTo(a.rows());
    }

    private HiveCommand.Post post(String number, String title, String content) {
        return new HiveCommand.Post(a.id(number), title, Optional.of(content), Optional.empty(), OptionalLong.empty());
    }

    private HiveCommand.Comment comment(TestHive at, String number, Target parent, String content) {
        return new HiveCommand.Comment(at.id(number), post.id(), Optional.ofNullable(parent).map(Target::id), content, OptionalLong.empty());
    }

    private static HiveCommand.Vote vote(TestHive at, Target target, int value) {
        return new HiveCommand.Vote(target, value, at.agent("alias").actor());
    }

    private static HiveCommand.Edit edit(Target target, String title) {
        return new HiveCommand.Edit(target, Optional.of(title), Optional.empty(), Optional.empty());
    }

    private static HiveCommand.Delete delete(Target target) {
        return new HiveCommand.Delete(target, Optional.empty());
    }

    private ShownPost shown(TestHive at) {
        return shown(at, post.id());
    }

    private static ShownPost shown(TestHive at, String id) {
        try (var queries = new HiveQueries(at.file)) {
            return queries.post(id).orElseThrow();
        }
    }

    private static ShownComment shownComment(TestHive at, String id) {
        try (var queries = new HiveQueries(at.file)) {
            return queries.comment(id).orElseThrow();
        }
    }

    private static String why(HiveRules.Decision decision) {
        return decision instanceof HiveRules.Decision.Refused(_, var sentence) ? sentence : "accepted";
    }

    @Tag("lesson-applied-twice") @Tag("F04") @Test void comments_stand_below_what_they_answer_and_are_counted_once() {
        b.does("bob", comment(b, "c1", null, "Where is it?"));
        both();
        a.does("alice", comment(a, "c2", Target.comment(b.id("c1")), "In the comb"));
        both();
        assertThat(shown(b).totals().comments()).isEqualTo(2);
        var answer = shownComment(b, a.id("c2")).comment().place().orElseThrow();
        assertThat(answer.depth()).isEqualTo(1);
        assertThat(answer.path()).isEqualTo(b.id("c1") + "/" + a.id("c2"));
        b.take(a);                                                       // again
        assertThat(shown(b).totals().comments()).isEqualTo(2);

        b.does("bob", delete(Target.comment(b.id("c1"))));
        both();
        assertThat(shown(a).totals().comments()).isEqualTo(1);
        assertThat(shownComment(a, b.id("c1")).comment().content()).isEmpty();
        try (var queries = new HiveQueries(a.file)) {
            assertThat(queries.thread(post.id(), "", 10)).extracting(shown -> shown.comment().id()).containsExactly(b.id("c1"), a.id("c2"));
        }
    }

    @Test void the_last_vote_of_each_voter_counts() {
        a.does("alice", vote(a, post, 1));
        b.does("bob", vote(b, post, 1));
        b.does("ben", vote(b, post, -1));
        both();
        assertThat(shown(a).totals().score()).isEqualTo(1);
        b.does("bob", vote(b, post, -1));
        both();
        assertThat(shown(a).totals().score()).isEqualTo(-1);
        b.does("bob", vote(b, post, 0));
        b.does("ben", vote(b, post, 0));
        both();
        assertThat(shown(a).totals().score()).isEqualTo(1);
    }

    @Tag("T05") @Test void a_live_edit_beats_a_deletion_that_did_not_know_it_and_not_one_that_did() {
        a.operates("alice", new HiveCommand.Moderator(b.agent("mod"), true));
        both();
        a.does("alice", delete(post));
        b.does("mod", edit(post, "Honey!"));
        both();
        assertThat(shown(a).post().state()).isEqualTo(ContentState.LIVE);
        assertThat(shown(a).post().title()).isEqualTo("Honey!");
        a.does("alice", delete(post));
        both();
        assertThat(shown(b).post().state()).isEqualTo(ContentState.DELETED);
        assertThat(shown(b).post().title()).isEmpty();
        a.does("alice", new HiveCommand.Restore(post));
        both();
        assertThat(shown(b).post().title()).isEqualTo("Honey!");
    }

    @Test void a_deletion_that_names_no_version_takes_what_its_node_wrote_before() {
        a.does("alice", edit(post, "Honey?"));
        a.write(new Draft("post_deleted", Json.object("post_id", post.id(), "deleted_by", json(a, "alice"))));
        both();
        assertThat(shown(b).post().state()).isEqualTo(ContentState.DELETED);
    }

    @Test void no_edit_beats_a_removal_and_only_the_same_rank_takes_it_back() {
        a.operates("alice", new HiveCommand.Moderator(b.agent("mod"), true));
        both();
        a.operates("olga", delete(post));
        b.does("mod", edit(post, "Honey, edited meanwhile"));
        both();
        assertThat(shown(b).post().state()).as("the edit was concurrent").isEqualTo(ContentState.REMOVED);
        assertThat(why(b.tries("mod", new HiveCommand.Restore(post)))).contains("owner's node decided");
        assertThat(why(a.tries("alice", new HiveCommand.Restore(post)))).contains("another moderator");
        b.write(new Draft("post_restored", Json.object("post_id", post.id(), "restored_by", json(b, "mod"), "ids", Json.array(a.events().reversed().stream().limit(5)
            .map(event -> Json.of(event.id().hex())).toList()))));
        both();
        assertThat(shown(a).post().state()).as("a lower rank has no effect, whatever it writes").isEqualTo(ContentState.REMOVED);
        a.operates("olga", new HiveCommand.Restore(post));
        both();
        assertThat(shown(b).post().title()).isEqualTo("Honey, edited meanwhile");
    }

    @Test void settings_prefer_the_owners_node_and_then_the_later() {
        a.operates("alice", new HiveCommand.Moderator(b.agent("mod"), true));
        both();
        a.nowMs = TestHive.NOW + 1_000;
        b.nowMs = TestHive.NOW + 2_000;
        a.operates("alice", new HiveCommand.Set("description", Json.of("ML research hub")));
        b.does("mod", new HiveCommand.Set("description", Json.of("AI research hub")));
        both();
        assertThat(setting(a, "description")).contains(Json.of("ML research hub"));
        b.does("mod", new HiveCommand.Set("description", Json.of("seen and changed")));
        both();
        assertThat(setting(a, "description")).as("changed on one side only").contains(Json.of("seen and changed"));
    }

    /// The owner's value would be preferred to a moderator's; but who set the third knew the second, and who set the second knew the first.
    @Tag("T11") @Test void a_change_whose_base_turned_void_still_replaces_what_that_base_replaced() {
        var c = opened(a.invite(folder, "cora", Role.WRITER));
        a.operates("alice", new HiveCommand.Moderator(b.agent("mod"), true));
        a.operates("alice", new HiveCommand.Moderator(c.agent("mod"), true));
        a.operates("alice", new HiveCommand.Set("description", Json.of("one")));
        b.take(a);
        b.does("mod", new HiveCommand.Set("description", Json.of("two")));
        c.take(b);
        c.does("mod", new HiveCommand.Set("description", Json.of("three")));
        a.take(c);
        assertThat(setting(a, "description")).contains(Json.of("three"));
        a.write(new Draft(ControlType.MEMBER_REMOVED, Json.object("subject", b.node().hex(), "cuts", Json.array())));
        c.take(a);
        assertThat(setting(a, "description")).contains(Json.of("three"));
        assertThat(c.rows()).isEqualTo(a.rows());
    }

    private static Optional<Json> setting(TestHive at, String key) {
        try (var queries = new HiveQueries(at.file)) {
            return queries.ask(rows -> rows.setting(key).map(row -> row.value()));
        }
    }

    @Test void who_is_banned_writes_no_more_anywhere_and_what_was_written_before_stays() {
        b.does("bob", vote(b, post, -1));
        both();
        a.operates("alice", new HiveCommand.Ban(b.agent("bob"), true));
        b.nowMs += 1;
        b.does("bob", comment(b, "c1", null, "Not seen yet"));
        assertThat(shown(b).totals().comments()).isEqualTo(1);
        both();
        assertThat(shown(a).totals().score()).isEqualTo(-1);
        assertThat(shown(b).totals().comments()).as("written after the ban").isZero();
        assertThat(why(b.tries("bob", comment(b, "c2", null, "Again")))).contains("banned");
        a.operates("alice", new HiveCommand.Ban(b.agent("bob"), false));
        both();
        b.does("bob", comment(b, "c3", null, "Sorry"));
        both();
        assertThat(shown(a).totals().comments()).isEqualTo(1);
    }

    @Tag("A12") @Tag("T10") @Tag("lesson-leave-for-others") @Tag("lesson-squatted-ids") @Test void a_peer_speaks_for_its_own_agents_only() {
        var forged = new Draft("post_created", Json.object("post_id", b.id("p9"), "title", "I am alice", "content", "x", "url", Json.NULL, "author", json(a, "alice")));
        var squat = new Draft("post_created", Json.object("post_id", a.id("p8"), "title", "mine", "content", "x", "url", Json.NULL, "author", json(b, "bob")));
        var leave = new Draft("membership_changed", Json.object("agent", json(a, "alice"), "action", "leave", "by", json(b, "bob")));
        a.does("alice", new HiveCommand.Join());
        both();
        b.write(forged, squat, leave);
        both();
        assertThat(a.rows().get("quarantine")).hasSize(3);
        assertThat(a.rows().get("post")).hasSize(1);
        assertThat(a.rows().get("member")).singleElement().asString().contains("|alice|1|0|0|");
    }

    private static Json.Obj json(TestHive at, String agent) {
        return Json.object("instance_id", at.node().hex(), "agent_id", agent, "name", agent, "avatar_url", Json.NULL);
    }

    @Test void others_neither_edit_nor_delete_nor_name_moderators() {
        b.write(new Draft("post_updated", Json.object("post_id", post.id(), "title", "Taken over", "updated_by", json(b, "bob"))),
            new Draft("post_deleted", Json.object("post_id", post.id(), "deleted_by", json(b, "bob"))),
            new Draft("moderator_changed", Json.object("agent", json(b, "bob"), "action", "add", "by", json(b, "bob"))),
            new Draft("hive_setting_changed", Json.object("key", "description", "value", "pwned", "changed_by", json(b, "bob"))),
            new Draft("membership_changed", Json.object("agent", json(a, "alice"), "action", "ban", "by", json(b, "bob"))));
        both();
        assertThat(shown(a).post().title()).isEqualTo("Honey");
        assertThat(a.rows().get("setting")).isEmpty();
        assertThat(a.rows().get("member")).isEmpty();
        assertThat(why(b.tries("bob", edit(post, "Taken over")))).contains("Only its author and moderators");
        assertThat(why(b.tries("bob", new HiveCommand.Moderator(b.agent("bob"), true), true))).contains("Only the nodes of the owner");
        assertThat(why(a.tries("eve", delete(post)))).as("an agent of the owner's node is no moderator by that").contains("Only its author");
    }

    @Tag("lesson-waiting-dropped-by-age") @Tag("F05") @Test void what_comes_before_the_thing_it_is_about_waits_for_it() {
        var strange = b.id("p7");
        b.write(new Draft("vote_cast", Json.object("target_type", "post", "target_id", strange, "voter", Json.object("instance_id", b.node().hex(), "agent_id", "bob"), "value", 1)),
            new Draft("comment_created", Json.object("comment_id", b.id("c2"), "post_id", strange, "parent_comment_id", b.id("c1"), "content", "early answer", "author", json(b, "bob"))),
            new Draft("comment_created", Json.object("comment_id", b.id("c1"), "post_id", strange, "parent_comment_id", Json.NULL, "content", "early", "author", json(b, "bob"))));
        both();
        b.write(new Draft("post_created", Json.object("post_id", strange, "title", "late", "content", Json.NULL, "url", Json.NULL, "author", json(b, "bob"))));
        both();
        assertThat(shown(a, strange).totals().score()).isEqualTo(1);
        assertThat(shown(a, strange).totals().comments()).isEqualTo(2);
        assertThat(shownComment(a, b.id("c2")).comment().place().orElseThrow().path()).isEqualTo(b.id("c1") + "/" + b.id("c2"));
    }

    @Test void comments_that_answer_each_other_or_a_comment_of_another_post_are_not_shown() {
        a.does("alice", post("p2", "Wax", "It burns"));
        b.take(a);
        b.does("bob", comment(b, "c0", null, "of p1"));
        b.write(new Draft("comment_created", Json.object("comment_id", b.id("c1"), "post_id", post.id(), "parent_comment_id", b.id("c2"), "content", "x", "author", json(b, "bob"))),
            new Draft("comment_created", Json.object("comment_id", b.id("c2"), "post_id", post.id(), "parent_comment_id", b.id("c1"), "content", "y", "author", json(b, "bob"))),
            new Draft("comment_created", Json.object("comment_id", b.id("c3"), "post_id", a.id("p2"), "parent_comment_id", b.id("c0"), "content", "z", "author", json(b, "bob"))));
        both();
        assertThat(shown(a).totals().comments()).isEqualTo(1);
        assertThat(shown(a, a.id("p2")).totals().comments()).isZero();
    }

    @Test void answers_nest_to_a_limit_and_stand_beside_each_other_below_it() {
        Target parent = null;
        for (int i = 0; i < 40; i++) {
            a.does("alice", comment(a, "c" + i, parent, "depth " + i));
            parent = Target.comment(a.id("c" + i));
        }
        var place = shownComment(a, parent.id()).comment().place().orElseThrow();
        assertThat(place.depth()).isEqualTo(31);
        assertThat(place.path().split("/")).hasSize(32).endsWith(a.id("c39"));
        try (var queries = new HiveQueries(a.file)) {
            assertThat(queries.thread(post.id(), "", 100)).extracting(shown -> shown.comment().content()).startsWith("depth 0", "depth 1").endsWith("depth 38", "depth 39").hasSize(40);
        }
    }

    @Test void events_that_were_voided_take_their_rows_with_them_and_come_back_when_written_anew() {
        b.nowMs += 3_600_000;                                             // a clock that is an hour ahead
        b.does("bob", comment(b, "c1", null, "from the future"));
        b.does("bob", vote(b, post, 1));
        assertThat(shown(b).totals().comments()).isEqualTo(1);
        b.nowMs -= 3_600_000;
        b.does("bob", comment(b, "c2", null, "repaired"));                // rebase: what was stamped wrong is void and written again
        both();
        assertThat(shown(a).totals().comments()).isEqualTo(2);
        assertThat(shown(a).totals().score()).isEqualTo(1);
        assertThat(shownComment(a, b.id("c1")).comment().createdMs()).isLessThan(TestHive.NOW + 10_000);
    }

    @Test void what_a_removed_node_wrote_beyond_the_cut_is_shown_no_more() {
        var mine = Target.post(b.id("q1"));
        b.does("bob", new HiveCommand.Post(mine.id(), "kept", Optional.empty(), Optional.empty(), OptionalLong.empty()));
        var kept = b.events().getLast();
        b.does("bob", edit(mine, "beyond"));
        b.does("bob", new HiveCommand.Post(b.id("q2"), "beyond", Optional.empty(), Optional.empty(), OptionalLong.empty()));
        both();
        assertThat(shown(a, mine.id()).post().title()).isEqualTo("beyond");
        var cut = Json.object("epoch", kept.chain().epoch().hex(), "seq", kept.seq(), "id", kept.id().hex());
        a.write(new Draft(ControlType.MEMBER_REMOVED, Json.object("subject", b.node().hex(), "cuts", Json.array(List.of(cut)))));
        both();
        assertThat(shown(a, mine.id()).post().title()).isEqualTo("kept");
        try (var queries = new HiveQueries(a.file)) {
            assertThat(queries.post(b.id("q2"))).isEmpty();
        }
    }

    @Test void posts_that_two_nodes_made_at_one_moment_under_one_number_are_both_shown() {
        b.does("bob", new HiveCommand.Post(b.id("p1"), "Wax", Optional.empty(), Optional.empty(), OptionalLong.empty()));
        both();
        for (var node : open) {
            assertThat(shown(node, a.id("p1")).post().title()).isEqualTo("Honey");
            assertThat(shown(node, b.id("p1")).post().title()).isEqualTo("Wax");
        }
        assertThat(shown(a, b.id("p1")).post().createdMs()).as("or it says nothing").isEqualTo(shown(a).post().createdMs());
    }

    @Test void an_id_is_used_once() {
        assertThat(why(a.tries("alice", post("p1", "again", "")))).isEqualTo("There is a post with this id already.");
    }

    @Test void hostile_text_is_data_in_every_field() {
        for (var text : List.of("<script>alert(1)</script>", "'; DROP TABLE post; --", "\u202Eevil", "a\u0000b", "{{7*7}}", "\"\\\n\r\t", "%s%n", "😀".repeat(100))) {
            var number = "h" + Integer.toHexString(text.hashCode());
            a.does("alice", new HiveCommand.Post(a.id(number), text, Optional.of(text), Optional.empty(), OptionalLong.empty()));
            both();
            assertThat(shown(b, a.id(number)).post().title()).isEqualTo(text);
            assertThat(shown(b, a.id(number)).post().content()).contains(text);
            try (var queries = new HiveQueries(b.file)) {
                queries.search(text, 10, 0);
            }
        }
        for (var url : List.of("javascript:alert(1)", "http://x y", "ftp://x", "data:text/html,x")) assertThat(why(a.tries("alice", new HiveCommand.Post(a.id("u"), "link",
            Optional.empty(), Optional.of(url), OptionalLong.empty())))).as(url).startsWith("A link");
    }

    @Test void limits_refuse_and_quarantine_alike() {
        assertThat(why(a.tries("alice", post("l1", "x".repeat(301), "")))).isEqualTo("The title has more than 300 characters.");
        assertThat(why(a.tries("alice", post("l1", " ", "")))).isEqualTo("A post needs a title.");
        assertThat(why(a.tries("alice", post("l1", "x", "y".repeat(40_001))))).contains("40000 characters");
        assertThat(why(a.tries("alice", comment(a, "l2", null, "")))).isEqualTo("A comment needs content.");
        assertThat(why(a.tries("alice", vote(a, Target.post("nobody"), 1)))).isEqualTo("There is no such post here.");
        b.write(new Draft("post_created", Json.object("post_id", b.id("l3"), "title", "x".repeat(301), "content", Json.NULL, "url", Json.NULL, "author", json(b, "bob"))),
            new Draft("vote_cast", Json.object("target_type", "post", "target_id", post.id(), "voter", Json.object("instance_id", b.node().hex(), "agent_id", "bob"), "value", 1_000)));
        both();
        assertThat(a.rows().get("quarantine")).hasSize(2);
        assertThat(shown(a).totals().score()).isZero();
    }

    @Test void where_single_votes_are_private_they_are_cast_under_an_alias_and_counted_once() {
        b.does("bob", vote(b, post, 1));
        both();
        a.operates("alice", new HiveCommand.Set("vote_privacy", Json.of("aggregate")));
        both();
        b.does("bob", vote(b, post, -1));
        both();
        assertThat(shown(a).totals().score()).isEqualTo(-1);
        assertThat(a.rows().get("vote")).singleElement().asString().contains("|alias|");
    }

    @Tag("T12") @Test void what_is_folded_in_large_transactions_is_shown_the_same_and_is_shown_whole_or_not_at_all() {
        for (int post = 0; post < 60; post++) a.does("alice", new HiveCommand.Post(a.id("many" + post), "Post " + post, Optional.empty(), Optional.empty(), OptionalLong.empty()));
        for (int from = 0; from < 3_000; from += 500)
            a.log.write(a.author, IntStream.range(from, from + 500).mapToObj(i -> new Draft("vote_cast", Json.object("target_type", "post", "target_id", a.id("many" + i % 60), "voter",
                Json.object("instance_id", a.node().hex(), "agent_id", "voter" + i % 700), "value", i % 3 - 1))).toList(), List.of(), Map.of(), a.nowMs);
        a.follow();
        long last = a.log.state().lastOffset();
        try (var c = a.copyOf(folder, "carol")) {
            while (c.log.state().lastOffset() < last) c.log.append(a.log.readMissing(c.log.state().tips(), 0, 500, 1 << 20).events(), c.nowMs);
            var asked = new int[1];
            assertThatThrownBy(() -> c.fold.fold(c.log.read(0, 400, 1 << 20), offset -> {
                if (++asked[0] == 3) throw new LogUnavailable("read", new java.io.IOException("the disk is gone"));
                return c.log.read(offset, 400, 1 << 20);
            })).isInstanceOf(LogUnavailable.class);
            assertThat(c.fold.cursor()).isZero();
            assertThat(c.rows().get("post")).isEmpty();
            c.fold.fold(c.log.read(0, 400, 1 << 20), offset -> c.log.read(offset, 400, 1 << 20));
            assertThat(c.fold.cursor()).as("several pieces in one transaction, and not without an end").isEqualTo(Math.min(last, 8 * 400));
            c.follow();
            assertThat(c.rows()).isEqualTo(a.rows());
        }
    }

    @Tag("T12") @Test void a_view_that_is_dropped_is_the_same_when_it_was_replayed() throws Exception {
        b.does("bob", comment(b, "c1", null, "x"));
        b.does("bob", vote(b, post, 1));
        both();
        var before = a.rows();
        a.close();
        for (var suffix : List.of("", "-wal", "-shm")) java.nio.file.Files.deleteIfExists(Path.of(a.file + suffix));
        a.open();
        a.follow();
        assertThat(a.rows()).isEqualTo(before);

        a.close();
        try (var db = java.sql.DriverManager.getConnection("jdbc:sqlite:" + a.file); var statement = db.createStatement()) {
            statement.execute("PRAGMA user_version = 7");                 // of an older program
        }
        a.open();
        assertThat(a.fold.cursor()).isZero();
        a.follow();
        assertThat(a.rows()).isEqualTo(before);
    }

    @Test void a_damaged_view_is_made_again() throws Exception {
        var before = a.rows();
        a.close();
        for (var suffix : List.of("-wal", "-shm")) java.nio.file.Files.deleteIfExists(Path.of(a.file + suffix));
        java.nio.file.Files.writeString(a.file, "this is no database, and long enough to be read as one: " + "x".repeat(5_000));
        a.open();
        a.follow();
        assertThat(a.rows()).isEqualTo(before);
    }

    @Tag("P05") @Test void a_question_that_takes_too_long_is_stopped() {
        try (var db = HiveFile.reader(a.file)) {
            db.limit(50);
            assertThatThrownBy(() -> db.first("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n", row -> row.getLong(1))).isInstanceOf(TooSlow.class);
            db.limit(5_000);
            assertThat(db.first("SELECT count(*) FROM post", row -> row.getLong(1))).contains(1L);
        }
    }

    @Test void news_says_what_changed() {
        a.news.clear();
        b.does("bob", comment(b, "c1", null, "x"));
        b.does("bob", vote(b, post, 1));
        a.take(b);
        assertThat(a.news).extracting(news -> news.kind().wire()).contains("new_comment", "post_score");
    }

    @Test void posts_are_found_by_their_words_and_not_when_they_are_gone() {
        b.does("bob", comment(b, "c1", null, "Propolis, too"));
        both();
        try (var queries = new HiveQueries(a.file)) {
            assertThat(queries.search("hon", 10, 0)).hasSize(1);
            assertThat(queries.search("SWEET honey", 10, 0)).hasSize(1);
            assertThat(queries.search("propolis", 10, 0)).singleElement().satisfies(hit -> assertThat(hit.comment()).isPresent());
            assertThat(queries.search("title:honey OR NOT (", 10, 0)).isEmpty();
            assertThat(queries.search("\" * ^", 10, 0)).isEmpty();
        }
        a.does("alice", delete(post));
        try (var queries = new HiveQueries(a.file)) {
            assertThat(queries.search("honey", 10, 0)).isEmpty();
        }
    }
}
