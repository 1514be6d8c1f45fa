package dev.waggle.store.hive;

import dev.waggle.apps.hive.HiveCommand;
import dev.waggle.apps.hive.Target;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/// A reader who knows nothing but what [HiveQueries#changes] said, two rows a page, has what the hive shows.
class HiveChangesTest {
    @TempDir Path folder;
    private TestHive a;
    private TestHive b;
    private HiveQueries queries;
    private Changed.At at = Changed.At.START;
    private final Map<Target, String> copy = new TreeMap<>();

    @BeforeEach void two_nodes() {
        a = TestHive.create(folder, "anna");
        b = a.invite(folder, "bert", Role.WRITER);
        queries = new HiveQueries(a.file);
    }

    @AfterEach void close() {
        queries.close();
        a.close();
        b.close();
    }

    private void post(TestHive at, String number, String title) {
        at.does("alice", new HiveCommand.Post(at.id(number), title, Optional.empty(), Optional.empty(), OptionalLong.empty()));
    }

    private void comment(TestHive at, String number, String post, Optional<String> parent) {
        at.does("alice", new HiveCommand.Comment(at.id(number), post, parent, "comment " + number, OptionalLong.empty()));
    }

    /// @return how many rows were read
    private int readOn() {
        int read = 0;
        for (var page = queries.changes(at, 2); !page.isEmpty(); page = queries.changes(at, 2)) {
            for (var change : page) {
                assertThat(change.at()).isGreaterThan(at);
                at = change.at();
                var target = new Target(at.kind(), at.id());
                if (change.post().isPresent()) copy.put(target, text(change.post().get()));
                else if (change.comment().isPresent()) copy.put(target, text(change.comment().get()));
                else copy.remove(target);
            }
            read += page.size();
        }
        assertThat(copy).isEqualTo(shown());
        return read;
    }

    private Map<Target, String> shown() {
        var shown = new TreeMap<Target, String>();
        for (var line : a.rows().get("post")) {
            var post = queries.post(line.substring(0, line.indexOf('|'))).orElseThrow();
            shown.put(Target.post(post.post().id()), text(post));
        }
        for (var line : a.rows().get("comment")) {
            var comment = queries.comment(line.substring(0, line.indexOf('|'))).orElseThrow();
            if (comment.comment().place().isPresent()) shown.put(Target.comment(comment.comment().id()), text(comment));
        }
        return shown;
    }

    private static String text(ShownPost shown) {
        return shown.post().title() + " " + shown.post().state() + " " + shown.totals();
    }

    private static String text(ShownComment shown) {
        return shown.comment().content() + " " + shown.comment().state() + " " + shown.totals();
    }

    @Tag("N04") @Test void whoever_reads_the_changes_has_what_the_hive_shows_votes_deletions_and_void_rows_too() {
        assertThat(readOn()).isZero();
        for (int i = 0; i < 5; i++) post(a, "p" + i, "post " + i);
        comment(a, "c1", a.id("p0"), Optional.empty());
        comment(a, "c2", a.id("p0"), Optional.of(a.id("c1")));
        assertThat(readOn()).isEqualTo(7);
        assertThat(readOn()).as("nothing happened").isZero();

        a.does("bea", new HiveCommand.Vote(Target.post(a.id("p3")), 1, a.agent("alias").actor()));
        a.does("bea", new HiveCommand.Vote(Target.comment(a.id("c1")), -1, a.agent("alias").actor()));
        assertThat(readOn()).as("votes change what they are cast on, and nothing else").isEqualTo(2);
        assertThat(copy.get(Target.post(a.id("p3")))).contains("up=1");

        a.does("bea", new HiveCommand.Vote(Target.post(a.id("p3")), 1, a.agent("alias").actor()));
        assertThat(readOn()).as("the same vote again").isZero();

        comment(a, "c3", a.id("p1"), Optional.empty());
        assertThat(readOn()).as("the comment, and the count of its post").isEqualTo(2);

        a.does("alice", new HiveCommand.Edit(Target.post(a.id("p2")), Optional.of("edited"), Optional.empty(), Optional.empty()));
        a.does("alice", new HiveCommand.Delete(Target.post(a.id("p4")), Optional.empty()));
        assertThat(readOn()).isEqualTo(2);

        b.take(a);
        post(b, "kept", "kept");
        var kept = b.events().getLast();
        post(b, "q1", "beyond the cut");
        comment(b, "c4", a.id("p1"), Optional.empty());
        a.take(b);
        readOn();
        assertThat(copy).containsKey(Target.post(b.id("q1"))).containsKey(Target.comment(b.id("c4")));
        var cut = Json.object("epoch", kept.chain().epoch().hex(), "seq", kept.seq(), "id", kept.id().hex());
        a.write(new Draft(ControlType.MEMBER_REMOVED, Json.object("subject", b.node().hex(), "cuts", Json.array(cut))));
        readOn();
        assertThat(copy).as("what is void is not shown any more, and the reader was told").doesNotContainKey(Target.post(b.id("q1"))).doesNotContainKey(Target.comment(b.id("c4")))
            .containsKey(Target.post(b.id("kept")));
    }

    @Test void a_reader_asks_an_index() {
        assertThat(a.plan("SELECT id FROM comment WHERE (changed, id) > (7, 'x') ORDER BY changed, id LIMIT 2")).contains("comment_changed").doesNotContain("TEMP B-TREE");
        assertThat(a.plan("SELECT id FROM gone WHERE (changed, kind, id) > (7, 0, 'x') ORDER BY changed, kind, id LIMIT 2")).contains("gone_changed").doesNotContain("TEMP B-TREE");
    }
}
