package dev.waggle.store.hive;

import dev.waggle.apps.hive.Actor;
import dev.waggle.apps.hive.HiveCommand;
import dev.waggle.apps.hive.HiveReading;
import dev.waggle.apps.hive.HiveRules;
import dev.waggle.apps.hive.MemberRow;
import dev.waggle.apps.hive.SettingRow;
import dev.waggle.apps.hive.Snapshot;
import dev.waggle.apps.hive.Target;
import dev.waggle.apps.hive.Totals;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.store.view.Snapshots;
import dev.waggle.store.view.TooSlow;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What people ask of one hive. Reads beside the fold, in [Snapshots]; each call sees one state and fails with
/// [TooSlow] when it takes too long. Pages are at most [#PAGE_MAX] rows, found by an index, so the thousandth costs what the first does. Thread-safe.
public final class HiveQueries implements AutoCloseable {
    public static final int PAGE_MAX = 500;
    private static final int WORDS_MAX = 20;
    private static final String POST = "SELECT " + SqlHiveReading.POST_COLUMNS + ", a.name, a.avatar, p.up, p.down, p.comments, p.hot FROM post p JOIN agent a ON a.number = p.author ";
    private static final String COMMENT = "SELECT " + SqlHiveReading.COMMENT_COLUMNS + ", a.name, a.avatar, c.up, c.down FROM comment c JOIN agent a ON a.number = c.author ";

    private final Snapshots<SqlHiveReading> snapshots;

    /// @param file of a hive that a [HiveFold] keeps, or kept
    public HiveQueries(Path file) {
        snapshots = new Snapshots<>(() -> new SqlHiveReading(HiveFile.reader(file)), reading -> reading.db);
    }

    /// Decides on a command as of now.
    public HiveRules.Decision decide(HiveCommand command, HiveRules.Who who) {
        return snapshots.ask(rows -> new HiveRules(rows).decide(command, who));
    }

    /// Anything else that is decided by rows.
    public <T> T ask(Function<HiveReading, T> question) {
        return snapshots.ask(question::apply);
    }

    /// @param hive        what the genesis says
    /// @param owner       the node that made it
    /// @param incarnation of these rows: cursors of another one are void
    public record Summary(String name, NodeId owner, String incarnation, List<SettingRow> settings, long posts, long comments, long members, long quarantined) {}

    public Summary summary() {
        return snapshots.ask(rows -> new Summary(rows.meta("name").orElse(""), rows.meta("owner").map(NodeId::new).orElse(null), rows.meta("incarnation").orElse(""),
            rows.db.all("SELECT s.key, s.value, a.instance, a.agent, s.ms, s.event FROM setting s JOIN agent a ON a.number = s.agent ORDER BY s.key LIMIT 500", SqlHiveReading::settingRow),
            count(rows, "SELECT count(*) FROM post WHERE state = 0"), count(rows, "SELECT count(*) FROM comment WHERE state = 0 AND thread IS NOT NULL"),
            count(rows, "SELECT count(*) FROM member WHERE joined AND NOT banned"), rows.meta("quarantined").map(Long::parseLong).orElse(0L)));
    }

    /// Of these rows; see [Summary#incarnation].
    public String incarnation() {
        return snapshots.ask(rows -> rows.meta("incarnation").orElse(""));
    }

    private static long count(SqlHiveReading rows, String sql) {
        return rows.db.first(sql, row -> row.getLong(1)).orElse(0L);
    }

    /// Live posts in an order.
    public List<ShownPost> posts(Sort sort, Optional<Sort.After> after, int limit) {
        var order = " ORDER BY p." + sort.column + " DESC, p.id DESC LIMIT ?";
        return snapshots.ask(rows -> after.isEmpty()
            ? rows.db.all(POST + "WHERE p.state = 0" + order, HiveQueries::shownPost, page(limit))
            : rows.db.all(POST + "WHERE p.state = 0 AND (p." + sort.column + ", p.id) < (?, ?)" + order, HiveQueries::shownPost, after.get().value(), after.get().id(), page(limit)));
    }

    /// Where a reader of [#changedSince] stands.
    ///
    /// @param offset 0 at first
    public record Position(long offset, String id) implements Comparable<Position> {
        public static final Position START = new Position(0, "");

        public static Position of(ShownPost post) {
            return new Position(post.post().changed(), post.post().id());
        }

        @Override public int compareTo(Position other) {
            int byOffset = Long.compare(offset, other.offset);
            return byOffset != 0 ? byOffset : id.compareTo(other.id);
        }
    }

    /// Posts that are new, edited, deleted or restored since, in the order of that; those that were deleted come without their text. A post that changes
    /// again comes again. Whoever reads on from the last one misses nothing, whenever it asks: the order is this node's log and no clock.
    public List<ShownPost> changedSince(Position since, int limit) {
        return snapshots.ask(rows -> rows.db.all(POST + "WHERE (p.changed, p.id) > (?, ?) ORDER BY p.changed, p.id LIMIT ?", HiveQueries::shownPost, since.offset(), since.id(), page(limit)));
    }

