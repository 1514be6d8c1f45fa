package dev.waggle.store.capture;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The programs' own triggers while the node writes. Those that write tracked tables, or refuse writes, stand aside inside the apply transaction:
/// they ran where the change was made, and what they did travels as rows. The others (full-text indexes, for example) run here too.
record UserTriggers(List<FileSchema.UserTrigger> aside) {
    UserTriggers {
        aside = List.copyOf(aside);
    }

    static UserTriggers of(FileSchema schema, Collection<String> tracked) {
        var names = tracked.stream().map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        return new UserTriggers(schema.triggers().stream()
            .filter(trigger -> SqlWords.raises(trigger.sql()) || SqlWords.tablesWritten(trigger.sql()).stream().anyMatch(names::contains)).toList());
    }

    List<FileSchema.UserTrigger> standAside(Connection file) throws SQLException {
        for (var trigger : aside) Rows.run(file, "DROP TRIGGER " + Sql.name(trigger.name()));
        return aside;
    }

    void putBack(Connection file, List<FileSchema.UserTrigger> triggers) throws SQLException {
        for (var trigger : triggers) Rows.run(file, trigger.sql());
    }
}
