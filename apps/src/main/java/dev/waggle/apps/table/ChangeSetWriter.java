package dev.waggle.apps.table;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Draft;
import dev.waggle.core.record.Value;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Spells one change set (the format is at [ChangeSetCodec]). Used once.
final class ChangeSetWriter {
    private final Map<EventId, Integer> ids = new LinkedHashMap<>();
    private final Map<String, Chunk> made = new LinkedHashMap<>();      // chunks of values, by id
    private final Map<String, Boolean> named = new LinkedHashMap<>();   // every chunk that a value names, made here or before

    static void requireSize(List<RowChange> changes) {
        long bytesMax = changes.size() == 1 ? ChangeSetCodec.ROW_BYTES_MAX : ChangeSetCodec.SET_BYTES_MAX;
        long bytes = 0;
        for (var change : changes) {
            bytes += ChangeSetCodec.bytes(change.set()) + ChangeSetCodec.ID_BYTES * (1 + change.base().size() + 2L * change.refs().size());
            if (bytes > bytesMax) throw new ChangeSetTooLarge();
        }
    }

    /// Empty when it does not fit one payload.
    Optional<ChangeSetCodec.Encoded> batch(List<RowChange> changes) {
        long estimate = 0;
        for (var change : changes)
            for (var value : change.set().values()) estimate += Math.min(Values.bytes(value), 80L);
        if (estimate > 2L * ChangeSetCodec.BATCH_BYTES_MAX) return Optional.empty();
        var groups = groups(changes, Value.INLINE_BYTES_MAX, Integer.MAX_VALUE);
        var body = Json.object(
            "changes", Json.array(groups),
            "chunks", named.isEmpty() ? null : texts(named.keySet()),
            "ids", ids.isEmpty() ? null : texts(ids.keySet().stream().map(EventId::hex).toList()));
        if (Canonical.bytes(body).length > ChangeSetCodec.BATCH_BYTES_MAX) return Optional.empty();
        return Optional.of(new ChangeSetCodec.Encoded(new Draft(ChangeSetCodec.BATCH, body), List.copyOf(made.values()), asRead(changes)));
    }

    ChangeSetCodec.Encoded bulk(List<RowChange> changes) {
        var stream = new Stream();
        int from = 0;
        int idsWritten = ChangeSetCodec.BULK_IDS_MAX;
        while (from < changes.size()) {
            int to = bulkGroupEnd(changes, from);
            boolean large = inlineBytes(changes.get(from)) > ChangeSetCodec.SET_BYTES_MAX;            // a row of very many values: all but small ones in chunks
            var line = group(changes.subList(from, to), large ? Value.INLINE_BYTES_MAX : ChangeSetCodec.BULK_INLINE_BYTES_MAX);
            if (ids.size() > idsWritten) {                               // names come before the line that uses them
                stream.line(texts(ids.keySet().stream().skip(idsWritten).map(EventId::hex).toList()));
                idsWritten = ids.size();
            }
            stream.line(line);
            from = to;
        }
        var streamed = stream.end();
        var chunks = new ArrayList<String>();
        streamed.forEach(chunk -> chunks.add(chunk.id().hex()));
        chunks.addAll(named.keySet());
        if (chunks.size() > ChangeSetCodec.CHUNKS_MAX) throw new ChangeSetTooLarge();
        var body = Json.object(
            "chunks", texts(chunks),
            "ids", ids.isEmpty() ? null : texts(ids.keySet().stream().limit(ChangeSetCodec.BULK_IDS_MAX).map(EventId::hex).toList()),
            "items", changes.size(),
            "stream", streamed.size());
        var all = new ArrayList<>(streamed);
        all.addAll(made.values());
        return new ChangeSetCodec.Encoded(new Draft(ChangeSetCodec.BULK, body), all, asRead(changes));
    }

    private List<RowChange> asRead(List<RowChange> changes) {
        return named.isEmpty() ? changes : List.of();
    }

