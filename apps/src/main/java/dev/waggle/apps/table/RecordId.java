package dev.waggle.apps.table;

/// The identity of a record: for [TableSchema.Identity#EVENT] the version that created it, for [TableSchema.Identity#KEY] its table and key.
///
/// @param text `v:` and [VersionId#text], or `k:` and the canonical JSON array of table name and key values (keys normalised by their collations)
public record RecordId(String text) implements Comparable<RecordId> {
    public static RecordId created(VersionId by) {
        return new RecordId("v:" + by.text());
    }

    @Override public int compareTo(RecordId other) {
        return text.compareTo(other.text);
    }

    @Override public String toString() {
        return text;
    }
}
