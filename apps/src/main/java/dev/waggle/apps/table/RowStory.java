package dev.waggle.apps.table;

import dev.waggle.core.record.Value;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// How a record came to be what it is, for people: which change made each value, and what became of the others.
///
/// @param status    whether it has a row, and whether that is shown
/// @param key       of the row that it shows, wants, or would come back with
/// @param fields    one for each column, in the order in which the table declares them
/// @param changes   the newest, newest first: [#CHANGES_SHOWN_MAX] at most
/// @param known     how many changes of it are known, those without effect too
/// @param looked    how many of them, the newest, were looked at: [#CHANGES_LOOKED_MAX] at most
/// @param conflicts open ones; not looked for where not all changes were looked at
public record RowStory(String table, RecordId record, RecordState.Status status, Policy policy, List<Value> key, List<Field> fields, List<Made> changes, long known, long looked,
                       List<Conflict> conflicts) {
    public static final int CHANGES_LOOKED_MAX = 10_000;
    public static final int CHANGES_SHOWN_MAX = 50;

    public RowStory {
        key = List.copyOf(key);
        fields = List.copyOf(fields);
        changes = List.copyOf(changes);
        conflicts = List.copyOf(conflicts);
    }

    /// A column of the row.
    ///
    /// @param value    whole
    /// @param by       the change that set it; empty when it is older than those that were looked at
    /// @param followed it is the key of the row that this one refers to, wherever that has gone
    /// @param lost     what others set, not knowing that change, and what is passed over; by stamp
    public record Field(String column, Value value, Optional<Stamp> by, boolean followed, List<Lost> lost) {
        public Field {
            lost = List.copyOf(lost);
        }
    }

    /// A value that is passed over until somebody who knows both decides.
    public record Lost(Stamp by, Value value) {}

    /// One change of the record.
    ///
    /// @param set what it set; large values stay in chunks
    public record Made(Stamp stamp, RowChange.Kind kind, Fate fate, SortedMap<String, Value> set) {}

    /// What became of a change.
    public enum Fate {
        /// Some of what it says is what the record is now.
        SHOWN,
        /// All it said was changed again by somebody who knew it.
        REPLACED,
        /// Some of it is passed over: somebody who did not know it changed the same.
        LOST,
        /// The log says that its event is void.
        VOID,
        /// Its author may not edit this record (`union`).
        WITHOUT_EFFECT
    }

    /// What one event did to the rows of a space.
    ///
    /// @param folded      false while the view has not come to it
    /// @param records     how many records it changed
    /// @param stories     of the first ones
    /// @param quarantined why it has no effect although it counts: it is malformed
    public record Effects(boolean folded, int records, List<RowStory> stories, Optional<String> quarantined) {
        public Effects {
            stories = List.copyOf(stories);
        }
    }
}
