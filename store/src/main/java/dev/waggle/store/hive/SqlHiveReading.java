package dev.waggle.store.hive;

import dev.waggle.apps.hive.Actor;
import dev.waggle.apps.hive.Change;
import dev.waggle.apps.hive.CommentRow;
import dev.waggle.apps.hive.ContentState;
import dev.waggle.apps.hive.HiveReading;
import dev.waggle.apps.hive.MemberRow;
import dev.waggle.apps.hive.PostRow;
import dev.waggle.apps.hive.SettingRow;
import dev.waggle.apps.hive.Snapshot;
import dev.waggle.apps.hive.Stamp;
import dev.waggle.apps.hive.Target;
import dev.waggle.apps.hive.Totals;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.time.Hlc;

import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads a hive's rows as values. One thread.
class SqlHiveReading implements HiveReading {
    static final int BUCKETS = 256;
    static final int ID_BYTES = 32;
    static final String POST_COLUMNS = "p.id, a.instance, a.agent, p.title, p.content, p.url, p.state, p.reason, p.created_ms, p.updated_ms, p.event, p.changed";
    static final String COMMENT_COLUMNS = "c.id, c.post, c.parent, a.instance, a.agent, c.content, c.state, c.reason, c.depth, c.path, c.thread, c.created_ms, c.updated_ms, c.event, c.changed";
    private static final String CHANGE = "SELECT c.record, c.ms, c.tick, c.origin, c.event, c.kind, a.instance, a.agent, c.rank, c.counts, c.sets, c.value, c.bases, c.\"offset\" "
        + "FROM change c JOIN agent a ON a.number = c.actor ";
    private static final Change.Kind[] KINDS = Change.Kind.values();
    private static final ContentState[] STATES = ContentState.values();

    final HiveFile db;

    SqlHiveReading(HiveFile db) {
        this.db = db;
    }

    @Override public List<Change> changes(String key, Optional<Stamp> below, int max) {
        var record = Hex.bytes(key);
        if (below.isEmpty()) return db.all(CHANGE + "WHERE record = ? ORDER BY ms DESC, tick DESC, origin DESC, event DESC LIMIT ?", SqlHiveReading::change, record, max);
        var at = below.get();
        return db.all(CHANGE + "WHERE record = ? AND (ms, tick, origin, event) < (?, ?, ?, ?) ORDER BY ms DESC, tick DESC, origin DESC, event DESC LIMIT ?", SqlHiveReading::change,
            record, at.ts().wallMs(), at.ts().tick(), at.origin().bytes(), at.id().bytes(), max);
    }

    @Override public List<Change> by(Actor actor, Stamp after, int max) {
        var number = number(actor);
        if (number.isEmpty()) return List.of();
        return db.all(CHANGE + "WHERE actor = ? AND (ms, tick, origin, event) > (?, ?, ?, ?) ORDER BY ms, tick, origin, event LIMIT ?", SqlHiveReading::change,
            number.get(), after.ts().wallMs(), after.ts().tick(), after.origin().bytes(), after.id().bytes(), max);
    }

    @Override public Optional<Change> newestNamed(Actor actor) {
        return number(actor).flatMap(number -> db.first(CHANGE + "WHERE actor = ? AND kind IN (0, 10) AND counts = 1 ORDER BY ms DESC, tick DESC, origin DESC, event DESC LIMIT 1",
            SqlHiveReading::change, number));
    }

    private static Change change(ResultSet row) throws SQLException {
        var bases = row.getBytes(13);
        var ids = new ArrayList<EventId>(bases.length / ID_BYTES);
        for (int i = 0; i < bases.length; i += ID_BYTES) ids.add(EventId.of(java.util.Arrays.copyOfRange(bases, i, i + ID_BYTES)));
        return new Change(Hex.of(row.getBytes(1)), new Stamp(new Hlc(row.getLong(2), row.getInt(3)), NodeId.of(row.getBytes(4)), EventId.of(row.getBytes(5))), KINDS[row.getInt(6)],
            actor(row, 7), row.getInt(9), row.getInt(10) != 0, row.getInt(11), row.getInt(12), ids, row.getLong(14));
    }

    static Actor actor(ResultSet row, int column) throws SQLException {
        return new Actor(NodeId.of(row.getBytes(column)), row.getString(column + 1));
    }

