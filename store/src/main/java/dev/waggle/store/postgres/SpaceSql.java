package dev.waggle.store.postgres;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// The statements of `store.sql` for one space among many: what stands in comments there is said here. See [dev.waggle.store.sql.LogConnection].
final class SpaceSql {
    private static final Pattern CONDITION = Pattern.compile("/\\*(\\w+\\.)?space\\*/");
    private final long space;
    private final Map<String, String> known = new ConcurrentHashMap<>();

    SpaceSql(long space) {
        this.space = space;
    }

    String of(String sql) {
        return known.computeIfAbsent(sql, this::said);
    }

    private String said(String sql) {
        return CONDITION.matcher(sql).replaceAll("$1space = " + space + " AND").replace("/*in*/instr(e.payload, ?)", "position(? in e.payload)").replace("/*space,*/", "space,").replace("/*n,*/", space + ",");
    }
}
