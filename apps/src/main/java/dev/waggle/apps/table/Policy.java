package dev.waggle.apps.table;

import java.util.Optional;

/// What picks the shown row where a record has more than one live version.
public enum Policy {
    /// Edits count only by the node that created the record and by moderators; among them the latest.
    UNION("union", "the latest edit by its author or a moderator"),
    /// The live version with the highest (ts, origin, id), as a whole row.
    LAST_WRITE("last-write", "the latest version of the whole row"),
    /// Per field the highest (ts, origin, id) among all changes that count and set it.
    MERGE("merge", "the latest value of each field");

    private final String wire;
    private final String sentence;

    Policy(String wire, String sentence) {
        this.wire = wire;
        this.sentence = sentence;
    }

    public String wire() {
        return wire;
    }

    /// The rule that chose, for people.
    public String sentence() {
        return sentence;
    }

    /// Empty for a spelling that this node does not know: the default stays in force then, on every node of this version.
    public static Optional<Policy> of(String wire) {
        for (var policy : values()) if (policy.wire.equals(wire)) return Optional.of(policy);
        return Optional.empty();
    }
}
