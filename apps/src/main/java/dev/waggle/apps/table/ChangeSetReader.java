package dev.waggle.apps.table;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Reads one change set that a stranger may have written (the format is at [ChangeSetCodec]). Whether it is malformed depends on its bytes and its
/// chunks alone, so every node finds the same.
final class ChangeSetReader {
    private static final Set<String> BATCH = Set.of(Envelope.MEMBER, "changes", "chunks", "ids");
    private static final Set<String> BULK = Set.of(Envelope.MEMBER, "chunks", "ids", "items", "stream");
    private static final Set<String> GROUP = Set.of("t", "k", "c", "key", "r");
    private static final Set<String> LAST = Set.of("b", "f", "r");
    private static final int COLUMNS_MAX = 2_000;
    /// Of JSON in one line of a stream. A set that fits has fewer values by far; what does not fit must not fill the memory before that is seen.
    private static final int LINE_VALUES_MAX = 1 << 20;

    private final Event event;
    private final ChunkSource source;
    private final boolean whole;
    private final List<EventId> ids = new ArrayList<>();
    private final Set<ChunkId> listed = new HashSet<>();
    private final List<RowChange> changes = new ArrayList<>();
    private long bytes;

    ChangeSetReader(Event event, ChunkSource source, boolean whole) {
        this.event = event;
        this.source = source;
        this.whole = whole;
    }

    List<RowChange> read() {
        try {
            var body = event.body();
            switch (event.type()) {
                case ChangeSetCodec.BATCH -> batch(body);
                case ChangeSetCodec.BULK -> bulk(body);
                default -> throw new MalformedPayload("not a change set");
            }
            if (changes.isEmpty()) throw new MalformedPayload("an empty change set");
            changes.forEach(this::requireItems);
            return changes;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedPayload("change set: " + e.getMessage());
        }
    }

    private void batch(Json.Obj body) {
        requireKnown(body, BATCH);
        ids(nonEmpty(body, "ids"));
        chunks(body);
        for (var group : body.array("changes")) group(group);
        if (changes.size() > ChangeSetCodec.BATCH_ITEMS_MAX) throw new MalformedPayload("a batch has at most " + ChangeSetCodec.BATCH_ITEMS_MAX + " items");
    }

    private void bulk(Json.Obj body) {
        requireKnown(body, BULK);
        ids(nonEmpty(body, "ids"));
        var chunks = chunks(body);
        long streamed = body.integer("stream");
        if (streamed < 1 || streamed > chunks.size()) throw new MalformedPayload("\"stream\" counts the first chunks");
        var lines = new Lines();
        for (var id : chunks.subList(0, (int) streamed)) lines.add(Values.chunk(id, source));
        lines.end();
        if (changes.size() != body.integer("items")) throw new MalformedPayload("\"items\" is not the number of items");
    }

    private List<ChunkId> chunks(Json.Obj body) {
        var chunks = nonEmpty(body, "chunks").stream().map(id -> new ChunkId(id.asText())).toList();
        if (chunks.size() > ChangeSetCodec.CHUNKS_MAX) throw new MalformedPayload("more than " + ChangeSetCodec.CHUNKS_MAX + " chunks");
        listed.addAll(chunks);
        return chunks;
    }

    private void ids(List<Json> items) {
        for (var id : items) ids.add(new EventId(id.asText()));
        spend((long) items.size() * ChangeSetCodec.ID_BYTES);
    }

    private void group(Json json) {
        var group = json.asObject();
        requireKnown(group, GROUP);
        var table = group.text("t");
        var kind = switch (group.text("k")) {
            case "i" -> RowChange.Kind.INSERT;
            case "u" -> RowChange.Kind.UPDATE;
            case "d" -> RowChange.Kind.DELETE;
            default -> throw new MalformedPayload("an unknown kind of change");
        };
        var columns = nonEmpty(group, "c").stream().map(Json::asText).toList();
        if (columns.size() > COLUMNS_MAX) throw new MalformedPayload("more than " + COLUMNS_MAX + " columns");
        for (int i = 1; i < columns.size(); i++)
            if (columns.get(i - 1).compareTo(columns.get(i)) >= 0) throw new MalformedPayload("columns are sorted, each once");
        var key = new ArrayList<Integer>();
        for (var index : nonEmpty(group, "key")) key.add(index(index, columns.size()));
        var rows = group.array("r");
        if (rows.isEmpty()) throw new MalformedPayload("a group without rows");
        var shape = Row.Columns.of(columns);
        for (var row : rows) changes.add(row(kind, table, columns, shape, key, row.asArray()));
    }

