package dev.waggle.apps.board;

import dev.waggle.core.event.MalformedPayload;

import java.util.Set;

/// How far a task is: a state machine. `wire` is the one spelling in events, rows, REST and commands; no other code spells it.
public enum TaskStatus {
    TODO("todo"), INPROGRESS("inprogress"), INREVIEW("inreview"), DONE("done"), CANCELLED("cancelled");

    private final String wire;

    TaskStatus(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    /// Whether nobody works on it any more.
    public boolean ended() {
        return this == DONE || this == CANCELLED;
    }

    /// Where it may go from here. What has ended is opened again before anything else happens to it.
    public Set<TaskStatus> next() {
        return switch (this) {
            case TODO -> Set.of(INPROGRESS, INREVIEW, DONE, CANCELLED);
            case INPROGRESS -> Set.of(TODO, INREVIEW, DONE, CANCELLED);
            case INREVIEW -> Set.of(TODO, INPROGRESS, DONE, CANCELLED);
            case DONE -> Set.of(TODO, INPROGRESS);
            case CANCELLED -> Set.of(TODO);
        };
    }

    public boolean mayBecome(TaskStatus to) {
        return this == to || next().contains(to);
    }

    /// @throws MalformedPayload for another spelling
    public static TaskStatus of(String wire) {
        for (var status : values()) if (status.wire.equals(wire)) return status;
        throw new MalformedPayload("a status is one of todo, inprogress, inreview, done, cancelled");
    }
}
