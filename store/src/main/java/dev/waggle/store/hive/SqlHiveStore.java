package dev.waggle.store.hive;

import dev.waggle.apps.hive.Actor;
import dev.waggle.apps.hive.Change;
import dev.waggle.apps.hive.CommentRow;
import dev.waggle.apps.hive.ContentState;
import dev.waggle.apps.hive.HiveStore;
import dev.waggle.apps.hive.MemberRow;
import dev.waggle.apps.hive.PostRow;
import dev.waggle.apps.hive.SettingRow;
import dev.waggle.apps.hive.Snapshot;
import dev.waggle.apps.hive.Stamp;
import dev.waggle.apps.hive.Target;
import dev.waggle.apps.hive.Totals;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.log.ControlType;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// A hive's rows in SQLite, for the one who writes them. One thread; after a rollback a new one must be made.
final class SqlHiveStore extends SqlHiveReading implements HiveStore {
    private static final int VOTES = 0;
    private static final int COMMENTS = 1;
    private static final int QUARANTINE_MAX = 1_000;
    private static final int NUMBERS_MAX = 10_000;

    private final Map<Actor, Long> numbers = new LinkedHashMap<>(16, 0.75f, true) {
        @Override protected boolean removeEldestEntry(Map.Entry<Actor, Long> eldest) {
            return size() > NUMBERS_MAX;
        }
    };
    private final Map<Target, Long> targets = new LinkedHashMap<>(16, 0.75f, true) {
        @Override protected boolean removeEldestEntry(Map.Entry<Target, Long> eldest) {
            return size() > NUMBERS_MAX;
        }
    };
    private final Map<Target, Set<Integer>> stale = new HashMap<>();      // buckets to sum up anew: bucket * 2 + what

    SqlHiveStore(HiveFile db) {
        super(db);
    }

    @Override public long cursor() {
        return meta("cursor").map(Long::parseLong).orElse(0L);
    }

    @Override public void cursor(long offset) {
        putMeta("cursor", Long.toString(offset));
    }

