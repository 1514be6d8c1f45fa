package dev.waggle.store.node;

import dev.waggle.apps.hive.ContentState;
import dev.waggle.apps.hive.Snapshot;
import dev.waggle.apps.hive.Target;
import dev.waggle.apps.hive.Totals;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.store.hive.ShownComment;
import dev.waggle.store.hive.ShownPost;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Optional;

/// Writes what subscriptions brought into `node.sqlite`: copies of posts and comments of other nodes' public hives, never more than was read there. Every page and its cursor are one
/// transaction, so a kill at any moment reads that page again and no other. Read them with [MirrorQueries]. Thread-safe.
public final class MirrorStore {
    /// The names of hive-sync pattern 1. Times are milliseconds since 1970 UTC.
    static final String SCHEMA_3 = """
        CREATE TABLE hive_sync_subscriptions (
          number           INTEGER PRIMARY KEY AUTOINCREMENT,    -- never used again: what a subscription left behind is nobody else's
          id               TEXT NOT NULL UNIQUE,
          instance_url     TEXT NOT NULL,
          instance_id      TEXT,                                 -- who proved to be there; NULL before the first answer
          remote_hive_name TEXT NOT NULL,
          remote_hive_id   TEXT,                                 -- NULL before the first answer
          local_hive_name  TEXT NOT NULL UNIQUE,
          sync_cursor      TEXT NOT NULL DEFAULT '',
          incarnation      TEXT NOT NULL DEFAULT '',
          generation       INTEGER NOT NULL DEFAULT 0,
          sync_interval_ms INTEGER NOT NULL,
          status           TEXT NOT NULL CHECK (status IN ('active', 'paused', 'error')),
          last_sync_ms     INTEGER NOT NULL DEFAULT 0,
          last_error       TEXT NOT NULL DEFAULT '',
          failures         INTEGER NOT NULL DEFAULT 0,
          items            INTEGER NOT NULL DEFAULT 0,
          bytes            INTEGER NOT NULL DEFAULT 0,
          refused          INTEGER NOT NULL DEFAULT 0,
          changes          INTEGER NOT NULL DEFAULT 0,           -- counts what changed: mirror_post.changed
          created_ms       INTEGER NOT NULL,
          updated_ms       INTEGER NOT NULL,
          UNIQUE (instance_url, remote_hive_name)
        ) STRICT;
        CREATE TABLE remote_agents_cache (
          number             INTEGER PRIMARY KEY,
          subscription       INTEGER NOT NULL,                   -- what one source says of somebody is shown with what it brought only
          origin_instance_id TEXT NOT NULL,
          origin_agent_id    TEXT NOT NULL,
          name               TEXT NOT NULL,
          avatar_url         TEXT,
          fetched_ms         INTEGER NOT NULL,
          UNIQUE (subscription, origin_instance_id, origin_agent_id)
        ) STRICT;
        CREATE TABLE mirror_post (
          number       INTEGER PRIMARY KEY,
          subscription INTEGER NOT NULL,
          id           TEXT NOT NULL,                            -- origin_post_id; begins with digits of origin_instance_id
          agent        INTEGER NOT NULL,
          title        TEXT NOT NULL,
          content      TEXT,
          url          TEXT,
          state        INTEGER NOT NULL,                         -- 0 live, 1 deleted, 2 removed
          created_ms   INTEGER NOT NULL,
          updated_ms   INTEGER NOT NULL,
          event        TEXT NOT NULL,
          up           INTEGER NOT NULL,
          down         INTEGER NOT NULL,
          score        INTEGER NOT NULL,
          comments     INTEGER NOT NULL,
          hot          INTEGER NOT NULL,
          bytes        INTEGER NOT NULL,
          generation   INTEGER NOT NULL,
          changed      INTEGER NOT NULL,
          shadowed     INTEGER NOT NULL,                         -- an older subscription brings it
          UNIQUE (subscription, id)
        ) STRICT;
        CREATE INDEX mirror_post_id ON mirror_post (id, subscription);
        CREATE INDEX mirror_post_new ON mirror_post (subscription, created_ms, id) WHERE state = 0 AND shadowed = 0;
        CREATE INDEX mirror_post_top ON mirror_post (subscription, score, id) WHERE state = 0 AND shadowed = 0;
        CREATE INDEX mirror_post_hot ON mirror_post (subscription, hot, id) WHERE state = 0 AND shadowed = 0;
        CREATE INDEX mirror_post_changed ON mirror_post (subscription, changed, id) WHERE shadowed = 0;
        CREATE INDEX mirror_post_generation ON mirror_post (subscription, generation);
        CREATE TABLE mirror_comment (
          number       INTEGER PRIMARY KEY,
          subscription INTEGER NOT NULL,
          id           TEXT NOT NULL,
          post         TEXT NOT NULL,
          parent       TEXT,
          agent        INTEGER NOT NULL,
          content      TEXT NOT NULL,
          state        INTEGER NOT NULL,
          depth        INTEGER NOT NULL,
          path         TEXT NOT NULL,
          thread       TEXT NOT NULL,
          created_ms   INTEGER NOT NULL,
          updated_ms   INTEGER NOT NULL,
          event        TEXT NOT NULL,
          up           INTEGER NOT NULL,
          down         INTEGER NOT NULL,
          score        INTEGER NOT NULL,
          bytes        INTEGER NOT NULL,
          generation   INTEGER NOT NULL,
          UNIQUE (subscription, id)
        ) STRICT;
        CREATE INDEX mirror_comment_id ON mirror_comment (id, subscription);
        CREATE INDEX mirror_comment_thread ON mirror_comment (subscription, post, thread);
        CREATE INDEX mirror_comment_new ON mirror_comment (subscription, post, created_ms, id) WHERE state = 0;
        CREATE INDEX mirror_comment_top ON mirror_comment (subscription, post, score, id) WHERE state = 0;
        CREATE INDEX mirror_comment_generation ON mirror_comment (subscription, generation);
        """;
    /// Rows that go at once: other parts of the node write beside it.
    private static final int CHUNK = 200;
    private final NodeStore store;

