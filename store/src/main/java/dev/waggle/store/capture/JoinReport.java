package dev.waggle.store.capture;

import java.util.List;

/// What `join` did.
///
/// @param joined  false when rows differ and nobody has decided yet ([Adopt#ASK]): nothing was changed
/// @param plan    what was found
/// @param notes   what could not be made as in the other files, for example a trigger that needs a table which is not synced
public record JoinReport(boolean joined, JoinPlan plan, List<String> notes) {
    public JoinReport {
        notes = List.copyOf(notes);
    }
}