    private List<Json> groups(List<RowChange> changes, int inlineBytesMax, int rowsMax) {
        var groups = new ArrayList<Json>();
        for (int from = 0; from < changes.size(); ) {
            int to = groupEnd(changes, from, rowsMax);
            groups.add(group(changes.subList(from, to), inlineBytesMax));
            from = to;
        }
        return groups;
    }

    private static int bulkGroupEnd(List<RowChange> changes, int from) {
        int end = groupEnd(changes, from, ChangeSetCodec.BULK_GROUP_ROWS_MAX);
        long bytes = inlineBytes(changes.get(from));
        for (int to = from + 1; to < end; to++) if ((bytes += inlineBytes(changes.get(to))) > ChangeSetCodec.BULK_GROUP_BYTES) return to;
        return end;
    }

    private static long inlineBytes(RowChange change) {
        long bytes = 0;
        for (var value : change.set().values()) {
            long own = Values.bytes(value);
            if (own <= ChangeSetCodec.BULK_INLINE_BYTES_MAX) bytes += own;
        }
        return bytes;
    }

    private static int groupEnd(List<RowChange> changes, int from, int rowsMax) {
        var first = changes.get(from);
        int to = from + 1;
        while (to < changes.size() && to - from < rowsMax) {
            var next = changes.get(to);
            if (next.kind() != first.kind() || !next.table().equals(first.table()) || !Row.sameColumns(next.set(), first.set())) break;
            to++;
        }
        return to;
    }

    private Json group(List<RowChange> changes, int inlineBytesMax) {
        var first = changes.getFirst();
        var columns = List.copyOf(first.set().keySet());
        var key = keyColumns(first, columns);
        var rows = new ArrayList<Json>();
        for (var change : changes) rows.add(row(change, columns, key, inlineBytesMax));
        return Json.object(
            "t", first.table(),
            "k", switch (first.kind()) {
                case INSERT -> "i";
                case UPDATE -> "u";
                case DELETE -> "d";
            },
            "c", columns.isEmpty() ? null : texts(columns),
            "key", key.isEmpty() ? null : Json.array(key.stream().map(Json::of).toList()),
            "r", Json.array(rows));
    }

    /// The columns whose values are the parts of the record's key, for the first row; other rows are compared with them one by one.
    private static List<Long> keyColumns(RowChange change, List<String> columns) {
        if (!(change.record().orElse(null) instanceof RowChange.Ref.Known(var id)) || id.isCreated()) return List.of();
        var items = id.keyItems();
        var key = new ArrayList<Long>();
        for (var part : items.subList(1, items.size())) {
            int found = -1;
            for (int i = 0; i < columns.size() && found < 0; i++)
                if (!key.contains((long) i) && isPart(change.set().get(columns.get(i)), part)) found = i;
            if (found < 0) return List.of();
            key.add((long) found);
        }
        return key;
    }

    private static boolean isPart(Value value, Json part) {
        return Values.bytes(value) <= Value.INLINE_BYTES_MAX && !(value instanceof Value.Chunked) && value.toJson().equals(part);
    }

    private Json row(RowChange change, List<String> columns, List<Long> key, int inlineBytesMax) {
        var row = new ArrayList<Json>(columns.size() + 1);
        for (var value : change.set().values()) row.add(value(value, inlineBytesMax));
        var last = new TreeMap<String, Json>();
        if (!change.base().isEmpty()) last.put("b", Json.array(change.base().stream().map(this::version).toList()));
        if (!change.refs().isEmpty()) {
            var refs = new TreeMap<String, Json>();
            change.refs().forEach((id, ref) -> refs.put(Integer.toString(id), ref(ref)));
            last.put("f", new Json.Obj(refs));
        }
        change.record().filter(record -> !isImplied(record, change, columns, key)).ifPresent(record -> last.put("r", ref(record)));
        // With "key" in the group a row without "r" has the record of its key; one that creates its record says so.
        if (change.record().isEmpty() && !key.isEmpty()) last.put("r", Json.NULL);
        if (!last.isEmpty()) row.add(new Json.Obj(last));
        return Json.array(row);
    }

