package dev.waggle.apps.board;

import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;

/// What a local person, program or worker wants to do. [BoardRules] decides.
public sealed interface BoardCommand {
    /// @param createdMs when it was made elsewhere
    record Add(String task, SortedMap<Field, Json> fields, OptionalLong createdMs) implements BoardCommand {}

    /// @param version refused when the task has another one by now; empty for whatever it is
    record Edit(String task, SortedMap<Field, Json> fields, OptionalLong version) implements BoardCommand {}

    record Delete(String task) implements BoardCommand {}

    record Restore(String task) implements BoardCommand {}

    record Log(String task, List<String> lines) implements BoardCommand {}

    record Claim(String task, long leaseMs) implements BoardCommand {}

    record Renew(String task, ClaimRef claim, long leaseMs) implements BoardCommand {}

    record Report(String task, ClaimRef claim, Optional<TaskStatus> status, OptionalInt percent, Optional<String> note) implements BoardCommand {}

    record Work(String task, ClaimRef claim, List<String> lines) implements BoardCommand {}

    record Finish(String task, ClaimRef claim, TaskStatus status, OptionalInt exitCode, Optional<String> note) implements BoardCommand {}

    record Release(String task, ClaimRef claim, Optional<String> note) implements BoardCommand {}

    /// Ends a conflict: what is given is the field's value, and everything that was live before is known to it.
    record Settle(String task, Field field, Json value) implements BoardCommand {}

    record Link(String name, Optional<String> publicUrl, boolean executes) implements BoardCommand {}

    record Unlink() implements BoardCommand {}

    record Close() implements BoardCommand {}

    /// By a hub: whether it has the board among its projects. One that has it no more does not sequence it any more, either.
    record AtHub(boolean listed) implements BoardCommand {}

    /// @param node whose order decides from now on; empty for nobody's
    record NameSequencer(Optional<NodeId> node) implements BoardCommand {}

    /// @param to empty for any
    static SortedMap<Field, Json> assigned(Optional<AssignedTo> to) {
        var fields = new java.util.TreeMap<Field, Json>();
        fields.put(Field.ASSIGNED_NODE, AssignedTo.json(to));
        return fields;
    }
}
