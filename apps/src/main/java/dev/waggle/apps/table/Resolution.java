package dev.waggle.apps.table;

import dev.waggle.core.record.Value;

import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// How a person settles a conflict.
public sealed interface Resolution {
    /// What is shown now stays. A record that is kept out is deleted, with the records that refer to it; the log keeps them.
    record KeepShown() implements Resolution {}

    /// The other version wins: its fields are set, its delete happens (with the rows that refer to the row), or the kept-out record gets the integer key and
    /// the one that held it the next free one.
    ///
    /// @param version which, when there are several; the newest when empty
    record TakeOther(Optional<VersionId> version) implements Resolution {}

    /// A record that is kept out comes back with other values, and with it every record that refers to it; those that lost an integer key of their own get the next free one.
    ///
    /// @param columns the new values of the columns that collide or break a rule; empty for the next free integer key
    record Restore(SortedMap<String, Value> columns) implements Resolution {
        public Restore {
            columns = Collections.unmodifiableSortedMap(new TreeMap<>(columns));
        }
    }

    /// The same as [KeepShown]: the person has seen it.
    record Dismiss() implements Resolution {}
}