    private static boolean isImplied(RowChange.Ref record, RowChange change, List<String> columns, List<Long> key) {
        if (key.isEmpty() || !(record instanceof RowChange.Ref.Known(var id)) || id.isCreated()) return false;
        var items = id.keyItems();
        if (!items.getFirst().equals(Json.of(change.table())) || items.size() != key.size() + 1) return false;
        for (int i = 0; i < key.size(); i++)
            if (!isPart(change.set().get(columns.get(key.get(i).intValue())), items.get(i + 1))) return false;
        return true;
    }

    private Json version(VersionId version) {
        return Json.array(Json.of((long) index(version.event())), Json.of((long) version.item()));
    }

    private int index(EventId id) {
        return ids.computeIfAbsent(id, _ -> ids.size());
    }

    private Json ref(RowChange.Ref ref) {
        return switch (ref) {
            case RowChange.Ref.SameSet(var item) -> Json.of((long) item);
            case RowChange.Ref.Known(var id) when id.isCreated() -> version(id.creator());
            case RowChange.Ref.Known(var id) -> {
                var parts = new ArrayList<Json>();
                for (var part : id.keyItems())
                    parts.add(part instanceof Json.Obj object ? Json.object("r", ref(new RowChange.Ref.Known(new RecordId(object.text("r"))))) : part);
                yield Json.object("k", Json.array(parts));
            }
            case RowChange.Ref.Keyed(var table, var keyParts) -> {
                var parts = new ArrayList<Json>();
                parts.add(Json.of(table));
                for (var part : keyParts) parts.add(switch (part) {
                    case RowChange.Part.Plain(var value) -> value.toJson();
                    case RowChange.Part.Of(var inner) -> Json.object("r", ref(inner));
                });
                yield Json.object("k", Json.array(parts));
            }
        };
    }

    private Json value(Value value, int inlineBytesMax) {
        var spelt = switch (value) {
            case Value.Text(var bytes) when bytes.length > inlineBytesMax -> chunked(true, bytes);
            case Value.Blob(var bytes) when bytes.length > inlineBytesMax -> chunked(false, bytes);
            default -> value;
        };
        if (spelt instanceof Value.Chunked(_, _, var chunks)) chunks.forEach(id -> named.put(id.hex(), true));
        return spelt.toJson();
    }

    private Value.Chunked chunked(boolean text, byte[] bytes) {
        var split = Values.split(text, bytes);
        split.chunks().forEach(chunk -> made.putIfAbsent(chunk.id().hex(), chunk));
        return split.value();
    }

    private static Json texts(Iterable<String> texts) {
        var items = new ArrayList<Json>();
        texts.forEach(text -> items.add(Json.of(text)));
        return Json.array(items);
    }

    /// Lines cut into chunks of the largest size.
    private static final class Stream {
        private final List<Chunk> chunks = new ArrayList<>();
        private final byte[] buffer = new byte[Chunk.BYTES_MAX];
        private int length;

        void line(Json json) {
            var bytes = Canonical.bytes(json);
            if (bytes.length > ChangeSetCodec.BULK_LINE_BYTES_MAX) throw new ChangeSetTooLarge();
            add(bytes);
            add(new byte[] {'\n'});
        }

        private void add(byte[] bytes) {
            for (int from = 0; from < bytes.length; ) {
                int count = Math.min(bytes.length - from, buffer.length - length);
                System.arraycopy(bytes, from, buffer, length, count);
                from += count;
                length += count;
                if (length == buffer.length) cut();
            }
        }

        private void cut() {
            chunks.add(Chunk.of(Arrays.copyOf(buffer, length)));
            length = 0;
        }

        List<Chunk> end() {
            if (length > 0) cut();
            return chunks;
        }
    }
}