    public MirrorStore(NodeStore store) {
        this.store = store;
    }

    /// Applies a page and moves the cursor.
    ///
    /// @param of as it was when the page was asked for
    /// @return false when the subscription was forgotten meanwhile: then nothing is written
    public boolean apply(Subscription of, RemotePage page, long nowMs) {
        var there = new boolean[1];
        store.unhurried("mirror a page", () -> {
            boolean again = !page.incarnation().equals(of.incarnation());              // other rows than before: everything comes again
            long generation = of.generation() + (again ? 1 : 0);
            there[0] = store.update("""
                UPDATE hive_sync_subscriptions SET sync_cursor = ?, incarnation = ?, generation = ?, instance_id = ?, remote_hive_id = ?, refused = refused + ?, changes = changes + 1 WHERE number = ?
                """, page.cursor(), page.incarnation(), generation, page.instance().hex(), page.hiveId(), page.refused(), of.number()) == 1;
            if (!there[0]) return;
            long change = store.first("count", "SELECT changes FROM hive_sync_subscriptions WHERE number = ?", query -> query.setLong(1, of.number()), row -> row.getLong(1)).orElseThrow();
            var size = new long[2];
            for (var post : page.posts()) put(of.number(), post, generation, change, nowMs, size);
            for (var comment : page.comments()) put(of.number(), comment, generation, nowMs, size);
            for (var target : page.gone()) gone(of.number(), target, change);
            store.update("UPDATE hive_sync_subscriptions SET items = items + ?, bytes = bytes + ? WHERE number = ?", size[0], size[1], of.number());
        });
        return there[0];
    }

