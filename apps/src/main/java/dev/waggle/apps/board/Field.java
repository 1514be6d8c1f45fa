package dev.waggle.apps.board;

import java.util.Optional;

/// What a task consists of. Each field is merged by itself. `wire` is the one spelling in events and answers; the ordinal is what is stored.
///
/// STATUS is the last that an event sets, because it alone may be without effect when the others are not: see [Change#lead].
public enum Field {
    /// Whether it is there: creation, deletion, restoration. No event sets it by name.
    LIFE("life"), TITLE("title"), DESCRIPTION("description"), PRIORITY("priority"), LABELS("labels"), DEPENDS_ON("depends_on"), ASSIGNEE("assignee"),
    /// The one node that may claim it; null for any.
    ASSIGNED_NODE("assigned_node"), EXTERNAL_ID("external_id"), STATUS("status");

    private final String wire;

    Field(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    /// Whether a board's sequencer decides which of its live versions is shown. Who may claim a task is judged in the order of stamps, as claims are, so that is what is shown, too.
    boolean isSequenced() {
        return this != LIFE && this != ASSIGNED_NODE;
    }

    /// Whether who comes first stays until the sequencer says otherwise: somebody may be acting on it.
    boolean isTransition() {
        return this == STATUS || this == ASSIGNEE;
    }

    /// The field that an event can set under this name.
    public static Optional<Field> named(String wire) {
        for (var field : values()) if (field != LIFE && field.wire.equals(wire)) return Optional.of(field);
        return Optional.empty();
    }
}
