package dev.waggle.store.capture;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The programs' own triggers while the node writes. Those that write tracked tables, or refuse writes, stand aside inside the apply transaction:
/// they ran where the change was made, and what they did travels as rows. The others (full-text indexes, for example) run here too, unless they cannot:
/// a function may be one that only its program has, a view one whose own trigger stands aside.
final class UserTriggers {
    private static final System.Logger LOG = System.getLogger("waggle.file");

    private final List<FileSchema.UserTrigger> aside;
    /// Of each tracked table the triggers that run here.
    private final Map<String, List<FileSchema.UserTrigger>> running;
    private boolean tried;

    private UserTriggers(List<FileSchema.UserTrigger> aside, Map<String, List<FileSchema.UserTrigger>> running) {
        this.aside = aside;
        this.running = running;
    }

    static UserTriggers none() {
        return new UserTriggers(new ArrayList<>(), Map.of());
    }

    static UserTriggers of(FileSchema schema, Collection<String> tracked) {
        var names = tracked.stream().map(UserTriggers::lower).collect(Collectors.toSet());
        var aside = new ArrayList<>(schema.triggers().stream().filter(trigger -> standsAside(trigger, names)).toList());
        var running = schema.triggers().stream().filter(trigger -> !aside.contains(trigger) && names.contains(lower(trigger.table())))
            .collect(Collectors.groupingBy(trigger -> lower(trigger.table()), LinkedHashMap::new, Collectors.toList()));
        return new UserTriggers(aside, running);
    }

    private static boolean standsAside(FileSchema.UserTrigger trigger, Set<String> tracked) {
        return SqlWords.raises(trigger.sql()) || SqlWords.tablesWritten(trigger.sql()).stream().anyMatch(tracked::contains);
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    boolean anyAside() {
        return !aside.isEmpty();
    }

    /// In the transaction that writes, until [#putBack].
    void standAside(Connection file) throws SQLException {
        for (var trigger : aside) drop(file, trigger);
        if (tried) return;
        var cannot = new ArrayList<FileSchema.UserTrigger>();
        for (var table : running.entrySet()) if (!canRun(file, table.getKey())) cannot.addAll(thatCannotRun(file, table.getKey(), table.getValue()));
        aside.addAll(cannot);
        tried = true;
    }

    void putBack(Connection file) throws SQLException {
        for (var trigger : aside) Rows.run(file, trigger.sql());
    }

    /// Leaves the others in the file.
    private static List<FileSchema.UserTrigger> thatCannotRun(Connection file, String table, List<FileSchema.UserTrigger> triggers) throws SQLException {
        var cannot = new ArrayList<FileSchema.UserTrigger>();
        for (var trigger : triggers) drop(file, trigger);
        for (var trigger : triggers) {
            Rows.run(file, trigger.sql());
            if (canRun(file, table)) continue;
            drop(file, trigger);
            cannot.add(trigger);
            LOG.log(System.Logger.Level.WARNING, "trigger " + trigger.name() + " of table " + trigger.table()
                + " cannot run on Waggle's connection: it runs for what programs write, not for what comes from other nodes");
        }
        return cannot;
    }

    private static void drop(Connection file, FileSchema.UserTrigger trigger) throws SQLException {
        Rows.run(file, "DROP TRIGGER " + Sql.name(trigger.name()));
    }

    private static boolean canRun(Connection file, String table) {
        try {
            probe(file, table);
            return true;
        } catch (SQLException _) {
            return false;
        }
    }

    /// Compiles what may be written to a table, with all triggers that it has. Writes nothing.
    static void probe(Connection file, String table) throws SQLException {
        var columns = Rows.texts(file, "SELECT name FROM pragma_table_info(?) ORDER BY cid", table);
        var all = columns.stream().map(column -> Sql.name(column) + " = " + Sql.name(column)).collect(Collectors.joining(", "));
        for (var write : List.of("INSERT INTO " + Sql.name(table) + " DEFAULT VALUES", "UPDATE " + Sql.name(table) + " SET " + all, "DELETE FROM " + Sql.name(table)))
            Rows.run(file, "EXPLAIN " + write);
    }
}
