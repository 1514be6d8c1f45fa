package dev.waggle.apps.table;

import dev.waggle.core.record.Value;

import java.util.List;
import java.util.SortedMap;

/// A [RowChange] as the view keeps it: numbered, stamped, its references resolved to record numbers of the store.
///
/// @param set    the values it sets; large ones stay in chunks
/// @param refs   per foreign key (by id) the number of the record referred to
/// @param counts false while its event is void
public record Change(Stamp stamp, RowChange.Kind kind, String table, List<VersionId> base, SortedMap<String, Value> set,
                     SortedMap<Integer, Long> refs, boolean counts) {
    public VersionId version() {
        return stamp.version();
    }

    public Change counting(boolean yes) {
        return yes == counts ? this : new Change(stamp, kind, table, base, set, refs, yes);
    }
}