    private void put(long subscription, ShownPost shown, long generation, long change, long nowMs, long[] size) throws SQLException {
        var post = shown.post();
        long agent = agent(subscription, shown.author(), nowMs);
        long bytes = bytes(post.title()) + bytes(post.content().orElse("")) + bytes(post.url().orElse(""));
        count("SELECT bytes FROM mirror_post WHERE subscription = ? AND id = ?", subscription, post.id(), bytes, size);
        var totals = shown.totals();
        store.update("""
            INSERT INTO mirror_post (subscription, id, agent, title, content, url, state, created_ms, updated_ms, event, up, down, score, comments, hot, bytes, generation, changed, shadowed)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, EXISTS (SELECT 1 FROM mirror_post o WHERE o.id = ? AND o.subscription < ?))
            ON CONFLICT (subscription, id) DO UPDATE SET agent = excluded.agent, title = excluded.title, content = excluded.content, url = excluded.url, state = excluded.state,
                created_ms = excluded.created_ms, updated_ms = excluded.updated_ms, event = excluded.event, up = excluded.up, down = excluded.down, score = excluded.score,
                comments = excluded.comments, hot = excluded.hot, bytes = excluded.bytes, generation = excluded.generation,
                changed = CASE WHEN (agent, title, content, url, state, created_ms, updated_ms, up, down, comments)
                    IS NOT (excluded.agent, excluded.title, excluded.content, excluded.url, excluded.state, excluded.created_ms, excluded.updated_ms, excluded.up, excluded.down, excluded.comments)
                    THEN excluded.changed ELSE changed END
            """, subscription, post.id(), agent, post.title(), post.content().orElse(null), post.url().orElse(null), post.state().ordinal(), post.createdMs(), post.updatedMs(), post.event().hex(),
            totals.up(), totals.down(), totals.score(), totals.comments(), Totals.hot(totals.score(), post.createdMs()), bytes, generation, change, post.id(), subscription);
        store.update("UPDATE mirror_post SET shadowed = 1 WHERE id = ? AND subscription > ?", post.id(), subscription);
    }

    private void put(long subscription, ShownComment shown, long generation, long nowMs, long[] size) throws SQLException {
        var comment = shown.comment();
        var place = comment.place().orElseThrow();
        long agent = agent(subscription, shown.author(), nowMs);
        long bytes = bytes(comment.content()) + bytes(place.path()) + bytes(place.thread());
        count("SELECT bytes FROM mirror_comment WHERE subscription = ? AND id = ?", subscription, comment.id(), bytes, size);
        store.update("""
            INSERT INTO mirror_comment (subscription, id, post, parent, agent, content, state, depth, path, thread, created_ms, updated_ms, event, up, down, score, bytes, generation)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (subscription, id) DO UPDATE SET post = excluded.post, parent = excluded.parent, agent = excluded.agent, content = excluded.content, state = excluded.state,
                depth = excluded.depth, path = excluded.path, thread = excluded.thread, created_ms = excluded.created_ms, updated_ms = excluded.updated_ms, event = excluded.event,
                up = excluded.up, down = excluded.down, score = excluded.score, bytes = excluded.bytes, generation = excluded.generation
            """, subscription, comment.id(), comment.post(), comment.parent().orElse(null), agent, comment.content(), comment.state().ordinal(), place.depth(), place.path(), place.thread(),
            comment.createdMs(), comment.updatedMs(), comment.event().hex(), shown.totals().up(), shown.totals().down(), shown.totals().score(), bytes, generation);
    }

    private void count(String sql, long subscription, String id, long bytes, long[] size) {
        var before = store.first("look for a mirrored item", sql, query -> {
            query.setLong(1, subscription);
            query.setString(2, id);
        }, row -> row.getLong(1));
        if (before.isEmpty()) size[0]++;
        size[1] += bytes - before.orElse(0L);
    }

    private static long bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private long agent(long subscription, Snapshot who, long nowMs) throws SQLException {
        store.update("""
            INSERT INTO remote_agents_cache (subscription, origin_instance_id, origin_agent_id, name, avatar_url, fetched_ms) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET name = excluded.name, avatar_url = excluded.avatar_url, fetched_ms = excluded.fetched_ms
            """, subscription, who.actor().instance().hex(), who.actor().agent(), who.shownName(), who.avatarUrl().orElse(null), nowMs);
        return store.first("find a remote agent", "SELECT number FROM remote_agents_cache WHERE subscription = ? AND origin_instance_id = ? AND origin_agent_id = ?", query -> {
            query.setLong(1, subscription);
            query.setString(2, who.actor().instance().hex());
            query.setString(3, who.actor().agent());
        }, row -> row.getLong(1)).orElseThrow();
    }

