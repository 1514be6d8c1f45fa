package dev.waggle.store.view;

import dev.waggle.apps.table.Change;
import dev.waggle.apps.table.Folded;
import dev.waggle.apps.table.RecordId;
import dev.waggle.apps.table.RecordState;
import dev.waggle.apps.table.Row;
import dev.waggle.apps.table.RowChange;
import dev.waggle.apps.table.Stamp;
import dev.waggle.apps.table.VersionId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.record.Value;
import dev.waggle.core.time.Hlc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Records and changes as bytes. The row of a record that was inserted and never changed is written once, as its change.
final class RecordBytes {
    /// Separates the columns of a column list in `word`: no column name has it (SQLite ends identifiers at NUL).
    private static final String BETWEEN = "\0";
    private static final int CREATED = 1, PLAIN = 2, PRESENT = 4, DISPUTED = 8, LOST = 16, BROKEN = 32;

    /// @param only the record's only change; null when it has none or several
    record Stored(RecordState state, Change only) {}

    private final Numbers numbers;
    private final Map<Integer, Row.Columns> shapes = new HashMap<>();

    private final Map<Integer, NodeId> origins = new HashMap<>();
    private final Bytes writing = Bytes.writing();
    private Row.Columns lastShape;               // nearly every row has the same
    private int lastShapeNumber;

    RecordBytes(Numbers numbers) {
        this.numbers = numbers;
    }

    void reload() {
        shapes.clear();
        origins.clear();
        lastShape = null;
    }

    byte[] write(Stored stored) {
        var out = writing.again();
        var state = stored.state();
        var folded = state.folded();
        var settled = state.settled();
        out.put((folded.created().isPresent() ? CREATED : 0) | (folded.plain() ? PLAIN : 0) | (folded.present() ? PRESENT : 0) | (folded.disputed() ? DISPUTED : 0)
            | (settled.lost() ? LOST : 0) | (settled.broken() ? BROKEN : 0)).put(settled.status().ordinal());
        id(out, state.id());
        out.number(folded.table().isEmpty() ? 0 : numbers.word(folded.table()));
        folded.created().ifPresent(stamp -> stamp(out, stamp));
        folded.newest().ifPresent(stamp -> {
            boolean same = folded.created().equals(folded.newest());
            out.put(same ? 1 : 0);
            if (!same) stamp(out, stamp);
        });
        versions(out, folded.live());
        refs(out, folded.refs());
        row(out, settled.followed());
        boolean rowIsChange = stored.only() != null && stored.only().set().equals(folded.row());
        out.put(stored.only() == null ? 0 : rowIsChange ? 1 : 2);
        if (stored.only() != null) change(out, stored.only());
        if (!rowIsChange) row(out, folded.row());
        return out.written();
    }

    Stored read(long number, byte[] body) {
        var in = Bytes.reading(body);
        int flags = in.get();
        var status = RecordState.Status.values()[in.get()];
        var id = id(in);
        int table = (int) in.number();
        Optional<Stamp> created = has(flags, CREATED) ? Optional.of(stamp(in)) : Optional.empty();
        Optional<Stamp> newest = created.isEmpty() ? Optional.empty() : in.get() == 1 ? created : Optional.of(stamp(in));
        var live = versions(in);
        var refs = refs(in);
        var followed = row(in);
        int kind = in.get();
        var only = kind == 0 ? null : change(in);
        var row = kind == 1 ? only.set() : row(in);
        var folded = table == 0 && live.isEmpty() ? Folded.UNKNOWN : new Folded(table == 0 ? "" : numbers.word(table), created, newest, live, has(flags, PLAIN), has(flags, PRESENT),
            row, refs, has(flags, DISPUTED));
        return new Stored(new RecordState(number, id, folded, new RecordState.Settled(status, has(flags, LOST), has(flags, BROKEN), followed)), only);
    }

    /// What [RecordState#shown] of the record says: ids and stamps are passed over.
    Optional<SortedMap<String, Value>> readShown(byte[] body) {
        var in = Bytes.reading(body);
        int flags = in.get();
        if (RecordState.Status.values()[in.get()] != RecordState.Status.SHOWN) return Optional.empty();
        if (in.get() == 0) skip(in, 2);
        else in.bytes();
        in.number();
        if (has(flags, CREATED)) {
            skip(in, 5);
            if (in.get() != 1) skip(in, 5);
        }
        skip(in, 2 * (int) in.number());
        skip(in, 2 * (int) in.number());
        var followed = row(in);
        int kind = in.get();
        if (kind != 0) {
            skip(in, 1);
            in.number();
            skip(in, 5);
            skip(in, 2 * (int) in.number());
            skip(in, 2 * (int) in.number());
        }
        var row = row(in);
        return Optional.of(RecordState.wanted(kind == 2 ? row(in) : row, followed));
    }

