package dev.waggle.apps.table;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.Verdict;
import dev.waggle.core.record.Value;
import dev.waggle.core.time.Hlc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A node without a log: signs nothing, stamps and chains its own events, and folds what it has into its view.
public final class TestNode {
    public static final SpaceId SPACE = new SpaceId("ab".repeat(32));

    final NodeId id;
    final ChainId chain;
    final Map<EventId, Event> events = new LinkedHashMap<>();
    private final Map<EventId, Entry.Admitted> entries = new TreeMap<>();
    final Map<ChunkId, byte[]> chunks;
    private final RecordStore store;
    private final RowRules rules;
    public TableView view;
    private long seq;
    private EventId last;
    private Hlc ts = Hlc.ZERO;
    private long offset;

    /// @param chunks shared by all nodes of a test
    TestNode(int number, RecordStore store, RowRules rules, Map<ChunkId, byte[]> chunks) {
        id = node(number);
        chain = new ChainId(id, new Epoch(Hex.of(Arrays.copyOf(Sha256.of(("epoch" + number).getBytes(StandardCharsets.UTF_8)), 16))));
        this.chunks = chunks;
        this.store = store;
        this.rules = rules;
        open();
    }

    /// A new view over the same store, as after a restart.
    void open() {
        view = new TableView(store, rules, chunk -> Optional.ofNullable(chunks.get(chunk)));
    }

    TestNode(int number) {
        this(number, new MemoryRecordStore(), TestTables.RULES, new TreeMap<>());
    }

    static NodeId node(int number) {
        return new NodeId(Hex.of(Sha256.of(("node" + number).getBytes(StandardCharsets.UTF_8))));
    }

    /// Writes an event stamped at `nowMs` or just above all it knows.
    Event write(Draft draft, long nowMs) {
        ts = ts.next(nowMs);
        seq++;
        var event = Event.write(new Envelope(Optional.of(SPACE), chain, seq, Optional.ofNullable(last), List.of(), List.of(new EventId("cd".repeat(32))), ts, draft.type()),
            draft.body());
        last = event.id();
        receive(event);
        return event;
    }

    Event write(List<RowChange> changes, long nowMs) {
        var encoded = ChangeSetCodec.encode(changes);
        encoded.chunks().forEach(chunk -> chunks.put(chunk.id(), chunk.bytes()));
        return write(encoded.draft(), nowMs);
    }

    /// What a program did: captured, written and settled.
    ///
    /// @return empty when nothing changed
    Optional<Event> program(long nowMs, TableView.Observed... observed) {
        var changes = view.capture(List.of(observed));
        if (changes.isEmpty()) return Optional.empty();
        var event = write(changes, nowMs);
        view.settle();
        return Optional.of(event);
    }

    void receive(Event event) {
        receive(event, Verdict.COUNTS);
    }

    void receive(Event event, Verdict verdict) {
        if (events.putIfAbsent(event.id(), event) != null) return;
        ts = Hlc.max(ts, event.envelope().ts());
        apply(new Entry.Admitted(++offset, event, verdict));
    }

    private void apply(Entry.Admitted entry) {
        entries.put(entry.event().id(), entry);
        view.apply(entry);
    }

    /// The view gets an entry that it has folded already, at its place or once more at the log's end.
    void applyAgain(Event event, boolean atItsPlace) {
        var entry = entries.get(event.id());
        view.apply(atItsPlace ? entry : new Entry.Admitted(++offset, event, entry.verdict()));
    }

    void judge(ChainId judged, int branch, long fromSeq, long toSeq, Verdict verdict) {
        view.apply(new Entry.VerdictChanged(++offset, judged, branch, fromSeq, toSeq, verdict));
    }

    /// Everything that `other` has, in its order.
    void pull(TestNode other) {
        other.events.values().forEach(this::receive);
        view.settle();
    }

    Json.Obj genesis(Map<String, String> policies) {
        var named = new TreeMap<String, Json>();
        policies.forEach((table, policy) -> named.put(table, Json.of(policy)));
        return Json.object("owner", id.hex(), "policies", new Json.Obj(named));
    }

    static TableView.Observed put(String table, List<Value> key, SortedMap<String, Value> row) {
        return new TableView.Observed(table, key, Optional.empty(), Optional.of(row));
    }

    static TableView.Observed moved(String table, List<Value> was, List<Value> key, SortedMap<String, Value> row) {
        return new TableView.Observed(table, key, Optional.of(was), Optional.of(row));
    }

    static TableView.Observed gone(String table, List<Value> key) {
        return new TableView.Observed(table, key, Optional.empty(), Optional.empty());
    }

    /// All rows shown, by table and record.
    static SortedMap<String, SortedMap<String, Value>> rows(TableView view) {
        var rows = new TreeMap<String, SortedMap<String, Value>>();
        for (var table : view.schemas().keySet()) {
            var alone = table(view, table);
            var walked = new ArrayList<SortedMap<String, Value>>();
            view.forEachShown(table, (key, record, row) -> {
                if (rows.put(table + " " + record, row) != null) throw new AssertionError("shown twice: " + record);
                return walked.add(row);
            });
            if (!walked.equals(alone)) throw new AssertionError("with their records: " + walked + ", alone: " + alone);
        }
        return rows;
    }

    static List<SortedMap<String, Value>> table(TableView view, String table) {
        var rows = new ArrayList<SortedMap<String, Value>>();
        view.forEachShownRow(table, (_, row) -> rows.add(row));
        return rows;
    }
}
