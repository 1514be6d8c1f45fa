package dev.waggle.sim.oracle;

import dev.waggle.apps.table.ChangeSetCodec;
import dev.waggle.apps.table.Policy;
import dev.waggle.apps.table.TableSchema;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.time.Hlc;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the space itself says: of each table its latest schema and policy, and who moderates. The latest by (ts, origin, id) holds.
final class Space {
    private final Map<String, TableSchema> schemas = new TreeMap<>();
    private final Map<String, Policy> policies = new TreeMap<>();
    private final Set<String> moderators = new TreeSet<>();

    /// @param events that count, in any order
    Space(List<Event> events) {
        events.stream().sorted(Comparator.<Event, Hlc>comparing(event -> event.envelope().ts())
            .thenComparing(event -> event.chain().origin().hex()).thenComparing(event -> event.id().hex())).forEach(this::learn);
    }

    private void learn(Event event) {
        var body = event.body();
        try {
            switch (event.type()) {
                case ChangeSetCodec.SCHEMA -> {
                    var schema = ChangeSetCodec.readSchema(event);
                    schemas.put(schema.name(), schema);
                }
                case ControlType.GENESIS -> {
                    moderators.add(body.text("owner"));
                    body.object("policies").members().forEach((table, policy) -> policy(table, policy.asText()));
                }
                case ControlType.POLICY_CHANGED -> policy(body.textIfPresent("table").orElse("*"), body.text("policy"));
                case ControlType.MEMBER_ADDED, ControlType.ROLE_CHANGED -> {
                    if (body.text("role").equals("owner") || body.text("role").equals("moderator")) moderators.add(body.text("subject"));
                    else moderators.remove(body.text("subject"));
                }
                case ControlType.MEMBER_LEFT -> moderators.remove(event.chain().origin().hex());
                case ControlType.MEMBER_REMOVED -> moderators.remove(body.text("subject"));
                case ControlType.OWNERSHIP_TRANSFERRED -> {
                    moderators.add(event.chain().origin().hex());
                    moderators.add(body.text("to"));
                }
                case ControlType.OWNERSHIP_CLAIMED -> {
                    moderators.add(body.text("subject"));
                    moderators.add(event.chain().origin().hex());
                }
                case ControlType.DEVICE_ROTATED -> {
                    if (moderators.remove(body.text("subject"))) moderators.add(body.text("to"));
                }
                default -> { }
            }
        } catch (MalformedPayload _) {
            return;                                         // quarantined: it has no effect
        }
    }

    private void policy(String table, String spelt) {
        Policy.of(spelt).ifPresent(known -> policies.put(table, known));
    }

    Optional<TableSchema> schema(String table) {
        return Optional.ofNullable(schemas.get(table));
    }

    Policy policy(String table) {
        return policies.getOrDefault(table, policies.getOrDefault("*", Policy.MERGE));
    }

    boolean isModerator(String node) {
        return moderators.contains(node);
    }
}
