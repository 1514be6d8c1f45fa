package dev.waggle.store.board;

import dev.waggle.apps.board.BoardCommand;
import dev.waggle.apps.board.BoardRules;
import dev.waggle.apps.board.ClaimRef;
import dev.waggle.apps.board.Field;
import dev.waggle.apps.board.News;
import dev.waggle.apps.board.Sequencing;
import dev.waggle.apps.board.TaskRow;
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
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// One node of a board under test: a log in memory and the rows in a file.
final class TestBoard implements AutoCloseable {
    static final long NOW = TestSpace.NOW;
    private static final Map<String, String> SEQUENCE = Map.of(
        "naming", "SELECT hex(before), hex(event), term, hex(node), last, ms, tick, hex(origin), by_owner, counts FROM naming ORDER BY 1, 2",
        "tenure", "SELECT term, hex(node), last FROM tenure ORDER BY 1",
        "sequenced", "SELECT hex(event), term, last, ms, tick, hex(origin), counts FROM sequenced ORDER BY 1",
        "place", "SELECT hex(change), number, hex(event) FROM place ORDER BY 1, 2, 3");
    private static int epochs;

    final String name;
    final Author author;
    final EventLog log;
    final Path file;
    final List<News> news = new ArrayList<>();
    FoldedView fold;
    long nowMs = NOW;

    private TestBoard(String name, EventLog log, Path file) {
        this.name = name;
        this.author = TestSpace.author(name);
        this.log = log;
        this.file = file;
        open();
    }

    void open() {
        fold = BoardFold.open(file, log, author.signer().node(), news::addAll);
    }

    /// The owner's node, with a new board.
    static TestBoard create(Path folder, String owner) {
        var author = TestSpace.author(owner);
        var genesis = Genesis.write(author, "honey", "board", Json.object(), new byte[Genesis.SALT_BYTES]);
        return new TestBoard(owner, MemoryEventLog.create(genesis, new TestKeys(), () -> TestSpace.epoch("board " + epochs++), NOW), folder.resolve(owner + ".sqlite"));
    }

    /// Another node, let in by this one with a role and all that this one has.
    TestBoard invite(Path folder, String other, Role role) {
        write(TestSpace.member(TestSpace.author(other), role));
        var joined = copyOf(folder, other);
        joined.take(this);
        return joined;
    }

    /// A node of that name that has nothing yet.
    TestBoard copyOf(Path folder, String other) {
        return new TestBoard(other, new MemoryEventLog(log.space(), new TestKeys(), () -> TestSpace.epoch("board " + epochs++)), folder.resolve(other + ".sqlite"));
    }

    NodeId node() {
        return author.signer().node();
    }

    /// The id of a task under test.
    static String id(int number) {
        return "00000000-0000-4000-8000-" + String.format("%012d", number);
    }

    static SortedMap<Field, Json> set(Object... fieldsAndValues) {
        var fields = new TreeMap<Field, Json>();
        for (int i = 0; i < fieldsAndValues.length; i += 2) fields.put((Field) fieldsAndValues[i], fieldsAndValues[i + 1] instanceof Json json ? json : Json.of((String) fieldsAndValues[i + 1]));
        return fields;
    }

    List<Entry.Admitted> write(Draft... drafts) {
        var written = log.write(author, List.of(drafts), List.of(), Map.of(), nowMs);
        follow();
        return written;
    }

    /// Stamps what has no place in the order yet, if this node is the sequencer.
    void stamps() {
        try (var queries = new BoardQueries(file)) {
            for (;;) {
                var mark = log.mark("sequenced");
                var step = queries.sequencing(log, node(), mark.flatMap(Sequencing.Mark::of));
                if (step.isEmpty() || step.get().drafts().isEmpty() && !step.get().more()) return;
                log.writeIf("sequenced", mark, author, step.get().drafts(), Map.of("sequenced", step.get().mark().bytes()), nowMs).orElseThrow();
                follow();
            }
        }
    }

