package dev.waggle.store.capture;

import java.util.List;

/// What joining would do to the file.
///
/// @param create    tables that the file lacks and would get
/// @param tables    tables that are in both, compared row by row
/// @param different rows that are in both under one key with different content, the first [#DIFFERENT_MAX] of them
/// @param refused   tables that stay out, with reason and way out
public record JoinPlan(List<String> create, List<TablePlan> tables, List<Different> different, List<Refusal> refused) {
    public static final int DIFFERENT_MAX = 100;

    public JoinPlan {
        create = List.copyOf(create);
        tables = List.copyOf(tables);
        different = List.copyOf(different);
        refused = List.copyOf(refused);
    }

    /// @param equal     rows equal in key and content: adopted as one record
    /// @param different rows to decide about
    /// @param onlyHere  rows that would be written to the space
    /// @param onlyThere rows that would be written to the file
    public record TablePlan(String table, long equal, long different, long onlyHere, long onlyThere) {}

    /// For people: values as text, cut.
    public record Different(String table, String key, String column, String here, String there) {}

    /// Rows that a person has to decide about: see [Adopt].
    public long differentRows() {
        return tables.stream().mapToLong(TablePlan::different).sum();
    }
}