    private RowChange row(RowChange.Kind kind, String table, List<String> columns, Row.Columns shape, List<Integer> key, List<Json> row) {
        if (row.size() != columns.size() && row.size() != columns.size() + 1) throw new MalformedPayload("a row has a value for each column");
        spend(ChangeSetCodec.ROW_BYTES);
        var values = new Value[columns.size()];
        for (int i = 0; i < values.length; i++) values[i] = value(row.get(i));
        var set = Row.of(shape, values);
        var base = new ArrayList<VersionId>();
        var refs = new TreeMap<Integer, RowChange.Ref>();
        Optional<RowChange.Ref> record = key.isEmpty() ? Optional.empty() : Optional.of(keyOf(table, columns, key, row));
        if (row.size() > columns.size()) {
            var last = row.getLast().asObject();
            if (last.members().isEmpty()) throw new MalformedPayload("an empty object must be left out");
            requireKnown(last, LAST);
            for (var version : nonEmpty(last, "b")) base.add(version(version));
            if (last.get("f").isPresent()) last.object("f").members().forEach((id, ref) -> refs.put(foreignKey(id), ref(ref)));
            if (last.get("r").isPresent()) record = last.get("r").get() instanceof Json.Null ? Optional.empty() : Optional.of(ref(last.get("r").get()));
        }
        requireRecord(kind, table, record);
        return new RowChange(kind, table, record, base, set, refs);
    }

    private static void requireRecord(RowChange.Kind kind, String table, Optional<RowChange.Ref> record) {
        switch (record.orElse(null)) {
            case null -> { }
            case RowChange.Ref.SameSet _ -> throw new MalformedPayload("a set changes a record that it creates once");
            case RowChange.Ref.Known(var id) when id.isCreated() -> {
                if (kind == RowChange.Kind.INSERT) throw new MalformedPayload("only its own insert creates a record that is identified by an event");
            }
            case RowChange.Ref.Known(var id) -> requireTable(table, id.keyItems().getFirst().asText());
            case RowChange.Ref.Keyed(var keyed, _) -> requireTable(table, keyed);
        }
    }

    private static void requireTable(String table, String keyed) {
        if (!table.equals(keyed)) throw new MalformedPayload("a record of another table");
    }

    private static RowChange.Ref keyOf(String table, List<String> columns, List<Integer> key, List<Json> row) {
        var parts = new ArrayList<Json>();
        for (int index : key) {
            if (row.get(index) instanceof Json.Arr) throw new MalformedPayload("a key column in chunks");
            parts.add(row.get(index));
        }
        return new RowChange.Ref.Known(RecordId.keyed(table, parts));
    }

    private Value value(Json json) {
        var value = Value.fromJson(json);
        spend(ChangeSetCodec.ROW_BYTES + Values.bytes(value));
        if (!(value instanceof Value.Chunked(_, var bytes, var chunks))) return value;
        long length = 0;
        for (var id : chunks) {
            if (!listed.contains(id)) throw new MalformedPayload("a value names a chunk that the event does not list");
            length += Values.chunk(id, source).length;
            if (length > bytes) break;                                        // one chunk may be named very often
        }
        if (length != bytes) throw new MalformedPayload("a chunked value has another length");
        return whole ? Values.whole(value, source) : value;
    }

    private VersionId version(Json json) {
        var parts = json.asArray();
        if (parts.size() != 2) throw new MalformedPayload("a version is [index, item]");
        return new VersionId(ids.get(index(parts.get(0), ids.size())), index(parts.get(1), Integer.MAX_VALUE));
    }

    private RowChange.Ref ref(Json json) {
        return switch (json) {
            case Json.Num _ -> new RowChange.Ref.SameSet(index(json, Integer.MAX_VALUE));
            case Json.Arr _ -> new RowChange.Ref.Known(RecordId.created(version(json)));
            case Json.Obj object -> keyed(object);
            default -> throw new MalformedPayload("not a record");
        };
    }

    /// A keyed record is known when every part of its key is.
    private RowChange.Ref keyed(Json.Obj object) {
        requireKnown(object, Set.of("k"));
        var items = object.array("k");
        if (items.size() < 2) throw new MalformedPayload("a keyed record is [table, part …]");
        var table = items.getFirst().asText();
        var parts = new ArrayList<RowChange.Part>();
        var known = new ArrayList<Json>();
        for (var item : items.subList(1, items.size())) {
            if (item instanceof Json.Obj part) {
                requireKnown(part, Set.of("r"));
                var ref = ref(part.get("r").orElseThrow(() -> new MalformedPayload("a part without its record")));
                parts.add(new RowChange.Part.Of(ref));
                if (ref instanceof RowChange.Ref.Known(var id)) known.add(Json.object("r", id.text()));
            } else {
                var value = Value.fromJson(item);
                if (value instanceof Value.Chunked) throw new MalformedPayload("a key column in chunks");
                parts.add(new RowChange.Part.Plain(value));
                known.add(item);
            }
        }
        return known.size() == parts.size() ? new RowChange.Ref.Known(RecordId.keyed(table, known)) : new RowChange.Ref.Keyed(table, parts);
    }