    BoardRules.Decision tries(BoardCommand command) {
        BoardRules.Decision decision;
        try (var queries = new BoardQueries(file)) {
            decision = queries.decide(command, new BoardRules.Who(node(), Optional.ofNullable(log.state().members().get(node())), nowMs));
        }
        if (decision instanceof BoardRules.Decision.Accepted(var drafts) && !drafts.isEmpty()) write(drafts.toArray(Draft[]::new));
        return decision;
    }

    /// As [#tries], for what has to be accepted.
    void does(BoardCommand command) {
        if (tries(command) instanceof BoardRules.Decision.Refused(_, var why)) throw new AssertionError(why);
    }

    /// Why a command is refused.
    String refuses(BoardCommand command) {
        return tries(command) instanceof BoardRules.Decision.Refused(_, var why) ? why : "(accepted)";
    }

    String adds(int task, String title) {
        does(new BoardCommand.Add(id(task), set(Field.TITLE, title), OptionalLong.empty()));
        return id(task);
    }

    void edits(String task, Object... fieldsAndValues) {
        does(new BoardCommand.Edit(task, set(fieldsAndValues), OptionalLong.empty()));
    }

    /// Claims a task for ten seconds.
    ClaimRef claims(String task) {
        does(new BoardCommand.Claim(task, 10_000));
        return task(task).claim().orElseThrow();
    }

    void finishes(String task, ClaimRef claim, dev.waggle.apps.board.TaskStatus status, int exit) {
        does(new BoardCommand.Finish(task, claim, status, OptionalInt.of(exit), Optional.empty()));
    }

    TaskRow task(String id) {
        try (var queries = new BoardQueries(file)) {
            return queries.task(id).orElseThrow();
        }
    }

    <T> T asks(java.util.function.Function<BoardQueries, T> question) {
        try (var queries = new BoardQueries(file)) {
            return question.apply(queries);
        }
    }

    List<String> offered(BoardQueries.Wanted wanted, NodeId... others) {
        var here = Set.of(others);
        return asks(board -> board.claimable(node(), here, wanted, nowMs, 100)).stream().map(TaskRow::title).toList();
    }

    Set<NodeId> firsts() {
        return asks(board -> board.firsts(node()));
    }

    List<dev.waggle.apps.board.Effect> refused(String task) {
        return asks(board -> board.refused(task, 10));
    }

    List<dev.waggle.apps.board.ConflictRow> conflicts() {
        return asks(board -> board.conflicts(BoardQueries.AfterConflict.NONE, 10));
    }

    List<ShownLog> logOf(String task) {
        return asks(board -> board.log(task, Optional.empty(), 10));
    }

    void follow() {
        for (var entries = log.read(fold.cursor(), 100, 1 << 20); !entries.isEmpty(); entries = log.read(fold.cursor(), 100, 1 << 20)) fold.fold(entries);
    }

    List<Event> events() {
        var events = new ArrayList<Event>();
        for (var entry : log.read(0, Integer.MAX_VALUE, Integer.MAX_VALUE)) if (entry instanceof Entry.Admitted(_, var event, _)) events.add(event);
        return events;
    }

    void take(TestBoard other) {
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
        var queries = new TreeMap<>(SEQUENCE);
        queries.putAll(Map.of(
            "task", """
                SELECT id, title, description, status, priority, labels, depends_on, assignee, hex(assigned_node), assigned_alone, external_id, deleted, hex(created_by), created_ms, hex(updated_by), updated_ms,
                    version, hex(holder), hex(claim), token, lease_end_ms, conflicts FROM task ORDER BY id""",
            "claim", "SELECT hex(event), task, stands, limit_ms, limit_tick, counts FROM claim ORDER BY 1",
            "conflict", "SELECT task, field, hex(event), ms, tick, hex(origin), value FROM conflict ORDER BY 1, 2, 3",
            "effect", "SELECT hex(event), kind, counts FROM effect ORDER BY 1",
            "log", "SELECT task, ms, tick, hex(origin), hex(event), log_id, lines, counts FROM log ORDER BY 1, 2, 3, 4, 5",
            "notice", "SELECT hex(node), ms, tick, kind, name, entitled, counts FROM notice ORDER BY 1, 2, 3",
            "quarantine", "SELECT hex(event), type, why FROM quarantine ORDER BY 1"));
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

    @Override public void close() {
        fold.close();
    }
}