    private void putMeta(String name, String value) {
        db.write("INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value);
    }

    @Override public List<Event> control() {
        return db.all("SELECT payload FROM control ORDER BY number", row -> Event.read(row.getBytes(1), null));
    }

    @Override public void addControl(Event event) {
        db.write("INSERT INTO control (payload) VALUES (?)", (Object) event.payload());
        if (!event.type().equals(ControlType.GENESIS)) return;
        putMeta("name", event.body().text("name"));
        putMeta("owner", event.body().text("owner"));
    }

    private long numberOf(Actor actor) {
        var known = number(actor);
        if (known.isPresent()) return known.get();
        db.write("INSERT INTO agent (instance, agent) VALUES (?, ?)", actor.instance().bytes(), actor.agent());
        return number(actor).orElseThrow();
    }

    @Override Optional<Long> number(Actor actor) {
        return kept(numbers, actor, super::number);
    }

    @Override Optional<Long> targetNumber(Target target) {
        return kept(targets, target, super::targetNumber);
    }

    private static <K> Optional<Long> kept(Map<K, Long> numbers, K key, Function<K, Optional<Long>> stored) {
        var known = numbers.get(key);
        if (known != null) return Optional.of(known);
        var found = stored.apply(key);
        found.ifPresent(number -> numbers.put(key, number));
        return found;
    }

    private long numberOf(Target target) {
        var known = targetNumber(target);
        if (known.isPresent()) return known.get();
        db.write("INSERT INTO target (kind, id) VALUES (?, ?)", target.kind().ordinal(), target.id());
        return targetNumber(target).orElseThrow();
    }

    @Override public boolean add(Change change) {
        var stamp = change.stamp();
        var bases = ByteBuffer.allocate(change.bases().size() * ID_BYTES);
        change.bases().forEach(id -> bases.put(id.bytes()));
        return db.write("""
            INSERT INTO change (record, ms, tick, origin, event, kind, actor, rank, counts, sets, value, bases, "offset") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT DO NOTHING
            """, Hex.bytes(change.key()), stamp.ts().wallMs(), stamp.ts().tick(), stamp.origin().bytes(), stamp.id().bytes(), change.kind().ordinal(), numberOf(change.actor()),
            change.rank(), change.counts() ? 1 : 0, change.sets(), change.value(), bases.array(), change.offset()) == 1;
    }

    @Override public boolean counts(String key, Stamp stamp, boolean counts) {
        return db.write("UPDATE change SET counts = ? WHERE record = ? AND ms = ? AND tick = ? AND origin = ? AND event = ? AND counts <> ?", counts ? 1 : 0, Hex.bytes(key),
            stamp.ts().wallMs(), stamp.ts().tick(), stamp.origin().bytes(), stamp.id().bytes(), counts ? 1 : 0) == 1;
    }

    @Override public void put(PostRow post) {
        db.write("""
            INSERT INTO post (id, author, title, content, url, state, reason, created_ms, updated_ms, event, changed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET author = excluded.author, title = excluded.title, content = excluded.content, url = excluded.url, state = excluded.state,
                reason = excluded.reason, created_ms = excluded.created_ms, updated_ms = excluded.updated_ms, event = excluded.event, changed = excluded.changed
            """, post.id(), numberOf(post.author()), post.title(), post.content().orElse(null), post.url().orElse(null), post.state().ordinal(), post.reason().orElse(null),
            post.createdMs(), post.updatedMs(), post.event().bytes(), post.changed());
        isBack(Target.post(post.id()));
        var number = db.first("SELECT number FROM post WHERE id = ?", row -> row.getLong(1), post.id()).orElseThrow();
        index(2 * number, post.state() == ContentState.LIVE, post.title(), post.content().orElse(""));
        stale(Target.post(post.id()));
    }

    @Override public void removePost(String id, long offset) {
        db.first("SELECT number FROM post WHERE id = ?", row -> row.getLong(1), id).ifPresent(number -> index(2 * number, false, "", ""));
        db.write("DELETE FROM post WHERE id = ?", id);
        gone(Target.post(id), offset);
    }

    @Override public void put(CommentRow comment) {
        comment(comment.id()).ifPresent(before -> stale(Target.post(before.post()), COMMENTS, bucket(before.id())));
        var place = comment.place();
        db.write("""
            INSERT INTO comment (id, post, parent, author, content, state, reason, depth, path, thread, created_ms, updated_ms, event, changed, bucket)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET post = excluded.post, parent = excluded.parent, author = excluded.author, content = excluded.content, state = excluded.state,
                reason = excluded.reason, depth = excluded.depth, path = excluded.path, thread = excluded.thread, created_ms = excluded.created_ms, updated_ms = excluded.updated_ms,
                event = excluded.event, changed = excluded.changed
            """, comment.id(), comment.post(), comment.parent().orElse(null), numberOf(comment.author()), comment.content(), comment.state().ordinal(), comment.reason().orElse(null),
            place.map(CommentRow.Place::depth).orElse(null), place.map(CommentRow.Place::path).orElse(null), place.map(CommentRow.Place::thread).orElse(null),
            comment.createdMs(), comment.updatedMs(), comment.event().bytes(), comment.changed(), bucket(comment.id()));
        isBack(Target.comment(comment.id()));
        var number = db.first("SELECT number FROM comment WHERE id = ?", row -> row.getLong(1), comment.id()).orElseThrow();
        index(2 * number + 1, comment.state() == ContentState.LIVE && place.isPresent(), "", comment.content());
        stale(Target.post(comment.post()), COMMENTS, bucket(comment.id()));
        stale(Target.comment(comment.id()));
    }

    @Override public void removeComment(String id, long offset) {
        comment(id).ifPresent(before -> stale(Target.post(before.post()), COMMENTS, bucket(id)));
        db.first("SELECT number FROM comment WHERE id = ?", row -> row.getLong(1), id).ifPresent(number -> index(2 * number + 1, false, "", ""));
        db.write("DELETE FROM comment WHERE id = ?", id);
        gone(Target.comment(id), offset);
    }

    /// Whoever reads on from a cursor learns that it is not there any more.
    private void gone(Target target, long offset) {
        db.write("INSERT INTO gone (kind, id, changed) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET changed = excluded.changed", target.kind().ordinal(), target.id(), offset);
    }

    private void isBack(Target target) {
        db.write("DELETE FROM gone WHERE kind = ? AND id = ?", target.kind().ordinal(), target.id());
    }

    private void index(long row, boolean shown, String title, String content) {
        db.write("DELETE FROM search WHERE rowid = ?", row);
        if (shown) db.write("INSERT INTO search (rowid, title, content) VALUES (?, ?, ?)", row, title, content);
    }

    private static int bucket(String id) {
        return id.hashCode() & (BUCKETS - 1);
    }

    private void stale(Target target, int what, long bucket) {
        stale(target).add((int) bucket * 2 + what);
    }

    private Set<Integer> stale(Target target) {
        return stale.computeIfAbsent(target, _ -> new TreeSet<>());
    }

    @Override public void putVote(Target target, Actor voter, int value, Stamp stamp) {
        long of = numberOf(target);
        long by = numberOf(voter);
        long bucket = by % BUCKETS;
        if (value == 0) db.write("DELETE FROM vote WHERE target = ? AND bucket = ? AND voter = ?", of, bucket, by);
        else db.write("INSERT INTO vote (target, bucket, voter, value, ms, event) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value, ms = excluded.ms, event = excluded.event",
            of, bucket, by, value, stamp.ts().wallMs(), stamp.id().bytes());
        stale(target, VOTES, bucket);
    }

    @Override public void writeTotals(Target target, long offset) {
        long number = numberOf(target);
        var buckets = stale.remove(target);
        if (buckets != null) for (int bucket : buckets) sum(target, number, bucket % 2, bucket / 2);
        var totals = totals(number);
        if (target.kind() == Target.Kind.COMMENT) {
            db.write("UPDATE comment SET up = ?, down = ?, score = ?, changed = ? WHERE id = ? AND (up, down) IS NOT (?, ?)", totals.up(), totals.down(), totals.score(), offset, target.id(),
                totals.up(), totals.down());
            return;
        }
        db.first("SELECT created_ms FROM post WHERE id = ?", row -> row.getLong(1), target.id()).ifPresent(createdMs ->
            db.write("""
                UPDATE post SET up = ?, down = ?, score = ?, comments = ?, hot = ?, changed = CASE WHEN (up, down, comments) IS NOT (?, ?, ?) THEN ? ELSE changed END WHERE id = ?
                """, totals.up(), totals.down(), totals.score(), totals.comments(), Totals.hot(totals.score(), createdMs), totals.up(), totals.down(), totals.comments(), offset, target.id()));
    }

    private void sum(Target target, long number, int what, int bucket) {
        var put = "INSERT INTO tally (target, what, bucket, up, down) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET up = excluded.up, down = excluded.down";
        if (what == VOTES) {
            db.first("SELECT coalesce(sum(value > 0), 0), coalesce(sum(value < 0), 0) FROM vote WHERE target = ? AND bucket = ?", row -> new Totals(row.getLong(1), row.getLong(2), 0),
                number, bucket).ifPresent(sums -> db.write(put, number, VOTES, bucket, sums.up(), sums.down()));
        } else {
            db.first("SELECT count(*) FROM comment WHERE post = ? AND bucket = ? AND state = 0 AND thread IS NOT NULL", row -> row.getLong(1), target.id(), bucket)
                .ifPresent(count -> db.write(put, number, COMMENTS, bucket, count, 0L));
        }
    }

    @Override public void put(SettingRow setting) {
        db.write("INSERT INTO setting (key, value, agent, ms, event) VALUES (?, ?, ?, ?, ?) "
            + "ON CONFLICT DO UPDATE SET value = excluded.value, agent = excluded.agent, ms = excluded.ms, event = excluded.event",
            setting.key(), Canonical.text(setting.value()), numberOf(setting.changedBy()), setting.changedMs(), setting.event().bytes());
    }

    @Override public void removeSetting(String key) {
        db.write("DELETE FROM setting WHERE key = ?", key);
    }

    @Override public void put(MemberRow member) {
        db.write("INSERT INTO member (agent, joined, banned, moderator, since_ms) VALUES (?, ?, ?, ?, ?) "
            + "ON CONFLICT DO UPDATE SET joined = excluded.joined, banned = excluded.banned, moderator = excluded.moderator, since_ms = excluded.since_ms",
            numberOf(member.agent()), member.joined() ? 1 : 0, member.banned() ? 1 : 0, member.moderator() ? 1 : 0, member.sinceMs());
    }

    @Override public void removeMember(Actor agent) {
        db.write("DELETE FROM member WHERE agent = ?", numberOf(agent));
    }

    @Override public void putAgent(Snapshot agent, Stamp seen) {
        db.write("UPDATE agent SET name = ?, avatar = ?, seen_ms = ? WHERE number = ? AND (name, avatar, seen_ms) IS NOT (?, ?, ?)", agent.shownName(), agent.avatarUrl().orElse(null),
            seen.ts().wallMs(), numberOf(agent.actor()), agent.shownName(), agent.avatarUrl().orElse(null), seen.ts().wallMs());
    }

    @Override public void removeAgent(Actor agent) {
        db.write("UPDATE agent SET name = NULL, avatar = NULL, seen_ms = 0 WHERE number = ?", numberOf(agent));
    }

    @Override public void quarantine(EventId event, String type, String why) {
        putMeta("quarantined", Long.toString(meta("quarantined").map(Long::parseLong).orElse(0L) + 1));
        if (db.first("SELECT count(*) FROM quarantine", row -> row.getLong(1)).orElse(0L) >= QUARANTINE_MAX) return;
        db.write("INSERT INTO quarantine (event, type, why) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", event.bytes(), type, why);
    }
}
