package dev.waggle.apps.table;

import java.util.List;
import java.util.OptionalLong;

/// Some open conflicts.
///
/// @param next behind which the next page begins; empty when there are no more
public record ConflictPage(List<Conflict> conflicts, OptionalLong next) {
    public ConflictPage {
        conflicts = List.copyOf(conflicts);
    }
}
