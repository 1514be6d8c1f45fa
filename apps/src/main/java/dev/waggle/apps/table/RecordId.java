package dev.waggle.apps.table;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.record.Value;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The identity of a record: for [TableSchema.Identity#EVENT] the version that created it, for [TableSchema.Identity#KEY] its table and key.
///
/// Its text is `v:` and [VersionId#text], or `k:` and the canonical JSON array of the table's name and one part for each key column: the value,
/// normalised by its collation (see [KeyBytes]), or `{"r": record id}` where the column refers to a record that is identified by its event.
/// Immutable; the text of the first kind is made only when it is asked for.
public final class RecordId implements Comparable<RecordId> {
    /// Longer key values are named by their hash ([KeyBytes#identify]), so an id stays short.
    public static final int CHARS_MAX = 16 * 1024;

    private static final String CREATED = "v:";

    private final VersionId creator;          // null when it is identified by its key
    private String text;                      // null until it is asked for

    public RecordId(String text) {
        this.text = text;
        this.creator = text.startsWith(CREATED) ? VersionId.parse(text.substring(CREATED.length())) : null;
    }

    private RecordId(VersionId creator) {
        this.creator = creator;
    }

    public static RecordId created(VersionId by) {
        return new RecordId(by);
    }

    public String text() {
        if (text == null) text = CREATED + creator.text();
        return text;
    }

    /// @param parts JSON of each key column's part
    static RecordId keyed(String table, List<Json> parts) {
        var items = new ArrayList<Json>();
        items.add(Json.of(table));
        items.addAll(parts);
        var text = "k:" + Canonical.text(Json.array(items));
        if (text.length() > CHARS_MAX) throw new MalformedPayload("a record id has at most " + CHARS_MAX + " characters");
        return new RecordId(text);
    }

    /// The id of the record with the key `parts`, all of them known.
    public static RecordId ofKey(String table, List<Value> parts) {
        return keyed(table, parts.stream().map(Value::toJson).toList());
    }

    public boolean isCreated() {
        return creator != null;
    }

    /// The version that created it.
    ///
    /// @throws IllegalStateException when it is identified by its key
    public VersionId creator() {
        if (creator == null) throw new IllegalStateException("a record identified by its key");
        return creator;
    }

    /// The items after "k:": table first.
    ///
    /// @throws MalformedPayload when this is no id of a keyed record
    List<Json> keyItems() {
        if (isCreated() || !text.startsWith("k:")) throw new MalformedPayload("not a keyed record");
        return Canonical.parse(text.substring(2).getBytes(StandardCharsets.UTF_8)).asArray();
    }

    /// True when it names, itself or through the records its key refers to, an event that created a record.
    public boolean dependsOnEvent() {
        return isCreated() || text.startsWith("k:") && keyItems().stream()
            .anyMatch(part -> part instanceof Json.Obj object && object.get("r").isPresent());
    }

    @Override public int compareTo(RecordId other) {
        if (isCreated() && other.isCreated()) return creator.compareTo(other.creator);
        return isCreated() != other.isCreated() ? Boolean.compare(isCreated(), other.isCreated()) : text.compareTo(other.text);
    }

    @Override public boolean equals(Object other) {
        if (!(other instanceof RecordId id)) return false;
        return creator != null ? creator.equals(id.creator) : id.creator == null && text.equals(id.text);
    }

    @Override public int hashCode() {
        return creator != null ? creator.hashCode() : text.hashCode();
    }

    @Override public String toString() {
        return text();
    }
}
