package dev.waggle.store.capture;

import java.util.List;

/// What `track` did.
///
/// @param tables  the tables that are tracked now, parents first
/// @param rows    rows that became events
/// @param refused tables that are not tracked, with reason and way out
/// @param advice  what the file's programs should know
public record TrackReport(List<String> tables, long rows, List<Refusal> refused, List<String> advice) {
    public TrackReport {
        tables = List.copyOf(tables);
        refused = List.copyOf(refused);
        advice = List.copyOf(advice);
    }
}
