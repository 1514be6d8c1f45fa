package dev.waggle.apps.table;

import java.util.Optional;

/// What picks the shown row where a record has more than one live version.
public enum Policy {
    /// Edits count only by the node that created the record and by moderators; among them the latest.
    UNION("union", "the latest edit by its author or a moderator", "Only the node that made a row, and moderators, edit it; of their edits the latest counts. Edits by others have no effect."),
    /// The live version with the highest (ts, origin, id), as a whole row.
    LAST_WRITE("last-write", "the latest version of the whole row", "The latest version of a row counts as a whole; what another node edited at the same time is kept as a conflict."),
    /// Per field the highest (ts, origin, id) among all changes that count and set it.
    MERGE("merge", "the latest value of each field", "Of each field the latest value counts, so that edits of different fields of one row go together.");

    private final String wire;
    private final String sentence;
    private final String meaning;

    Policy(String wire, String sentence, String meaning) {
        this.wire = wire;
        this.sentence = sentence;
        this.meaning = meaning;
    }

    public String wire() {
        return wire;
    }

    /// The rule that chose, for people.
    public String sentence() {
        return sentence;
    }

    /// What it means for those who write, for people who choose.
    public String meaning() {
        return meaning;
    }

    /// Empty for a spelling that this node does not know: the default stays in force then, on every node of this version.
    public static Optional<Policy> of(String wire) {
        for (var policy : values()) if (policy.wire.equals(wire)) return Optional.of(policy);
        return Optional.empty();
    }
}
