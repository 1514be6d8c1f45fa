package dev.waggle.apps.table;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.Role;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a space's few events about tables, policies and members say: for each the latest by [Stamp] that counts. Immutable.
///
/// @param schemas    by table
/// @param policies   by table; "*" for all others
/// @param moderators the owner and moderators: whose edits count under [Policy#UNION]
public record Facts(SortedMap<String, TableSchema> schemas, SortedMap<String, Policy> policies, Set<NodeId> moderators) {
    static final Facts NONE = new Facts(Collections.emptySortedMap(), Collections.emptySortedMap(), Set.of());

    /// A foreign key of `table` that refers to the table it is listed under.
    record Referring(String table, TableSchema.ForeignKey key) {}

    /// Whether an event says what rows are judged by. What is said of checkpoints concerns the log alone.
    static boolean isFact(String type) {
        return type.equals(ChangeSetCodec.SCHEMA) || ControlType.isControl(type) && !type.equals(ControlType.CHECKPOINT) && !type.equals(ControlType.COORDINATOR_NAMED);
    }

    Optional<TableSchema> schema(String table) {
        return Optional.ofNullable(schemas.get(table));
    }

    Policy policy(String table) {
        var own = policies.get(table);
        return own != null ? own : policies.getOrDefault("*", Policy.MERGE);
    }

    /// Foreign keys that refer to `parent`, by table and id.
    List<Referring> referring(String parent) {
        var found = new ArrayList<Referring>();
        for (var schema : schemas.values())
            for (var key : schema.foreignKeys()) if (key.parent().equals(parent)) found.add(new Referring(schema.name(), key));
        return found;
    }

    static Stamp stamp(Event event, int item) {
        return new Stamp(event.envelope().ts(), event.chain().origin(), new VersionId(event.id(), item));
    }

    /// @param events those of [#isFact] types that count, in any order
    static Facts of(List<Event> events) {
        var sorted = new ArrayList<>(events);
        sorted.sort((a, b) -> stamp(a, 0).compareTo(stamp(b, 0)));
        var schemas = new TreeMap<String, TableSchema>();
        var policies = new TreeMap<String, Policy>();
        var roles = new TreeMap<NodeId, Role>();
        for (var event : sorted) {
            try {
                apply(event, schemas, policies, roles);
            } catch (MalformedPayload | IllegalArgumentException _) {
                continue;                                   // without effect here; apply() has listed it as quarantined
            }
        }
        var moderators = new HashSet<NodeId>();
        roles.forEach((node, role) -> {
            if (role == Role.OWNER || role == Role.MODERATOR) moderators.add(node);
        });
        return new Facts(schemas, policies, moderators);
    }

    /// @throws MalformedPayload when the event is not what its type needs
    static void requireReadable(Event event) {
        try {
            apply(event, new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
        } catch (IllegalArgumentException e) {
            throw new MalformedPayload(event.type() + ": " + e.getMessage());
        }
    }

    private static void succeed(NodeId before, NodeId owner, SortedMap<NodeId, Role> roles) {
        roles.put(before, Role.MODERATOR);
        roles.put(owner, Role.OWNER);
    }

    private static void apply(Event event, SortedMap<String, TableSchema> schemas, SortedMap<String, Policy> policies, SortedMap<NodeId, Role> roles) {
        var body = event.body();
        switch (event.type()) {
            case ChangeSetCodec.SCHEMA -> {
                var schema = ChangeSetCodec.readSchema(event);
                schemas.put(schema.name(), schema);
            }
            case ControlType.GENESIS -> {
                body.textIfPresent("owner").ifPresent(owner -> roles.put(new NodeId(owner), Role.OWNER));
                if (body.get("policies").orElse(null) instanceof Json.Obj(var named))
                    named.forEach((table, policy) -> Policy.of(policy.asText()).ifPresent(known -> policies.put(table, known)));
            }
            case ControlType.POLICY_CHANGED ->
                Policy.of(body.text("policy")).ifPresent(known -> policies.put(body.textIfPresent("table").orElse("*"), known));
            case ControlType.MEMBER_ADDED, ControlType.ROLE_CHANGED -> roles.put(new NodeId(body.text("subject")), Role.of(body.text("role")));
            case ControlType.MEMBER_LEFT -> roles.remove(event.chain().origin());
            case ControlType.MEMBER_REMOVED -> roles.remove(new NodeId(body.text("subject")));
            case ControlType.OWNERSHIP_TRANSFERRED -> succeed(event.chain().origin(), new NodeId(body.text("to")), roles);
            case ControlType.OWNERSHIP_CLAIMED -> succeed(new NodeId(body.text("subject")), event.chain().origin(), roles);
            case ControlType.DEVICE_ROTATED -> {
                var role = roles.remove(new NodeId(body.text("subject")));
                if (role != null) roles.put(new NodeId(body.text("to")), role);
            }
            case ControlType.READMITTED -> { }
            default -> throw new IllegalStateException("no fact: " + event.type());
        }
    }
}
