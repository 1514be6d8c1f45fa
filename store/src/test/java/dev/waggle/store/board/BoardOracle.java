package dev.waggle.store.board;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Verdict;
import dev.waggle.core.time.Hlc;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// The rules of claims, and of what is shown of titles, assignees and states, worked out a second time, over all events at once, as slowly and plainly as can be.
final class BoardOracle {
    private static final Map<String, Set<String>> NEXT = Map.of("todo", Set.of("inprogress", "inreview", "done", "cancelled"), "inprogress", Set.of("todo", "inreview", "done", "cancelled"),
        "inreview", Set.of("todo", "inprogress", "done", "cancelled"), "done", Set.of("todo", "inprogress"), "cancelled", Set.of("todo"));
    private static final Comparator<Event> ORDER = Comparator.comparing((Event event) -> event.envelope().ts()).thenComparing(event -> event.chain().origin()).thenComparing(Event::id);
    private static final List<String> FIELDS = List.of("title", "status", "assignee");
    private final List<Event> events = new ArrayList<>();
    private final OracleSequence sequence;

    BoardOracle(EventLog log) {
        sequence = new OracleSequence(log, ORDER);
        for (var entry : log.read(0, Integer.MAX_VALUE, Integer.MAX_VALUE))
            if (entry instanceof Entry.Admitted(_, var event, var verdict) && verdict == Verdict.COUNTS && event.type().startsWith("task_") && isWhole(event)) events.add(event);
        events.sort(ORDER);
    }

    private static boolean isWhole(Event event) {
        return !event.type().equals("task_claimed") || (event.body().integer("token") == 1) == event.body().get("before").isEmpty();
    }

    /// What the rows of a node say in the same words.
    static List<String> shown(TestBoard node) {
        return node.asks(board -> board.everything("", 500)).stream().map(task -> task.id() + " " + task.title() + " " + task.status().wire() + " " + task.assignee().orElse("null") + conflicts(node, task.id())
            + " held by " + task.claim().map(claim -> claim.id().hex()).orElse("nobody") + " until " + task.leaseEndMs()).toList();
    }

    private static List<String> conflicts(TestBoard node, String task) {
        return node.asks(board -> board.conflicts(BoardQueries.AfterConflict.NONE, 500)).stream().filter(each -> each.task().equals(task) && FIELDS.contains(each.field().wire()))
            .map(each -> each.field().wire() + " " + text(each.value()) + " " + each.stamp().id().hex()).sorted().toList();
    }

    private static String text(Json value) {
        return value instanceof Json.Str(var text) ? text : "null";
    }

    List<String> lines() {
        var lines = new ArrayList<String>();
        var tasks = new TreeSet<String>();
        for (var event : events) if (event.type().equals("task_created")) tasks.add(event.body().text("task_id"));
        for (var task : tasks) lines.add(line(task));
        return lines;
    }

    private String line(String task) {
        var of = events.stream().filter(event -> event.body().text("task_id").equals(task)).toList();
        var limits = chain(of);
        var passedOver = new ArrayList<String>();
        var title = shown("title", of, limits, passedOver);
        var status = shown("status", of, limits, passedOver);
        var assignee = shown("assignee", of, limits, passedOver);
        var held = limits.values().stream().reduce((_, last) -> last).filter(last -> last.ended.isEmpty());
        passedOver.sort(null);
        return task + " " + title.orElse("") + " " + status.orElse("todo") + " " + assignee.orElse("null") + passedOver + " held by " + held.map(claim -> claim.event.id().hex()).orElse("nobody") + " until " + held.map(claim -> leaseEnd(claim.event, of, null)).orElse(0L);
    }

    /// @param value empty for what sets none: a deletion is a change of every field
    private record Setting(Event event, Optional<String> value, Set<String> bases, boolean effective) {}

