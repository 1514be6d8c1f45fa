package dev.waggle.sim.oracle;

import dev.waggle.apps.table.RowChange;
import dev.waggle.apps.table.VersionId;
import dev.waggle.core.event.Event;
import dev.waggle.core.record.Value;
import dev.waggle.core.time.Hlc;

import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/// One change of one record, with its place in the one order of all changes: (ts, origin, event, item).
///
/// @param base   the versions that its author saw
/// @param refs   per foreign key the text of the record referred to
/// @param counts its event counts
record Version(Event event, int item, RowChange.Kind kind, String table, Set<VersionId> base, SortedMap<String, Value> set, Map<Integer, String> refs, boolean counts)
    implements Comparable<Version> {
    private static final Comparator<Version> ORDER = Comparator.<Version, Hlc>comparing(version -> version.event.envelope().ts())
        .thenComparing(version -> version.event.chain().origin().hex()).thenComparing(version -> version.event.id().hex()).thenComparingInt(Version::item);

    VersionId id() {
        return new VersionId(event.id(), item);
    }

    boolean isEdit() {
        return kind != RowChange.Kind.DELETE;
    }

    @Override public int compareTo(Version other) {
        return ORDER.compare(this, other);
    }

    @Override public boolean equals(Object other) {
        return other instanceof Version version && version.id().equals(id());
    }

    @Override public int hashCode() {
        return 31 * event.id().hashCode() + item;
    }
}
