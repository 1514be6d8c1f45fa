package dev.waggle.apps.table;

import dev.waggle.core.record.Value;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// All that a store keeps of one record besides its changes.
///
/// @param number the store's own number of it; never sent
public record RecordState(long number, RecordId id, Folded folded, Settled settled) {
    public enum Status {
        /// No row: deleted, or never inserted by an event that counts.
        ABSENT,
        SHOWN,
        /// It has a row that is kept out, by a constraint or with a record that it refers to.
        KEPT_OUT
    }

    /// What the other records leave of it (stages 2 to 4).
    ///
    /// @param lost     a unique key it wants belongs to an older record
    /// @param broken   its row breaks a constraint of its table, or refers to a record that is nowhere
    /// @param followed foreign key columns that follow the key of the record they refer to: shown instead of what the row says
    public record Settled(Status status, boolean lost, boolean broken, SortedMap<String, Value> followed) {
        public static final Settled ABSENT = new Settled(Status.ABSENT, false, false, Collections.emptySortedMap());
        static final Settled SHOWN = new Settled(Status.SHOWN, false, false, Collections.emptySortedMap());

        Settled with(Status other) {
            if (other == status) return this;
            return other == Status.SHOWN && !lost && !broken && followed.isEmpty() ? SHOWN : new Settled(other, lost, broken, followed);
        }

        Settled with(boolean nowLost, boolean nowBroken) {
            return nowLost == lost && nowBroken == broken ? this : new Settled(status, nowLost, nowBroken, followed);
        }
    }

    public static RecordState unknown(long number, RecordId id) {
        return new RecordState(number, id, Folded.UNKNOWN, Settled.ABSENT);
    }

    public boolean isAlive() {
        return settled.status() != Status.ABSENT;
    }

    /// The row it wants, its references followed.
    public SortedMap<String, Value> wanted() {
        return wanted(folded.row(), settled.followed());
    }

    public static SortedMap<String, Value> wanted(SortedMap<String, Value> row, SortedMap<String, Value> followed) {
        if (followed.isEmpty()) return row;
        var wanted = new TreeMap<>(row);
        wanted.putAll(followed);
        return wanted;
    }

    public Optional<SortedMap<String, Value>> shown() {
        return settled.status() == Status.SHOWN ? Optional.of(wanted()) : Optional.empty();
    }

    /// Something of it is passed over; whether it is a conflict of its own depends on the records it refers to.
    boolean isConflicted() {
        return isAlive() && (folded.disputed() || !folded.present() || settled.lost() || settled.broken());
    }
}