    /// It keeps its place and loses its text, as if it had been deleted there.
    private void gone(long subscription, Target target, long change) throws SQLException {
        if (target.kind() == Target.Kind.POST)
            store.update("UPDATE mirror_post SET state = ?, title = '', content = NULL, url = NULL, changed = ? WHERE subscription = ? AND id = ?", ContentState.DELETED.ordinal(), change, subscription, target.id());
        else store.update("UPDATE mirror_comment SET state = ?, content = '' WHERE subscription = ? AND id = ?", ContentState.DELETED.ordinal(), subscription, target.id());
    }

    /// After everything was read again: what did not come any more is gone.
    public void sweep(Subscription of, long generation) {
        int done;
        do {
            var count = new int[1];
            store.unhurried("sweep a mirror", () -> {
                count[0] = store.update("""
                    UPDATE mirror_post SET state = 1, title = '', content = NULL, url = NULL, generation = ?, changed = (SELECT changes + 1 FROM hive_sync_subscriptions WHERE number = ?)
                    WHERE number IN (SELECT number FROM mirror_post WHERE subscription = ? AND generation < ? LIMIT ?)
                    """, generation, of.number(), of.number(), generation, CHUNK);
                count[0] += store.update("UPDATE mirror_comment SET state = 1, content = '', generation = ? WHERE number IN (SELECT number FROM mirror_comment WHERE subscription = ? AND generation < ? LIMIT ?)",
                    generation, of.number(), generation, CHUNK);
                if (count[0] > 0) store.update("UPDATE hive_sync_subscriptions SET changes = changes + 1 WHERE number = ?", of.number());
            });
            done = count[0];
        } while (done > 0);
    }

    /// Removes what belongs to no subscription any more, a little at a time: other parts of the node write beside it. What a kill leaves the next start removes.
    ///
    /// @throws LogUnavailable when the disk failed; the rest goes the next time
    public void removeOrphans() {
        for (var table : new String[] {"mirror_post", "mirror_comment", "remote_agents_cache"})
            for (var orphan = orphan(table); orphan.isPresent(); orphan = orphan(table)) remove(table, orphan.get());
    }

    private void remove(String table, long subscription) {
        int done;
        do {
            var count = new int[1];
            store.unhurried("remove a mirror", () -> {
                if (table.equals("mirror_post")) unshadow(subscription);
                count[0] = store.update("DELETE FROM " + table + " WHERE number IN (SELECT number FROM " + table + " WHERE subscription = ? ORDER BY number LIMIT ?)", subscription, CHUNK);
            });
            done = count[0];
        } while (done > 0);
    }

    private Optional<Long> orphan(String table) {
        return store.first("look for what is nobody's", "SELECT min(subscription) FROM " + table + " WHERE subscription NOT IN (SELECT number FROM hive_sync_subscriptions) HAVING min(subscription) IS NOT NULL",
            _ -> {}, row -> row.getLong(1));
    }

    /// The same posts of younger subscriptions are shown instead of those that go now.
    private void unshadow(long number) throws SQLException {
        store.update("""
            UPDATE mirror_post SET shadowed = 0, changed = (SELECT changes + 1 FROM hive_sync_subscriptions s WHERE s.number = mirror_post.subscription)
            WHERE number IN (
                SELECT y.number FROM (SELECT id FROM mirror_post WHERE subscription = ? ORDER BY number LIMIT ?) o JOIN mirror_post y ON y.id = o.id
                WHERE y.subscription > ? AND y.subscription IN (SELECT number FROM hive_sync_subscriptions)
                    AND NOT EXISTS (SELECT 1 FROM mirror_post e WHERE e.id = y.id AND e.subscription < y.subscription AND e.subscription <> ?))
            """, number, CHUNK, number, number);
        store.update("UPDATE hive_sync_subscriptions SET changes = changes + 1");
    }
}