    /// References within the set name inserts of this set.
    private void requireItems(RowChange change) {
        change.record().ifPresent(this::requireItem);
        change.refs().values().forEach(this::requireItem);
    }

    private void requireItem(RowChange.Ref ref) {
        switch (ref) {
            case RowChange.Ref.Known _ -> { }
            case RowChange.Ref.SameSet(var item) -> {
                if (item >= changes.size() || changes.get(item).record().isPresent()) throw new MalformedPayload("no item of this set creates that record");
            }
            case RowChange.Ref.Keyed(_, var parts) -> {
                for (var part : parts) if (part instanceof RowChange.Part.Of(var inner)) requireItem(inner);
            }
        }
    }

    private static int foreignKey(String id) {
        int number = Integer.parseInt(id);
        if (number < 0 || !Integer.toString(number).equals(id)) throw new MalformedPayload("a foreign key is named by its number");
        return number;
    }

    private static int index(Json json, int below) {
        long index = json.asInteger();
        if (index < 0 || index >= below) throw new MalformedPayload("an index is out of range");
        return (int) index;
    }

    private static List<Json> nonEmpty(Json.Obj object, String name) {
        if (object.get(name).isEmpty()) return List.of();
        var items = object.array(name);
        if (items.isEmpty()) throw new MalformedPayload("an empty list must be left out");
        return items;
    }

    private static void requireKnown(Json.Obj object, Set<String> known) {
        for (var name : object.members().keySet()) if (!known.contains(name)) throw new MalformedPayload("an unknown member");
    }

    /// A single row may be larger than a set: it cannot be cut.
    private void spend(long more) {
        bytes += more;
        if (bytes > (changes.isEmpty() ? ChangeSetCodec.ROW_BYTES_MAX : ChangeSetCodec.SET_BYTES_MAX))
            throw new MalformedPayload("a change set has at most " + ChangeSetCodec.SET_BYTES_MAX + " bytes");
    }

    /// Cuts the stream into lines: groups, and arrays of further ids.
    private final class Lines {
        private final List<byte[]> rest = new ArrayList<>();        // joined once, however many chunks a line lies in
        private int restBytes;

        void add(byte[] chunk) {
            int from = 0;
            for (int i = 0; i < chunk.length; i++) {
                if (chunk[i] != '\n') continue;
                take(chunk, from, i);
                line(joined());
                from = i + 1;
            }
            take(chunk, from, chunk.length);
        }

        private void take(byte[] chunk, int from, int to) {
            restBytes += to - from;
            if (restBytes > ChangeSetCodec.BULK_LINE_BYTES_MAX) throw new MalformedPayload("a line is too long");
            if (to > from) rest.add(Arrays.copyOfRange(chunk, from, to));
        }

        private byte[] joined() {
            var joined = new byte[restBytes];
            int at = 0;
            for (var piece : rest) {
                System.arraycopy(piece, 0, joined, at, piece.length);
                at += piece.length;
            }
            rest.clear();
            restBytes = 0;
            return joined;
        }

        private void line(byte[] bytes) {
            var json = Canonical.parse(bytes, LINE_VALUES_MAX);
            if (json instanceof Json.Arr(var items)) ids(items);
            else group(json);
        }

        void end() {
            if (restBytes > 0) throw new MalformedPayload("the stream ends within a line");
        }
    }

    /// For [TableView]: the record a reference names, once the event's id is known.
    static RecordId resolve(RowChange.Ref ref, EventId event) {
        return switch (ref) {
            case RowChange.Ref.Known(var id) -> id;
            case RowChange.Ref.SameSet(var item) -> RecordId.created(new VersionId(event, item));
            case RowChange.Ref.Keyed(var table, var parts) -> {
                var items = new ArrayList<Json>();
                for (var part : parts) items.add(switch (part) {
                    case RowChange.Part.Plain(var value) -> value.toJson();
                    case RowChange.Part.Of(var inner) -> Json.object("r", resolve(inner, event).text());
                });
                yield RecordId.keyed(table, items);
            }
        };
    }
}
