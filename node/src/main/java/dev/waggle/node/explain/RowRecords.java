package dev.waggle.node.explain;

import dev.waggle.apps.table.RowChange;
import dev.waggle.apps.table.RowStory;
import dev.waggle.apps.table.Stamp;
import dev.waggle.core.record.Value;

import java.util.List;
import java.util.stream.Collectors;

/// Rows of tables, as records to be told of.
final class RowRecords {
    private static final int VALUE_CHARS_MAX = 200;
    private static final int KEY_CHARS_MAX = 60;

    private RowRecords() {}

    static String name(String table, List<Value> key) {
        return "row " + key.stream().map(value -> value.show(KEY_CHARS_MAX)).collect(Collectors.joining(", ", "(", ")")) + " of " + table;
    }

    static RecordFacts of(RowStory story) {
        boolean deleted = story.changes().stream().anyMatch(change -> change.kind() == RowChange.Kind.DELETE && change.fate() == RowStory.Fate.SHOWN);
        var state = switch (story.status()) {
            case SHOWN -> RecordFacts.State.SHOWN;
            case KEPT_OUT -> RecordFacts.State.KEPT_OUT;
            case ABSENT -> deleted ? RecordFacts.State.DELETED : RecordFacts.State.UNKNOWN;
        };
        var why = state == RecordFacts.State.KEPT_OUT ? story.conflicts().stream().findFirst().map(conflict -> conflict.rule()).orElse("a row that it refers to is kept out") : "";
        var name = story.table().isEmpty() ? "a row" : story.key().isEmpty() ? "a row of " + story.table() : name(story.table(), story.key());
        return new RecordFacts(name, state, why, story.policy().sentence(),
            state == RecordFacts.State.UNKNOWN ? List.of() : story.fields().stream().map(RowRecords::field).toList(), story.changes().stream().map(RowRecords::change).toList(), story.known(), story.looked(),
            story.conflicts().stream().map(conflict -> new RecordFacts.Dispute(conflict.id(), conflict.kind().wire().replace('_', ' ') + ": " + conflict.rule())).toList());
    }

    private static RecordFacts.Field field(RowStory.Field field) {
        return new RecordFacts.Field(field.column(), field.value().show(VALUE_CHARS_MAX), field.by().map(RowRecords::made), field.followed(),
            field.lost().stream().map(lost -> new RecordFacts.Lost(made(lost.by()), lost.value().show(VALUE_CHARS_MAX))).toList());
    }

    private static RecordFacts.Change change(RowStory.Made change) {
        var did = switch (change.kind()) {
            case INSERT -> "inserted";
            case UPDATE -> "updated";
            case DELETE -> "deleted";
        };
        return new RecordFacts.Change(made(change.stamp()), did, RecordFacts.Fate.valueOf(change.fate().name()), List.copyOf(change.set().keySet()),
            change.fate() == RowStory.Fate.WITHOUT_EFFECT ? "only who inserted the row, and moderators, may edit it" : "");
    }

    private static RecordFacts.Made made(Stamp stamp) {
        return new RecordFacts.Made(stamp.version().event(), stamp.origin(), stamp.ts().wallMs());
    }
}
