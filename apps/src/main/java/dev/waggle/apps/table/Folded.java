package dev.waggle.apps.table;

import dev.waggle.core.record.Value;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What one record's own changes say, before other records are looked at (stage 1).
///
/// @param table    empty while no change of this record that counts is known
/// @param created  the stamp of its first insert that counts: its place in the queue for unique keys
/// @param newest   the highest stamp of a change that counts
/// @param live     the versions that no other change that counts was based on, sorted; what a new change is based on
/// @param plain    nothing is passed over: a change based on all of `live` only adds to the row
/// @param present  a live version is no delete
/// @param row      the row it wants; for a deleted record the row it would come back with
/// @param refs     per foreign key in force the number of the record referred to
/// @param disputed some version's fields, or its delete, are passed over
public record Folded(String table, Optional<Stamp> created, Optional<Stamp> newest, List<VersionId> live, boolean plain, boolean present,
                     SortedMap<String, Value> row, SortedMap<Integer, Long> refs, boolean disputed) {
    /// A record of which only references are known.
    public static final Folded UNKNOWN = new Folded("", Optional.empty(), Optional.empty(), List.of(), false, false,
        Collections.emptySortedMap(), Collections.emptySortedMap(), false);

    public boolean hasRow() {
        return created.isPresent();
    }

    static Folded inserted(Change change, SortedMap<Integer, Long> refs) {
        var stamp = Optional.of(change.stamp());
        return new Folded(change.table(), stamp, stamp, List.of(change.version()), true, true, change.set(), refs, false);
    }

    /// The change follows everything that is known of this record: it only adds.
    Folded followed(Change change, SortedMap<Integer, Long> newRefs) {
        var newRow = row;
        if (change.kind() != RowChange.Kind.DELETE && !change.set().isEmpty()) {
            newRow = new TreeMap<>(row);
            newRow.putAll(change.set());
        }
        return new Folded(table, created, Optional.of(change.stamp()), List.of(change.version()), true,
            change.kind() != RowChange.Kind.DELETE, newRow, newRefs, false);
    }

    Folded withRefs(SortedMap<Integer, Long> others) {
        return others == refs ? this : new Folded(table, created, newest, live, plain, present, row, others, disputed);
    }

    boolean isFollowedBy(Change change) {
        return plain && hasRow() && change.counts() && change.table().equals(table) && change.stamp().compareTo(newest.orElseThrow()) > 0
            && change.base().size() == live.size() && change.base().containsAll(live);
    }
}