    private Optional<String> shown(String field, List<Event> of, Map<EventId, Link> limits, List<String> passedOver) {
        var sets = new ArrayList<Setting>();
        for (var event : of) {
            var value = value(event, field);
            if (value.isEmpty() && !event.type().equals("task_deleted")) continue;
            boolean effective = value.isPresent() && (!field.equals("status") || event.type().equals("task_created") || holds(event, limits) && isAllowed(event, value.get(), of)
                && !(value.get().equals("inprogress") && isGivenBack(event, limits)));
            var bases = new HashSet<String>();
            if (event.body().get("ids").isPresent()) event.body().object("ids").arrayOrEmpty(field).forEach(id -> bases.add(id.asText()));
            sets.add(new Setting(event, value, bases, effective));
        }
        var live = sets.stream().filter(set -> set.effective && !isKnown(set, sets)).toList();
        if (live.isEmpty()) return Optional.empty();
        var best = sequence.last(live.stream().map(Setting::event).toList(), !field.equals("title"));
        var shown = live.stream().filter(set -> set.event.equals(best)).findFirst().orElseThrow().value;
        for (var set : live) if (!set.value.equals(shown)) passedOver.add(field + " " + set.value.get() + " " + set.event.id().hex());
        return shown;
    }

    private static Optional<String> value(Event event, String field) {
        var fields = event.body().get("fields").map(Json::asObject);
        if (fields.isPresent()) return fields.get().get(field).map(BoardOracle::text);
        if (!field.equals("status")) return Optional.empty();
        return event.type().equals("task_claimed") ? Optional.of("inprogress") : event.body().get("claim").isPresent() ? event.body().textIfPresent("status") : Optional.empty();
    }

    private static boolean isKnown(Setting set, List<Setting> sets) {
        return sets.stream().anyMatch(other -> ORDER.compare(other.event, set.event) > 0
            && (other.bases.contains(set.event.id().hex()) || other.event.chain().origin().equals(set.event.chain().origin())) && (other.effective || isKnown(other, sets)));
    }

    /// Every event that changes a field of a task and has no place in the order.
    List<String> unsequenced() {
        return events.stream().filter(event -> List.of("task_created", "task_updated", "task_deleted", "task_restored", "task_claimed", "task_finished").contains(event.type())
            || event.type().equals("task_progress") && event.body().get("status").isPresent()).filter(event -> !sequence.has(event)).map(event -> event.type() + " " + event.id().hex()).toList();
    }

    private record Link(Event event, Hlc limit, Optional<Event> ended) {}

    /// The chain of claims that count, oldest first.
    private Map<EventId, Link> chain(List<Event> of) {
        var chain = new java.util.LinkedHashMap<EventId, Link>();
        Event before = null;
        for (;;) {
            var predecessor = before;
            var next = next(predecessor, of);
            if (predecessor != null) {
                var known = next.map(event -> find(event.body().text("last"), of).orElseThrow().envelope().ts());
                var end = under(predecessor, of, known.orElse(null)).stream().filter(BoardOracle::ends).findFirst();
                chain.put(predecessor.id(), new Link(predecessor, end.map(event -> event.envelope().ts()).or(() -> known).orElse(null), end));
            }
            if (next.isEmpty()) return chain;
            before = next.get();
        }
    }

    /// Of several the one that leads to the first result; while there is none the first in the order that a sequencer gave, or the smallest id.
    private Optional<Event> next(Event before, List<Event> of) {
        var all = of.stream().filter(event -> event.type().equals("task_claimed") && follows(event, before, of)).sorted(Comparator.comparing(Event::id)).toList();
        if (all.size() < 2) return all.stream().findFirst();
        var results = new java.util.LinkedHashMap<Event, Event>();
        for (var claim : all) result(claim, of).ifPresent(end -> results.put(end, claim));
        if (!results.isEmpty()) return Optional.of(results.get(sequence.first(List.copyOf(results.keySet())).orElseGet(() -> results.keySet().stream().min(ORDER).orElseThrow())));
        return Optional.of(sequence.first(all).orElse(all.getFirst()));
    }

    private Optional<Event> result(Event claim, List<Event> of) {
        var next = next(claim, of);
        var known = next.map(event -> find(event.body().text("last"), of).orElseThrow().envelope().ts());
        var end = under(claim, of, known.orElse(null)).stream().filter(BoardOracle::ends).findFirst();
        if (end.filter(event -> event.type().equals("task_finished")).isPresent()) return end;
        return next.flatMap(event -> result(event, of));
    }