    /// Posts and comments that are new, edited, voted on, deleted, restored or gone since, in the order of that: all that a copy needs to become equal.
    public List<Changed> changes(Changed.At since, int limit) {
        return snapshots.ask(rows -> {
            var all = new ArrayList<Changed>();
            var post = since.before(Target.Kind.POST);
            rows.db.all(POST + "WHERE (p.changed, p.id) > (?, ?) ORDER BY p.changed, p.id LIMIT ?", HiveQueries::shownPost, post.offset(), post.id(), page(limit))
                .forEach(shown -> all.add(Changed.of(shown)));
            var comment = since.before(Target.Kind.COMMENT);
            rows.db.all(COMMENT + "WHERE (c.changed, c.id) > (?, ?) ORDER BY c.changed, c.id LIMIT ?", HiveQueries::shownComment, comment.offset(), comment.id(), page(limit))
                .forEach(shown -> all.add(Changed.of(shown)));
            all.addAll(rows.db.all("SELECT changed, kind, id FROM gone WHERE (changed, kind, id) > (?, ?, ?) ORDER BY changed, kind, id LIMIT ?",
                row -> Changed.gone(row.getLong(1), Target.Kind.values()[row.getInt(2)], row.getString(3)), since.offset(), since.kind().ordinal(), since.id(), page(limit)));
            all.sort(Comparator.comparing(Changed::at));
            return List.copyOf(all.subList(0, Math.min(all.size(), page(limit))));
        });
    }

    public Optional<ShownPost> post(String id) {
        return snapshots.ask(rows -> rows.db.first(POST + "WHERE p.id = ?", HiveQueries::shownPost, id));
    }

    public Optional<ShownComment> comment(String id) {
        return snapshots.ask(rows -> rows.db.first(COMMENT + "WHERE c.id = ?", HiveQueries::shownComment, id));
    }

    /// A post's comments for reading: each answer below what it answers. Deleted ones keep their place.
    ///
    /// @param after the `thread` of the last one; empty at first
    public List<ShownComment> thread(String post, String after, int limit) {
        return snapshots.ask(rows -> rows.db.all(COMMENT + "WHERE c.post = ? AND c.thread > ? ORDER BY c.thread LIMIT ?", HiveQueries::shownComment, post, after, page(limit)));
    }

    /// A post's comments without their threads, newest or best first.
    public List<ShownComment> comments(String post, Sort sort, Optional<Sort.After> after, int limit) {
        if (sort == Sort.HOT) throw new IllegalArgumentException("comments are not sorted by that");
        var from = COMMENT + "WHERE c.post = ? AND c.state = 0 AND c.thread IS NOT NULL";
        var order = " ORDER BY c." + sort.column + " DESC, c.id DESC LIMIT ?";
        return snapshots.ask(rows -> after.isEmpty() ? rows.db.all(from + order, HiveQueries::shownComment, post, page(limit))
            : rows.db.all(from + " AND (c." + sort.column + ", c.id) < (?, ?)" + order, HiveQueries::shownComment, post, after.get().value(), after.get().id(), page(limit)));
    }

    /// One hit of a search.
    ///
    /// @param comment empty when the post itself has the words
    public record Hit(ShownPost post, Optional<ShownComment> comment) {}

    /// Posts and comments that have all these words, best first. The words are data: no operators, no columns.
    public List<Hit> search(String words, int limit, int skip) {
        var query = query(words);
        if (query.isEmpty()) return List.of();
        return snapshots.ask(rows -> {
            var hits = new ArrayList<Hit>();
            for (long row : rows.db.all("SELECT rowid FROM search WHERE search MATCH ? ORDER BY bm25(search, 4.0, 1.0), rowid LIMIT ? OFFSET ?", found -> found.getLong(1), query, page(limit), skip)) {
                if (row % 2 == 0) rows.db.first(POST + "WHERE p.number = ?", HiveQueries::shownPost, row / 2).ifPresent(post -> hits.add(new Hit(post, Optional.empty())));
                else rows.db.first(COMMENT + "WHERE c.number = ?", HiveQueries::shownComment, row / 2).ifPresent(comment ->
                    rows.db.first(POST + "WHERE p.id = ?", HiveQueries::shownPost, comment.comment().post()).ifPresent(post -> hits.add(new Hit(post, Optional.of(comment)))));
            }
            return hits;
        });
    }

    /// Each word as a string of FTS5; the last one may go on.
    private static String query(String words) {
        var parts = Stream.of(words.replace('\0', ' ').strip().split("\\s+")).filter(word -> word.codePoints().anyMatch(Character::isLetterOrDigit)).limit(WORDS_MAX).toList();
        return parts.stream().map(word -> "\"" + word.replace("\"", "\"\"") + "\"").collect(Collectors.joining(" ")) + (parts.isEmpty() ? "" : "*");
    }

