package dev.waggle.apps.table;

import dev.waggle.core.event.Event;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Draft;
import dev.waggle.core.record.Value;

import java.util.List;
import java.util.SortedMap;

/// How change sets and schemas are spelt in payloads. Compact: ids are interned once, rows are grouped by table, kind and columns.
///
/// | type | members |
/// |---|---|
/// | `batch` | `ids`: event ids that the rest names by index · `changes`: groups · `chunks`: every chunk that a value is in |
/// | `bulk` | `ids`: as above, at most [#BULK_IDS_MAX] · `chunks`: every chunk, the first `stream` of them hold the groups, one canonical JSON object a line; a line that is an array lists further ids · `items`: how many |
/// | `table_schema` | see [SchemaJson] |
///
/// A group is `{"t": table, "k": "i" | "u" | "d", "c": [column …], "r": [row …]}`. A row is the array of its values in the order of `c`; one more item at the
/// end is `{"b": [version …], "r": record, "f": {foreign key id: record}}`, members left out when empty. A version is `[index in ids, item]`. A record is
/// `[index, item]` (created by that version), a number (created by that item of this set) or `{"k": [table, part …]}`, where a part is a value or `{"r": record}`.
/// `"key": [column index …]` in a group says that a row without `r` in its last item has the record whose key parts are those columns' values.
///
/// Items are numbered over all rows in order. Empty lists are left out. Reading is strict: bytes come from strangers.
public final class ChangeSetCodec {
    public static final String BATCH = "batch";
    public static final String BULK = "bulk";
    public static final String SCHEMA = "table_schema";
    public static final int BATCH_ITEMS_MAX = 1_000;
    /// The payload less the largest envelope (16 merges and 16 control ids).
    public static final int BATCH_BYTES_MAX = Event.PAYLOAD_BYTES_MAX - 6 * 1024;
    /// Of a whole set in memory, as [#bytes] counts: every node must be able to take it, however small.
    public static final long SET_BYTES_MAX = 24L << 20;
    /// Of a set with one item, because a row cannot be cut.
    public static final long ROW_BYTES_MAX = 256L << 20;
    public static final int CHUNKS_MAX = 850;
    static final int BULK_IDS_MAX = 16;
    /// Above it a value in a bulk set has chunks of its own; smaller ones stay in the stream, so that the number of chunks stays small.
    static final int BULK_INLINE_BYTES_MAX = 128 * 1024;
    static final int BULK_GROUP_ROWS_MAX = 500;
    /// A group ends when its values are that many bytes, so that a line is read in little memory.
    static final int BULK_GROUP_BYTES = 1 << 20;
    /// Of text in one line: room for a whole set in one group, as base64. No line may fill the memory of the smallest node.
    static final int BULK_LINE_BYTES_MAX = 36 << 20;
    static final int ROW_BYTES = 32;
    static final int ID_BYTES = 64;

    private ChangeSetCodec() {}

    /// @param chunks to be stored before the event
    /// @param asRead the changes, when whoever reads the event gets the same; empty when some values are in chunks then
    public record Encoded(Draft draft, List<Chunk> chunks, List<RowChange> asRead) {
        public Encoded {
            chunks = List.copyOf(chunks);
            asRead = List.copyOf(asRead);
        }
    }

    /// True for an event that changes rows.
    public static boolean isChangeSet(Event event) {
        return event.type().equals(BATCH) || event.type().equals(BULK);
    }

    /// What a row costs in a change set: its values, and [#ROW_BYTES] for itself and each of them.
    public static long bytes(SortedMap<String, Value> row) {
        long bytes = ROW_BYTES;
        for (var value : row.values()) bytes += ROW_BYTES + Values.bytes(value);
        return bytes;
    }

    /// One event for one change set: a batch, or a bulk when it has more than [#BATCH_ITEMS_MAX] items or does not fit a payload.
    ///
    /// @throws ChangeSetTooLarge above [#SET_BYTES_MAX], or [#ROW_BYTES_MAX] for a single item
    public static Encoded encode(List<RowChange> changes) {
        if (changes.isEmpty()) throw new IllegalArgumentException("an empty change set is no event");
        ChangeSetWriter.requireSize(changes);
        if (changes.size() <= BATCH_ITEMS_MAX) {
            var batch = new ChangeSetWriter().batch(changes);
            if (batch.isPresent()) return batch.get();
        }
        return new ChangeSetWriter().bulk(changes);
    }

    /// The changes of a batch or bulk event, chunked values resolved to whole ones.
    ///
    /// @throws dev.waggle.core.event.MalformedPayload when the event is not what it should be
    /// @throws IllegalStateException when a chunk that the event lists is not here: the log admits no such event
    public static List<RowChange> decode(Event event, ChunkSource chunks) {
        return new ChangeSetReader(event, chunks, true).read();
    }

    /// As [#decode], with large values left in their (checked) chunks.
    static List<RowChange> decodeChunked(Event event, ChunkSource chunks) {
        return new ChangeSetReader(event, chunks, false).read();
    }

    public static Draft schema(TableSchema schema) {
        return new Draft(SCHEMA, SchemaJson.write(schema));
    }

    /// @throws dev.waggle.core.event.MalformedPayload when the event is not what it should be
    public static TableSchema readSchema(Event event) {
        return SchemaJson.read(event.body());
    }
}