    private static void skip(Bytes in, int numbers) {
        for (int i = 0; i < numbers; i++) in.number();
    }

    private static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }

    byte[] write(Change change) {
        var out = writing.again();
        change(out, change);
        return out.written();
    }

    Change readChange(byte[] body) {
        return change(Bytes.reading(body));
    }

    private void change(Bytes out, Change change) {
        out.put(change.kind().ordinal() | (change.counts() ? 8 : 0)).number(numbers.word(change.table()));
        stamp(out, change.stamp());
        versions(out, change.base());
        refs(out, change.refs());
        row(out, change.set());
    }

    private Change change(Bytes in) {
        int flags = in.get();
        var table = numbers.word((int) in.number());
        var stamp = stamp(in);
        var base = versions(in);
        var refs = refs(in);
        return new Change(stamp, RowChange.Kind.values()[flags & 7], table, base, row(in), refs, has(flags, 8));
    }

    private void id(Bytes out, RecordId id) {
        if (id.isCreated()) version(out.put(0), id.creator());
        else out.put(1).text(id.text());
    }

    private RecordId id(Bytes in) {
        return in.get() == 0 ? RecordId.created(version(in)) : new RecordId(in.text());
    }

    private void version(Bytes out, VersionId version) {
        out.number(numbers.of(version.event())).number(version.item());
    }

    private VersionId version(Bytes in) {
        var event = numbers.event(in.number());
        return new VersionId(event, (int) in.number());
    }

    private void stamp(Bytes out, Stamp stamp) {
        out.number(stamp.ts().wallMs()).number(stamp.ts().tick()).number(numbers.word(stamp.origin().hex()));
        version(out, stamp.version());
    }

    private Stamp stamp(Bytes in) {
        var ts = new Hlc(in.number(), (int) in.number());
        var origin = origins.computeIfAbsent((int) in.number(), number -> new NodeId(numbers.word(number)));
        return new Stamp(ts, origin, version(in));
    }

    private void versions(Bytes out, List<VersionId> versions) {
        out.number(versions.size());
        for (var version : versions) version(out, version);
    }

    private List<VersionId> versions(Bytes in) {
        int count = (int) in.number();
        if (count == 0) return List.of();
        var versions = new ArrayList<VersionId>(count);
        for (int i = 0; i < count; i++) versions.add(version(in));
        return List.copyOf(versions);
    }

    private static void refs(Bytes out, SortedMap<Integer, Long> refs) {
        out.number(refs.size());
        refs.forEach((key, record) -> out.number(key).number(record));
    }

    private static SortedMap<Integer, Long> refs(Bytes in) {
        int count = (int) in.number();
        if (count == 0) return Collections.emptySortedMap();
        var refs = new TreeMap<Integer, Long>();
        for (int i = 0; i < count; i++) refs.put((int) in.number(), in.number());
        return refs;
    }

    /// The number of its column list, 0 for none, then its values.
    private void row(Bytes out, SortedMap<String, Value> row) {
        if (row.isEmpty()) {
            out.number(0);
            return;
        }
        out.number(shape(Row.of(row)));
        for (var value : row.values()) out.value(value);
    }

    private int shape(Row row) {
        if (row.columns() != lastShape) {
            lastShapeNumber = numbers.word(String.join(BETWEEN, row.keySet()) + BETWEEN);
            lastShape = row.columns();
        }
        return lastShapeNumber;
    }

    private SortedMap<String, Value> row(Bytes in) {
        int shape = (int) in.number();
        if (shape == 0) return Collections.emptySortedMap();
        var columns = shapes.computeIfAbsent(shape, number -> Row.Columns.of(columns(numbers.word(number))));
        var values = new Value[columns.count()];
        for (int i = 0; i < values.length; i++) values[i] = in.value();
        return Row.of(columns, values);
    }

    private static List<String> columns(String word) {
        var parts = List.of(word.split(BETWEEN, -1));
        return parts.subList(0, parts.size() - 1);
    }
}
