package dev.waggle.sim;

import dev.waggle.apps.table.ChangeSetCodec;
import dev.waggle.apps.table.MemoryRecordStore;
import dev.waggle.apps.table.TableView;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.record.Value;
import dev.waggle.sim.oracle.ConflictText;
import dev.waggle.sim.workload.FileRows;
import dev.waggle.sim.workload.Program;
import dev.waggle.sim.workload.Queued;
import dev.waggle.sim.workload.Workload;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// A tracked file as programs and the follower see it, without SQLite: rows with their constraints, a queue of changed keys, and the view.
final class SimFile {
    /// A row's place: its table and the text of its key.
    private record Place(String table, String keyText) {}

    private final EventLog log;
    private final Workload workload;
    private final FileRows rows;
    private final Program program;
    private final TableView view;
    private final Decoded decoded;
    private final List<Queued> queue = new ArrayList<>();
    private Optional<String> broken = Optional.empty();

    SimFile(EventLog log, Workload workload, Program.Observer observer, Decoded decoded) {
        this.log = log;
        this.decoded = decoded;
        this.workload = workload;
        this.rows = new FileRows(workload.database());
        this.program = new Program(workload, rows, observer);
        this.view = new TableView(new MemoryRecordStore(), workload.database().rules(), log::chunk);
    }

    /// One transaction of a program: it keeps every constraint, as SQLite would make it.
    void transaction(RandomGenerator random) {
        if (!view.schemas().keySet().containsAll(workload.database().tables().keySet())) return;   // the schema has not arrived: the program has no tables yet
        queue.addAll(program.transaction(random));
    }

    /// Drains what programs wrote into the log, then applies what the log says.
    ///
    /// @return the events that are durable here now
    List<Entry.Admitted> follow(Author author, long wallMs) {
        var observed = observe();
        List<Entry.Admitted> written = List.of();
        var changes = observed.isEmpty() ? List.<dev.waggle.apps.table.RowChange>of() : view.capture(observed);
        if (!changes.isEmpty()) {
            var encoded = ChangeSetCodec.encode(changes);
            written = log.write(author, List.of(encoded.draft()), encoded.chunks(), Map.of(), wallMs);
        }
        queue.clear();                                         // only now: a write that failed is drained again
        apply(observed);
        return written;
    }

    /// What the queue leads to: each touched key as the file has it now, with the key it came from.
    private List<TableView.Observed> observe() {
        var keys = new LinkedHashMap<Place, List<Value>>();
        var cameFrom = new HashMap<Place, Place>();
        for (var queued : queue) {
            var place = place(queued.table(), queued.key());
            keys.putIfAbsent(place, queued.key());
            switch (queued.operation()) {
                case INSERT, DELETE -> cameFrom.remove(place);
                case UPDATE -> {
                    var old = place(queued.table(), queued.old());
                    if (old.equals(place)) continue;
                    keys.putIfAbsent(old, queued.old());
                    var origin = cameFrom.remove(old);
                    cameFrom.put(place, origin == null ? old : origin);
                }
                case REPLACE -> { }                            // a key that may be gone: looking is enough
            }
        }
        var observed = new ArrayList<TableView.Observed>();
        keys.forEach((place, key) -> {
            var row = rows.find(place.table, key);
            var was = Optional.ofNullable(cameFrom.get(place)).filter(old -> row.isPresent() && !old.equals(place)).map(keys::get);
            observed.add(new TableView.Observed(place.table, row.map(found -> keyOf(place.table, found)).orElse(key), was, row));
        });
        return observed;
    }

    private Place place(String table, List<Value> key) {
        return new Place(table, workload.database().tables().get(table).keyText(key));
    }

    private List<Value> keyOf(String table, java.util.SortedMap<String, Value> row) {
        return workload.database().tables().get(table).key(row);
    }

    /// The rules may show something else than what the program wrote, so rows that it touched are written as they are shown, too.
    private void apply(List<TableView.Observed> touched) {
        while (true) {
            var entries = log.read(view.cursor(), 100, 1 << 20);
            if (entries.isEmpty()) break;
            for (var entry : entries) view.apply(entry, decoded.of(entry));
        }
        var shown = view.settle();
        for (var change : shown) change.before().ifPresent(row -> rows.remove(change.table(), keyOf(change.table(), row)));
        for (var row : touched) rows.remove(row.table(), row.key());
        for (var row : touched) view.shown(row.table(), row.key()).ifPresent(found -> put(row.table(), found));
        for (var change : shown) change.after().ifPresent(row -> put(change.table(), row));
    }

    private void put(String table, java.util.SortedMap<String, Value> row) {
        rows.put(table, row).ifPresent(taken -> {
            if (broken.isEmpty()) broken = Optional.of("two rows have the unique key " + taken + ": " + FileRows.show(row));
        });
    }

    /// The offset of the last entry whose rows are in the file.
    long applied() {
        return view.cursor();
    }

    /// Events that no view can read.
    long quarantined() {
        return view.quarantinedCount();
    }

    boolean hasUndrained() {
        return !queue.isEmpty();
    }

    /// All rows, as one text: equal texts mean equal files.
    String content() {
        return rows.content();
    }

    String conflicts() {
        return ConflictText.of(view.conflicts());
    }

    /// What the view shows, by table and record.
    Map<String, String> shown() {
        var shown = new TreeMap<String, String>();
        for (var table : view.schemas().keySet())
            view.forEachShown(table, (_, record, row) -> {
                if (shown.put(table + " " + record, FileRows.show(row)) != null) throw new IllegalStateException("shown twice: " + record);
                return true;
            });
        return shown;
    }

    /// The file has exactly the rows that its view shows.
    Optional<String> differsFromView() {
        var again = new FileRows(workload.database());
        for (var table : view.schemas().keySet()) view.forEachShown(table, (_, _, row) -> again.put(table, row).isEmpty());
        return again.content().equals(rows.content()) ? Optional.empty() : Optional.of("the file is not what its view shows:\nfile:\n" + rows.content() + "view:\n" + again.content());
    }

    /// I12: what SQLite would enforce holds in the rows.
    Optional<String> brokenConstraint() {
        return broken.or(() -> rows.brokenConstraint(workload.foreignKeys()));
    }
}
