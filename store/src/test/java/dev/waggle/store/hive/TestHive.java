package dev.waggle.store.hive;

import dev.waggle.apps.hive.Actor;
import dev.waggle.apps.hive.HiveCommand;
import dev.waggle.apps.hive.HiveRules;
import dev.waggle.apps.hive.News;
import dev.waggle.apps.hive.Snapshot;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Genesis;
import dev.waggle.core.log.MemoryEventLog;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.TestKeys;
import dev.waggle.core.log.TestSpace;
import dev.waggle.store.follow.FoldedView;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One node of a hive under test: a log in memory and the rows in a file.
final class TestHive implements AutoCloseable {
    static final long NOW = TestSpace.NOW;
    private static int epochs;

    final String name;
    final Author author;
    final EventLog log;
    final Path file;
    final List<News> news = new ArrayList<>();
    FoldedView fold;
    long nowMs = NOW;

    private TestHive(String name, EventLog log, Path file) {
        this.name = name;
        this.author = TestSpace.author(name);
        this.log = log;
        this.file = file;
        open();
    }

    void open() {
        fold = HiveFold.open(file, log, author.signer().node(), "test", news::addAll);
    }

    /// The owner's node, with a new hive.
    static TestHive create(Path folder, String owner) {
        var author = TestSpace.author(owner);
        var genesis = Genesis.write(author, "bees", "hive", Json.object(), new byte[Genesis.SALT_BYTES]);
        return new TestHive(owner, MemoryEventLog.create(genesis, new TestKeys(), () -> TestSpace.epoch("hive " + epochs++), NOW), folder.resolve(owner + ".sqlite"));
    }

    /// Another node, let in by this one with a role and all that this one has.
    TestHive invite(Path folder, String other, Role role) {
        write(TestSpace.member(TestSpace.author(other), role));
        var joined = copyOf(folder, other);
        joined.take(this);
        return joined;
    }

    /// A node of that name that has nothing yet.
    TestHive copyOf(Path folder, String other) {
        return new TestHive(other, new MemoryEventLog(log.space(), new TestKeys(), () -> TestSpace.epoch("hive " + epochs++)), folder.resolve(other + ".sqlite"));
    }

    NodeId node() {
        return author.signer().node();
    }

    Snapshot agent(String agent) {
        return new Snapshot(new Actor(node(), agent), Optional.of(agent), Optional.empty());
    }

    String id(String number) {
        return node().hex().substring(0, 16) + "_" + number;
    }

    List<Entry.Admitted> write(Draft... drafts) {
        var written = log.write(author, List.of(drafts), List.of(), Map.of(), nowMs);
        follow();
        return written;
    }

    /// Does what the node would do for an agent.
    HiveRules.Decision tries(String agent, HiveCommand command) {
        return tries(agent, command, false);
    }

    HiveRules.Decision tries(String agent, HiveCommand command, boolean operator) {
        HiveRules.Decision decision;
        try (var queries = new HiveQueries(file)) {
            decision = queries.decide(command, new HiveRules.Who(agent(agent), operator, Optional.ofNullable(log.state().members().get(node()))));
        }
        if (decision instanceof HiveRules.Decision.Accepted(var drafts) && !drafts.isEmpty()) write(drafts.toArray(Draft[]::new));
        return decision;
    }

    /// As [#tries], for what has to be accepted.
    void does(String agent, HiveCommand command) {
        if (tries(agent, command, false) instanceof HiveRules.Decision.Refused(_, var why)) throw new AssertionError(why);
    }

    void operates(String agent, HiveCommand command) {
        if (tries(agent, command, true) instanceof HiveRules.Decision.Refused(_, var why)) throw new AssertionError(why);
    }

    void follow() {
        for (var entries = log.read(fold.cursor(), 100, 1 << 20); !entries.isEmpty(); entries = log.read(fold.cursor(), 100, 1 << 20)) fold.fold(entries);
    }

    List<Event> events() {
        var events = new ArrayList<Event>();
        for (var entry : log.read(0, Integer.MAX_VALUE, Integer.MAX_VALUE)) if (entry instanceof Entry.Admitted(_, var event, _)) events.add(event);
        return events;
    }

    void take(TestHive other) {
        take(other.events());
    }

    void take(List<Event> events) {
        for (int i = 0; i < events.size(); i += 500) log.append(events.subList(i, Math.min(events.size(), i + 500)), nowMs);
        log.release(nowMs);
        follow();
    }

    /// Everything that two nodes have to agree on, as lines.
    Map<String, List<String>> rows() {
        var tables = new TreeMap<String, List<String>>();
        var queries = Map.of(
            "post", "SELECT p.id, hex(a.instance), a.agent, title, content, url, state, reason, created_ms, updated_ms, hex(event), up, down, score, comments, hot FROM post p JOIN agent a ON a.number = p.author ORDER BY 1",
            "comment", "SELECT c.id, post, parent, hex(a.instance), a.agent, content, state, reason, depth, path, thread, created_ms, updated_ms, hex(event), up, down, score FROM comment c JOIN agent a ON a.number = c.author ORDER BY 1",
            "vote", "SELECT t.kind, t.id, hex(a.instance), a.agent, v.value, v.ms, hex(v.event) FROM vote v JOIN target t ON t.number = v.target JOIN agent a ON a.number = v.voter ORDER BY 1, 2, 3, 4",
            "setting", "SELECT key, value, hex(a.instance), a.agent, ms, hex(event) FROM setting s JOIN agent a ON a.number = s.agent ORDER BY 1",
            "member", "SELECT hex(a.instance), a.agent, joined, banned, moderator, since_ms FROM member m JOIN agent a ON a.number = m.agent ORDER BY 1, 2",
            "agent", "SELECT hex(instance), agent, name, avatar, seen_ms FROM agent WHERE name IS NOT NULL ORDER BY 1, 2",
            "quarantine", "SELECT hex(event), type, why FROM quarantine ORDER BY 1",
            "search", "SELECT s.rowid & 1, (SELECT id FROM post WHERE s.rowid & 1 = 0 AND number = s.rowid / 2), (SELECT id FROM comment WHERE s.rowid & 1 = 1 AND number = s.rowid / 2) FROM search s ORDER BY 1, 2, 3");
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + file); var statement = db.createStatement()) {
            for (var query : queries.entrySet()) {
                var lines = new ArrayList<String>();
                try (var rows = statement.executeQuery(query.getValue())) {
                    int columns = rows.getMetaData().getColumnCount();
                    while (rows.next()) {
                        var line = new StringBuilder();
                        for (int i = 1; i <= columns; i++) line.append(i > 1 ? "|" : "").append(rows.getString(i));
                        lines.add(line.toString());
                    }
                }
                tables.put(query.getKey(), lines);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return tables;
    }

    /// How SQLite goes about a statement.
    String plan(String sql) {
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + file); var statement = db.prepareStatement("EXPLAIN QUERY PLAN " + sql); var rows = statement.executeQuery()) {
            var plan = new StringBuilder();
            while (rows.next()) plan.append(rows.getString("detail")).append('\n');
            return plan.toString();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Override public void close() {
        fold.close();
    }
}