    /// @param value 1 or -1
    public record CastVote(Actor voter, int value, EventId event) {}

    /// Who voted how, in the order in which this node met them.
    ///
    /// @param afterEvent of the last one; empty at first
    public List<CastVote> votes(Target target, int limit, int skip) {
        return snapshots.ask(rows -> rows.targetNumber(target).map(number -> rows.db.all("""
            SELECT a.instance, a.agent, v.value, v.event FROM vote v JOIN agent a ON a.number = v.voter WHERE v.target = ? ORDER BY v.bucket, v.voter LIMIT ? OFFSET ?
            """, row -> new CastVote(SqlHiveReading.actor(row, 1), row.getInt(3), EventId.of(row.getBytes(4))), number, page(limit), skip)).orElse(List.of()));
    }

    /// A vote with what it is about, for an export.
    public record VoteOn(VotePlace place, Target target, CastVote vote) {}

    /// Where a vote is kept: 0 everywhere to begin.
    public record VotePlace(long target, long bucket, long voter) {}

    /// All votes, in no order that means anything.
    public List<VoteOn> allVotes(VotePlace after, int limit) {
        return snapshots.ask(rows -> rows.db.all("""
            SELECT a.instance, a.agent, v.value, v.event, t.kind, t.id, v.target, v.bucket, v.voter FROM vote v JOIN agent a ON a.number = v.voter JOIN target t ON t.number = v.target
            WHERE (v.target, v.bucket, v.voter) > (?, ?, ?) ORDER BY v.target, v.bucket, v.voter LIMIT ?
            """, row -> new VoteOn(new VotePlace(row.getLong(7), row.getLong(8), row.getLong(9)), new Target(Target.Kind.values()[row.getInt(5)], row.getString(6)), new CastVote(SqlHiveReading.actor(row, 1), row.getInt(3), EventId.of(row.getBytes(4)))),
            after.target(), after.bucket(), after.voter(), page(limit)));
    }

    /// A member with what it is called.
    public record ShownMember(MemberRow member, Snapshot agent) {}

    /// Everybody who joined, left, was banned or made moderator; moderators first.
    public List<ShownMember> members(int limit, int skip) {
        return snapshots.ask(rows -> rows.db.all("""
            SELECT a.instance, a.agent, m.joined, m.banned, m.moderator, m.since_ms, a.name, a.avatar FROM member m JOIN agent a ON a.number = m.agent
            ORDER BY m.moderator DESC, m.since_ms, a.instance, a.agent LIMIT ? OFFSET ?
            """, row -> {
                var actor = SqlHiveReading.actor(row, 1);
                return new ShownMember(new MemberRow(actor, row.getInt(3) != 0, row.getInt(4) != 0, row.getInt(5) != 0, row.getLong(6)),
                    new Snapshot(actor, SqlHiveReading.text(row, 7), SqlHiveReading.text(row, 8)));
            }, page(limit), skip));
    }

    /// One of [#members].
    public Optional<ShownMember> member(Actor actor) {
        return snapshots.ask(rows -> rows.member(actor).map(row -> new ShownMember(row, rows.agent(actor).orElse(new Snapshot(actor, Optional.empty(), Optional.empty())))));
    }

    /// How many there are of [#members].
    public long membersCount() {
        return snapshots.ask(rows -> count(rows, "SELECT count(*) FROM member"));
    }

    /// Comments by number, for an export.
    public record Numbered(long number, ShownComment comment) {}

    /// All comments that have a place, in the order in which they came here.
    public List<Numbered> allComments(long afterNumber, int limit) {
        return snapshots.ask(rows -> rows.db.all(COMMENT.replace(" FROM comment c", ", c.number FROM comment c") + "WHERE c.thread IS NOT NULL AND c.number > ? ORDER BY c.number LIMIT ?",
            row -> new Numbered(row.getLong(20), shownComment(row)), afterNumber, page(limit)));
    }

    private static int page(int limit) {
        return Math.clamp(limit, 1, PAGE_MAX);
    }

    private static ShownPost shownPost(ResultSet row) throws SQLException {
        var post = SqlHiveReading.postRow(row);
        return new ShownPost(post, new Snapshot(post.author(), SqlHiveReading.text(row, 13), SqlHiveReading.text(row, 14)), new Totals(row.getLong(15), row.getLong(16), row.getLong(17)),
            row.getLong(18));
    }

    private static ShownComment shownComment(ResultSet row) throws SQLException {
        var comment = SqlHiveReading.commentRow(row);
        return new ShownComment(comment, new Snapshot(comment.author(), SqlHiveReading.text(row, 16), SqlHiveReading.text(row, 17)), new Totals(row.getLong(18), row.getLong(19), 0));
    }

    /// Whoever still asks gets an answer.
    @Override public void close() {
        snapshots.close();
    }
}