    private static boolean ends(Event event) {
        return event.type().equals("task_finished") || event.type().equals("task_released");
    }

    private boolean follows(Event claim, Event before, List<Event> of) {
        var assigned = "";
        for (var event : of)
            if (ORDER.compare(event, claim) < 0 && event.body().get("fields").map(Json::asObject).flatMap(fields -> fields.get("assigned_node")).isPresent())
                assigned = event.body().object("fields").get("assigned_node").get() instanceof Json.Str(var node) ? node : "";
        if (!assigned.isEmpty() && !assigned.startsWith("first:") && !assigned.equals(claim.chain().origin().hex())) return false;
        if (before == null) return claim.body().integer("token") == 1;
        if (!claim.body().textIfPresent("before").equals(Optional.of(before.id().hex())) || claim.body().integer("token") != before.body().integer("token") + 1) return false;
        var last = find(claim.body().text("last"), of).filter(event -> event.equals(before) || under(before, of, null).contains(event));
        if (last.isEmpty()) return false;
        var upTo = last.get().envelope().ts();
        return claim.chain().origin().equals(before.chain().origin()) || under(before, of, upTo).stream().anyMatch(BoardOracle::ends) || leaseEnd(before, of, upTo) <= claim.envelope().ts().wallMs();
    }

    private static Optional<Event> find(String id, List<Event> of) {
        return of.stream().filter(event -> event.id().hex().equals(id)).findFirst();
    }

    private static List<Event> under(Event claim, List<Event> of, Hlc upTo) {
        return of.stream().filter(event -> event.body().textIfPresent("claim").equals(Optional.of(claim.id().hex())) && event.body().integer("token") == claim.body().integer("token")
            && event.chain().origin().equals(claim.chain().origin()) && (upTo == null || event.envelope().ts().compareTo(upTo) <= 0)).toList();
    }

    private static long leaseEnd(Event claim, List<Event> of, Hlc upTo) {
        long end = claim.envelope().ts().wallMs() + claim.body().integer("lease_ms");
        for (var event : under(claim, of, upTo)) if (event.type().equals("task_lease_renewed")) end = Math.max(end, event.envelope().ts().wallMs() + event.body().integer("lease_ms"));
        return end;
    }

    private static boolean holds(Event event, Map<EventId, Link> chain) {
        if (event.body().get("claim").isEmpty() && !event.type().equals("task_claimed")) return true;
        var link = chain.get(event.type().equals("task_claimed") ? event.id() : new EventId(event.body().text("claim")));
        return link != null && link.event.chain().origin().equals(event.chain().origin()) && link.event.body().integer("token") == event.body().integer("token")
            && (link.limit == null || event.envelope().ts().compareTo(link.limit) <= 0);
    }

    /// Whoever worked on it said in the end that he does not: then it is what it was before he began.
    private static boolean isGivenBack(Event event, Map<EventId, Link> chain) {
        var claim = event.type().equals("task_claimed") ? Optional.of(event.id()) : event.body().textIfPresent("claim").map(EventId::new);
        var last = chain.values().stream().reduce((_, later) -> later);
        return claim.isPresent() && java.util.stream.Stream.of(claim.map(chain::get), last).flatMap(Optional::stream).anyMatch(link -> link.ended.filter(end -> end.type().equals("task_released")).isPresent());
    }

    private boolean isAllowed(Event event, String to, List<Event> of) {
        var named = new HashSet<String>();
        if (event.body().get("ids").isPresent()) event.body().object("ids").arrayOrEmpty("status").forEach(id -> named.add(id.asText()));
        var from = new TreeMap<String, String>();
        for (var base : of) {
            if (!named.contains(base.id().hex())) continue;
            var fields = base.body().get("fields").map(Json::asObject);
            var set = base.type().equals("task_claimed") ? Optional.of("inprogress") : fields.isPresent() ? fields.get().textIfPresent("status") : base.body().textIfPresent("status");
            set.ifPresent(value -> from.put(base.id().hex(), value));
        }
        if (from.isEmpty()) from.put("", "todo");
        return from.values().stream().anyMatch(value -> value.equals(to) || NEXT.get(value).contains(to));
    }
}