    @Override public Optional<PostRow> post(String id) {
        return db.first("SELECT " + POST_COLUMNS + " FROM post p JOIN agent a ON a.number = p.author WHERE p.id = ?", SqlHiveReading::postRow, id);
    }

    static PostRow postRow(ResultSet row) throws SQLException {
        return new PostRow(row.getString(1), actor(row, 2), row.getString(4), text(row, 5), text(row, 6), STATES[row.getInt(7)], text(row, 8), row.getLong(9), row.getLong(10),
            EventId.of(row.getBytes(11)), row.getLong(12));
    }

    @Override public Optional<CommentRow> comment(String id) {
        return db.first("SELECT " + COMMENT_COLUMNS + " FROM comment c JOIN agent a ON a.number = c.author WHERE c.id = ?", SqlHiveReading::commentRow, id);
    }

    static CommentRow commentRow(ResultSet row) throws SQLException {
        var thread = row.getString(11);
        var place = thread == null ? Optional.<CommentRow.Place>empty() : Optional.of(new CommentRow.Place(row.getInt(9), row.getString(10), thread));
        return new CommentRow(row.getString(1), row.getString(2), text(row, 3), actor(row, 4), row.getString(6), STATES[row.getInt(7)], text(row, 8), place,
            row.getLong(12), row.getLong(13), EventId.of(row.getBytes(14)), row.getLong(15));
    }

    static Optional<String> text(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }

    @Override public List<String> children(String parent, String afterId, int max) {
        return db.all("SELECT id FROM comment WHERE parent = ? AND id > ? ORDER BY id LIMIT ?", row -> row.getString(1), parent, afterId, max);
    }

    @Override public Optional<Vote> vote(Target target, Actor voter) {
        var of = targetNumber(target);
        var by = number(voter);
        if (of.isEmpty() || by.isEmpty()) return Optional.empty();
        return db.first("SELECT value, event FROM vote WHERE target = ? AND bucket = ? AND voter = ?", row -> new Vote(row.getInt(1), EventId.of(row.getBytes(2))), of.get(), by.get() % BUCKETS, by.get());
    }

    @Override public Totals totals(Target target) {
        return targetNumber(target).map(this::totals).orElse(Totals.NONE);
    }

    Totals totals(long target) {
        return db.first("""
            SELECT coalesce(sum(up) FILTER (WHERE what = 0), 0), coalesce(sum(down) FILTER (WHERE what = 0), 0), coalesce(sum(up) FILTER (WHERE what = 1), 0)
            FROM tally WHERE target = ?
            """, row -> new Totals(row.getLong(1), row.getLong(2), row.getLong(3)), target).orElse(Totals.NONE);
    }

    @Override public Optional<SettingRow> setting(String key) {
        return db.first("SELECT s.key, s.value, a.instance, a.agent, s.ms, s.event FROM setting s JOIN agent a ON a.number = s.agent WHERE s.key = ?", SqlHiveReading::settingRow, key);
    }

    static SettingRow settingRow(ResultSet row) throws SQLException {
        return new SettingRow(row.getString(1), Canonical.parse(row.getString(2).getBytes(StandardCharsets.UTF_8)), actor(row, 3), row.getLong(5), EventId.of(row.getBytes(6)));
    }

    @Override public Optional<MemberRow> member(Actor agent) {
        return number(agent).flatMap(number -> db.first("SELECT joined, banned, moderator, since_ms FROM member WHERE agent = ?",
            row -> new MemberRow(agent, row.getInt(1) != 0, row.getInt(2) != 0, row.getInt(3) != 0, row.getLong(4)), number));
    }

    @Override public Optional<Snapshot> agent(Actor agent) {
        return db.first("SELECT name, avatar FROM agent WHERE instance = ? AND agent = ? AND name IS NOT NULL", row -> new Snapshot(agent, text(row, 1), text(row, 2)),
            agent.instance().bytes(), agent.agent());
    }

    Optional<Long> number(Actor actor) {
        return db.first("SELECT number FROM agent WHERE instance = ? AND agent = ?", row -> row.getLong(1), actor.instance().bytes(), actor.agent());
    }

    Optional<Long> targetNumber(Target target) {
        return db.first("SELECT number FROM target WHERE kind = ? AND id = ?", row -> row.getLong(1), target.kind().ordinal(), target.id());
    }

    Optional<String> meta(String name) {
        return db.first("SELECT value FROM meta WHERE name = ?", row -> row.getString(1), name);
    }
}
