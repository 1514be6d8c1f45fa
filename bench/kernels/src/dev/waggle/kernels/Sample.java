package dev.waggle.kernels;

import dev.waggle.apps.table.ChangeSetCodec;
import dev.waggle.apps.table.MemoryRecordStore;
import dev.waggle.apps.table.RowRules;
import dev.waggle.apps.table.TableSchema;
import dev.waggle.apps.table.TableView;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.Genesis;
import dev.waggle.core.log.MemoryEventLog;
import dev.waggle.core.record.Value;
import dev.waggle.lab.bench.Tasks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/// One space with two authors, made the same each time: the events whose costs are measured.
///
/// @param groups of the first author's events, as a peer sends them, each group of whole chain runs: one insert of a 300-byte row each, the genesis first
/// @param edits  for each row two events that did not know one another, one by each author, of different columns
record Sample(Event genesis, List<List<Event>> groups, List<Event> edits) {
    static final int ROWS = 640;
    private static final int GROUP = 320;
    static final long NOW_MS = 1_800_000_000_000L;

    List<Event> events() {
        return groups.stream().flatMap(List::stream).toList();
    }

    static Author author(int number) {
        var seed = new byte[Ed25519.SEED_BYTES];
        seed[0] = (byte) number;
        return new Author(Ed25519.signer(seed), epoch(number));
    }

    private static Epoch epoch(int number) {
        return new Epoch(Hex.of(new byte[12]) + "%08x".formatted(number));
    }

    static Sample make() {
        var first = author(1);
        var second = author(2);
        var genesis = Genesis.write(first, "kernels", "table", Json.object(), new byte[Genesis.SALT_BYTES], NOW_MS);
        var a = log(genesis);
        var b = log(genesis);
        write(a, first, List.of(new Draft(ControlType.MEMBER_ADDED, Json.object("subject", second.signer().node().hex(), "role", "writer"))));
        write(a, first, List.of(ChangeSetCodec.schema(schema())));
        write(a, first, Tasks.drafts(1, ROWS + 1));
        var groups = new ArrayList<List<Event>>();
        for (long at = 0; ; ) {
            var missing = a.readMissing(List.of(), at, GROUP, 1 << 20);
            groups.add(missing.events());
            b.append(missing.events(), NOW_MS);
            at = missing.upTo();
            if (missing.end()) break;
        }
        long known = a.state().lastOffset();
        write(a, first, edits(a, "status", "done"));
        write(b, second, edits(b, "assignee", "somebody else"));
        var edits = new ArrayList<Event>();
        var ofA = a.read(known, 10 * ROWS, 64 << 20);
        var ofB = b.read(known, 10 * ROWS, 64 << 20);
        for (int i = 0; i < ROWS; i++) {
            edits.add(((Entry.Admitted) ofA.get(i)).event());
            edits.add(((Entry.Admitted) ofB.get(i)).event());
        }
        return new Sample(genesis, List.copyOf(groups), List.copyOf(edits));
    }

    static MemoryEventLog log(Event genesis) {
        var next = new AtomicInteger(100);
        return MemoryEventLog.create(genesis, new Ed25519(), () -> epoch(next.incrementAndGet()), NOW_MS);
    }

    private static void write(MemoryEventLog log, Author author, List<Draft> drafts) {
        for (int i = 0; i < drafts.size(); i += 64) log.write(author, drafts.subList(i, Math.min(drafts.size(), i + 64)), List.of(), Map.of(), NOW_MS + log.state().lastOffset());
    }

    private static TableSchema schema() {
        var columns = List.of(column("id", "INTEGER"), column("title", "TEXT"), column("description", "TEXT"), column("status", "TEXT"), column("assignee", "TEXT"),
            column("priority", "INTEGER"), column("created_at", "INTEGER"));
        return new TableSchema("task", columns, List.of("id"), TableSchema.Identity.EVENT, List.of(new TableSchema.Unique("", List.of("id"), List.of("BINARY"), Optional.empty())),
            List.of(), false, List.of("CREATE TABLE task (id INTEGER PRIMARY KEY, title TEXT, description TEXT, status TEXT, assignee TEXT, priority INTEGER, created_at INTEGER)"));
    }

    private static TableSchema.Column column(String name, String type) {
        return new TableSchema.Column(name, type, false, "BINARY", false);
    }

    /// A view that holds what a log says.
    static TableView view(List<Entry> entries) {
        var view = new TableView(new MemoryRecordStore(), RowRules.NONE, _ -> Optional.empty());
        entries.forEach(view::apply);
        view.settle();
        return view;
    }

    private static List<Draft> edits(MemoryEventLog log, String column, String value) {
        var view = view(log.read(0, 10 * ROWS, 64 << 20));
        var drafts = new ArrayList<Draft>();
        for (int id = 1; id <= ROWS; id++) {
            var key = List.<Value>of(new Value.Int(id));
            var row = new TreeMap<>(view.shown("task", key).orElseThrow());
            row.put(column, Value.Text.of(value + " " + id));
            drafts.add(ChangeSetCodec.encode(view.capture(List.of(new TableView.Observed("task", key, Optional.empty(), Optional.of(row))))).draft());
        }
        return drafts;
    }
}
