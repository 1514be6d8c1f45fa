package dev.waggle.sim.oracle;

import dev.waggle.apps.table.Conflict;
import dev.waggle.core.record.Value;
import dev.waggle.sim.workload.FileRows;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Conflicts as lines of text, so that two lists of them can be compared and their difference be read.
public final class ConflictText {
    private ConflictText() {}

    /// @param others the versions passed over, each by its text
    static String line(String kind, String table, String record, List<Value> key, Collection<String> fields, SortedMap<String, Value> shown, List<String> others, int children) {
        return kind + " " + table + " " + record + " key=" + key.stream().map(value -> value.show(60).replace("\n", "\\n")).toList() + " fields=" + fields + " shown={" + FileRows.show(shown)
            + "} passed over=" + others + " children=" + children;
    }

    static String other(String version, boolean deleted, SortedMap<String, Value> values) {
        return version + (deleted ? " deleted" : "") + " {" + FileRows.show(values) + "}";
    }

    /// What a node lists, sorted, one a line.
    public static String of(List<Conflict> conflicts) {
        var lines = new ArrayList<String>();
        for (var conflict : conflicts)
            lines.add(line(conflict.kind().wire(), conflict.table(), conflict.record().text(), conflict.key(), conflict.fields(),
                conflict.shown().<SortedMap<String, Value>>map(shown -> shown.values()).orElse(new TreeMap<>()),
                conflict.others().stream().map(each -> other(each.version().text(), each.deleted(), each.values())).toList(), conflict.children()));
        return joined(lines);
    }

    static String joined(List<String> lines) {
        Collections.sort(lines);
        return lines.stream().map(line -> line + "\n").collect(Collectors.joining());
    }
}
