package dev.waggle.store.node;

import dev.waggle.apps.hive.Actor;
import dev.waggle.apps.hive.CommentRow;
import dev.waggle.apps.hive.ContentState;
import dev.waggle.apps.hive.PostRow;
import dev.waggle.apps.hive.Snapshot;
import dev.waggle.apps.hive.Totals;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.store.hive.HiveQueries.Position;
import dev.waggle.store.hive.ShownComment;
import dev.waggle.store.hive.ShownPost;
import dev.waggle.store.hive.Sort;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// What is read of mirrors. A post that several subscriptions bring is shown once, as the oldest of them has it. Pages are found by an index. Thread-safe.
public final class MirrorQueries {
    private static final ContentState[] STATES = ContentState.values();
    private static final String POST = """
        SELECT p.subscription, p.id, a.origin_instance_id, a.origin_agent_id, a.name, a.avatar_url, p.title, p.content, p.url, p.state, p.created_ms, p.updated_ms, p.event, p.changed,
            p.up, p.down, p.comments, p.hot FROM mirror_post p JOIN remote_agents_cache a ON a.number = p.agent
        """;
    private static final String COMMENT = """
        SELECT c.subscription, c.id, c.post, c.parent, a.origin_instance_id, a.origin_agent_id, a.name, a.avatar_url, c.content, c.state, c.depth, c.path, c.thread, c.created_ms, c.updated_ms,
            c.event, c.up, c.down FROM mirror_comment c JOIN remote_agents_cache a ON a.number = c.agent
        """;
    private final NodeStore store;

    public MirrorQueries(NodeStore store) {
        this.store = store;
    }

    /// Something of a mirror.
    ///
    /// @param subscription its number
    public record Of<T>(long subscription, T shown) {}

    /// Live posts in an order.
    public List<ShownPost> posts(Subscription of, Sort sort, Optional<Sort.After> after, int limit) {
        var column = switch (sort) {
            case NEW -> "created_ms";
            case TOP -> "score";
            case HOT -> "hot";
        };
        var behind = after.isPresent() ? " AND (p." + column + ", p.id) < (?, ?)" : "";
        return store.all("read a mirror", POST + "WHERE p.subscription = ? AND p.state = 0 AND p.shadowed = 0" + behind + " ORDER BY p." + column + " DESC, p.id DESC LIMIT ?", query -> {
            int next = 1;
            query.setLong(next++, of.number());
            if (after.isPresent()) {
                query.setLong(next++, after.get().value());
                query.setString(next++, after.get().id());
            }
            query.setInt(next, limit);
        }, MirrorQueries::post).stream().map(Of::shown).toList();
    }

    /// Posts that changed here since, deleted ones too, in the order of that.
    public List<ShownPost> changedSince(Subscription of, Position since, int limit) {
        return store.all("read a mirror", POST + "WHERE p.subscription = ? AND p.shadowed = 0 AND (p.changed, p.id) > (?, ?) ORDER BY p.changed, p.id LIMIT ?", query -> {
            query.setLong(1, of.number());
            query.setLong(2, since.offset());
            query.setString(3, since.id());
            query.setInt(4, limit);
        }, MirrorQueries::post).stream().map(Of::shown).toList();
    }

    public Optional<Of<ShownPost>> post(String id) {
        return store.first("read a mirrored post", POST + "WHERE p.id = ? AND p.subscription IN (SELECT number FROM hive_sync_subscriptions) ORDER BY p.subscription LIMIT 1",
            query -> query.setString(1, id), MirrorQueries::post);
    }

    public Optional<Of<ShownComment>> comment(String id) {
        return store.first("read a mirrored comment", COMMENT + "WHERE c.id = ? AND c.subscription IN (SELECT number FROM hive_sync_subscriptions) ORDER BY c.subscription LIMIT 1",
            query -> query.setString(1, id), MirrorQueries::comment);
    }

    /// A post's comments for reading: each answer below what it answers.
    ///
    /// @param after the `thread` of the last one; empty at first
    public List<ShownComment> thread(long subscription, String post, String after, int limit) {
        return store.all("read mirrored comments", COMMENT + "WHERE c.subscription = ? AND c.post = ? AND c.thread > ? ORDER BY c.thread LIMIT ?", query -> {
            query.setLong(1, subscription);
            query.setString(2, post);
            query.setString(3, after);
            query.setInt(4, limit);
        }, MirrorQueries::comment).stream().map(Of::shown).toList();
    }

    /// A post's comments without their threads, newest or best first.
    public List<ShownComment> comments(long subscription, String post, Sort sort, Optional<Sort.After> after, int limit) {
        var column = switch (sort) {
            case NEW -> "created_ms";
            case TOP -> "score";
            case HOT -> throw new IllegalArgumentException("comments are not sorted by that");
        };
        var behind = after.isPresent() ? " AND (c." + column + ", c.id) < (?, ?)" : "";
        return store.all("read mirrored comments", COMMENT + "WHERE c.subscription = ? AND c.post = ? AND c.state = 0" + behind + " ORDER BY c." + column + " DESC, c.id DESC LIMIT ?", query -> {
            int next = 1;
            query.setLong(next++, subscription);
            query.setString(next++, post);
            if (after.isPresent()) {
                query.setLong(next++, after.get().value());
                query.setString(next++, after.get().id());
            }
            query.setInt(next, limit);
        }, MirrorQueries::comment).stream().map(Of::shown).toList();
    }

    /// @param posts    live ones that it brought
    /// @param comments live ones
    public record Counts(long posts, long comments) {}

    public Counts counts(Subscription of) {
        return store.first("count a mirror", """
            SELECT (SELECT count(*) FROM mirror_post WHERE subscription = ? AND state = 0), (SELECT count(*) FROM mirror_comment WHERE subscription = ? AND state = 0)
            """, query -> {
            query.setLong(1, of.number());
            query.setLong(2, of.number());
        }, row -> new Counts(row.getLong(1), row.getLong(2))).orElseThrow();
    }

    private static Of<ShownPost> post(ResultSet row) throws SQLException {
        var author = author(row, 3);
        var totals = new Totals(row.getLong(15), row.getLong(16), row.getLong(17));
        return new Of<>(row.getLong(1), new ShownPost(new PostRow(row.getString(2), author.actor(), row.getString(7), text(row, 8), text(row, 9), STATES[row.getInt(10)], Optional.empty(),
            row.getLong(11), row.getLong(12), new EventId(row.getString(13)), row.getLong(14)), author, totals, row.getLong(18)));
    }

    private static Of<ShownComment> comment(ResultSet row) throws SQLException {
        var author = author(row, 5);
        var place = new CommentRow.Place(row.getInt(11), row.getString(12), row.getString(13));
        return new Of<>(row.getLong(1), new ShownComment(new CommentRow(row.getString(2), row.getString(3), text(row, 4), author.actor(), row.getString(9), STATES[row.getInt(10)], Optional.empty(),
            Optional.of(place), row.getLong(14), row.getLong(15), new EventId(row.getString(16)), 0), author, new Totals(row.getLong(17), row.getLong(18), 0)));
    }

    private static Snapshot author(ResultSet row, int column) throws SQLException {
        return new Snapshot(new Actor(new NodeId(row.getString(column)), row.getString(column + 1)), Optional.of(row.getString(column + 2)), text(row, column + 3));
    }

    private static Optional<String> text(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }
}
