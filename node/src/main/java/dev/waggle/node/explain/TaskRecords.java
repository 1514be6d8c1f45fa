package dev.waggle.node.explain;

import dev.waggle.apps.board.BoardReading;
import dev.waggle.apps.board.Change;
import dev.waggle.apps.board.Claims;
import dev.waggle.apps.board.Field;
import dev.waggle.apps.board.Resolution;
import dev.waggle.apps.board.Stamp;
import dev.waggle.apps.board.TaskRow;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.node.Plural;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Tasks of a board, as records to be told of.
final class TaskRecords {
    /// Of each field.
    private static final int CHANGES_MAX = 50;
    private static final int TEXT_CHARS_MAX = 200;
    private static final String RULE = "of each field the latest value counts, and a status only where the one before allows it";

    private TaskRecords() {}

    /// @param task what it is called in its space
    /// @param name what people call it
    /// @return empty when there is no such task
    static Optional<RecordFacts> of(BoardReading reading, String task, String name) {
        var row = reading.task(task);
        if (row.isEmpty()) return Optional.empty();
        var claims = Claims.of(reading, task);
        var resolution = new Resolution(reading);
        var fields = new ArrayList<RecordFacts.Field>();
        var changes = new LinkedHashMap<EventId, List<Change>>();
        Set<EventId> shown = new HashSet<>();
        Set<EventId> lost = new HashSet<>();
        var open = reading.conflicts(task);
        boolean all = true;
        for (var field : Field.values()) {
            var register = resolution.register(task, field, claims);
            var page = reading.changes(task, field, Optional.empty(), CHANGES_MAX);
            all &= page.size() < CHANGES_MAX;
            for (var change : page) changes.computeIfAbsent(change.stamp().id(), _ -> new ArrayList<>()).add(change);
            register.shown().ifPresent(change -> shown.add(change.stamp().id()));
            if (field == Field.LIFE) continue;
            register.others().forEach(change -> lost.add(change.stamp().id()));
            var passed = open.stream().filter(each -> each.field() == field).map(each -> new RecordFacts.Lost(made(each.stamp()), text(each.value()))).toList();
            value(row.get(), field).ifPresent(value -> fields.add(new RecordFacts.Field(field.wire(), value, register.shown().map(change -> made(change.stamp())), false, passed)));
        }
        var told = new ArrayList<RecordFacts.Change>();
        changes.values().stream().sorted(Comparator.comparing((List<Change> of) -> of.getFirst().stamp()).reversed()).limit(CHANGES_MAX).forEach(of -> told.add(change(of, claims, row.get(), shown, lost)));
        var disputes = open.isEmpty() ? List.<RecordFacts.Dispute>of() : List.of(new RecordFacts.Dispute("", Plural.of(open.size(), "value") + " passed over; setting the field again decides"));
        return Optional.of(new RecordFacts("task " + name, row.get().deleted() ? RecordFacts.State.DELETED : RecordFacts.State.SHOWN, "", RULE, fields, told, all ? changes.size() : changes.size() + 1,
            changes.size(), disputes));
    }

    private static RecordFacts.Made made(Stamp stamp) {
        return new RecordFacts.Made(stamp.id(), stamp.origin(), stamp.ts().wallMs());
    }

    private static Optional<String> value(TaskRow row, Field field) {
        return switch (field) {
            case LIFE -> Optional.empty();
            case TITLE -> Optional.of(cut(row.title()));
            case DESCRIPTION -> row.description().isEmpty() ? Optional.empty() : Optional.of(cut(row.description()));
            case PRIORITY -> Optional.of(Integer.toString(row.priority()));
            case LABELS -> row.labels().isEmpty() ? Optional.empty() : Optional.of(cut(String.join(", ", row.labels())));
            case DEPENDS_ON -> row.dependsOn().isEmpty() ? Optional.empty() : Optional.of(cut(String.join(", ", row.dependsOn())));
            case ASSIGNEE -> row.assignee();
            case ASSIGNED_NODE -> row.assigned().map(to -> to.alone() ? to.node().hex() : to.node().hex() + ", others while it is away");
            case EXTERNAL_ID -> row.externalId();
            case STATUS -> Optional.of(row.status().wire());
        };
    }

    private static String text(Json value) {
        return cut(value instanceof Json.Str(var text) ? text : Canonical.text(value));
    }

    private static String cut(String text) {
        return text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX) + "…";
    }

    /// What one event did to the task: it may set several fields, and a creation and a deletion touch all.
    private static RecordFacts.Change change(List<Change> of, Claims claims, TaskRow row, Set<EventId> shown, Set<EventId> lost) {
        var first = of.getFirst();
        var did = switch (first.kind()) {
            case CREATED -> "made";
            case SET -> "changed";
            case DELETED -> "deleted";
            case RESTORED -> "restored";
        };
        var set = first.kind() == Change.Kind.SET ? of.stream().map(change -> change.field().wire()).toList() : List.<String>of();
        var id = first.stamp().id();
        if (!first.counts()) return new RecordFacts.Change(made(first.stamp()), did, RecordFacts.Fate.VOID, set, "");
        if (first.claim().filter(claim -> !claims.holds(claim, first.stamp())).isPresent())
            return new RecordFacts.Change(made(first.stamp()), did, RecordFacts.Fate.WITHOUT_EFFECT, set, "it was done under a claim that did not hold any more");
        boolean deletes = first.kind() == Change.Kind.DELETED;
        boolean inEffect = deletes ? row.deleted() : shown.contains(id);
        var fate = lost.contains(id) || deletes && !row.deleted() ? RecordFacts.Fate.LOST : inEffect ? RecordFacts.Fate.SHOWN : RecordFacts.Fate.REPLACED;
        return new RecordFacts.Change(made(first.stamp()), did, fate, set, "");
    }
}
