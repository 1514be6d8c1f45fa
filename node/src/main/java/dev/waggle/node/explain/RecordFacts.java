package dev.waggle.node.explain;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How a row, post, comment or task came to be what it is.
///
/// @param name    for people: what it is and which
/// @param why     of one that is not shown, if somebody said or a rule says
/// @param rule    what picks where two changed the same
/// @param changes the newest, newest first
/// @param known   how many changes of it are known
/// @param looked  how many of them, the newest, were looked at
/// @param disputes open conflicts
public record RecordFacts(String name, State state, String why, String rule, List<Field> fields, List<Change> changes, long known, long looked, List<Dispute> disputes) {
    public RecordFacts {
        fields = List.copyOf(fields);
        changes = List.copyOf(changes);
        disputes = List.copyOf(disputes);
    }

    public enum State { SHOWN, DELETED, REMOVED, KEPT_OUT, UNKNOWN }

    /// Who made a change, and when by his clock.
    public record Made(EventId event, NodeId node, long wallMs) {
        Json.Obj toJson() {
            return Json.object("event", event.hex(), "node", node.hex(), "time_ms", wallMs);
        }
    }

    /// @param by empty when it is older than what was looked at
    /// @param followed it is the key of a row that this one refers to, wherever that has gone
    public record Field(String name, String value, Optional<Made> by, boolean followed, List<Lost> lost) {
        public Field {
            lost = List.copyOf(lost);
        }
    }

    /// What somebody set without knowing what is shown.
    public record Lost(Made by, String value) {}

    public enum Fate { SHOWN, REPLACED, LOST, VOID, WITHOUT_EFFECT }

    /// @param did   inserted, updated, deleted …
    /// @param set   the fields that it set
    /// @param why   of one without effect
    public record Change(Made by, String did, Fate fate, List<String> set, String why) {
        public Change {
            set = List.copyOf(set);
        }

        Json toJson() {
            return by.toJson().with("did", Json.of(did)).with("fate", Json.of(fate.name().toLowerCase(Locale.ROOT)))
                .with("set", Json.array(set.stream().map(Json::of).toList())).with("why", Json.of(why));
        }
    }

    /// @param id what `waggle sync conflicts` calls it; empty where conflicts have no id
    public record Dispute(String id, String says) {}

    Json.Obj toJson() {
        return Json.object("name", name, "state", state.name().toLowerCase(Locale.ROOT), "why", why, "rule", rule,
            "fields", Json.array(fields.stream().map(RecordFacts::field).toList()), "changes", Json.array(changes.stream().map(Change::toJson).toList()),
            "changes_known", known, "changes_looked", looked,
            "conflicts", Json.array(disputes.stream().map(each -> Json.object("id", each.id(), "says", each.says())).toList()));
    }

    private static Json field(Field field) {
        return Json.object("name", field.name(), "value", field.value(), "by", field.by().<Json>map(Made::toJson).orElse(Json.NULL), "followed", field.followed(),
            "lost", Json.array(field.lost().stream().map(lost -> lost.by().toJson().with("value", Json.of(lost.value()))).toList()));
    }
}
