package dev.waggle.store.board;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Verdict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whose order decides on a board, and which, worked out a second time. Of a board whose owner stays the same.
final class OracleSequence {
    private record Place(long term, long number, Event by) {}

    private final Comparator<Event> order;
    private final Comparator<Place> places;
    private final List<Event> line = new ArrayList<>();
    private final Map<EventId, Place> first = new HashMap<>();

    OracleSequence(EventLog log, Comparator<Event> order) {
        this.order = order;
        places = Comparator.comparingLong(Place::term).thenComparingLong(Place::number).thenComparing(Place::by, order);
        var namings = new ArrayList<Event>();
        var stamps = new ArrayList<Event>();
        var owner = log.at(log.read(0, 1, 1).stream().map(entry -> ((Entry.Admitted) entry).event().chain()).findFirst().orElseThrow(), 0, 1).orElseThrow().event().chain().origin();
        for (var entry : log.read(0, Integer.MAX_VALUE, Integer.MAX_VALUE)) {
            if (!(entry instanceof Entry.Admitted(_, var event, var verdict)) || verdict != Verdict.COUNTS) continue;
            if (event.type().equals("sequencer_named")) namings.add(event);
            if (event.type().equals("changes_sequenced")) stamps.add(event);
        }
        for (Optional<Event> next = following(namings, null, owner); next.isPresent(); next = following(namings, line.getLast(), owner)) line.add(next.get());
        for (var stamp : stamps) if (isWhole(stamp)) read(stamp);
    }

    /// The owner's come first; besides, who sequences may say that nobody does.
    private static Optional<Event> following(List<Event> namings, Event before, NodeId owner) {
        long term = before == null ? 1 : before.body().integer("term") + 1;
        var all = namings.stream().filter(event -> event.body().integer("term") == term && event.body().textIfPresent("before").equals(Optional.ofNullable(before).map(each -> each.id().hex())))
            .sorted(Comparator.comparing(Event::id)).toList();
        return all.stream().filter(event -> event.chain().origin().equals(owner)).findFirst().or(() -> all.stream().filter(event -> before != null && event.body().get("node").isEmpty()
            && before.body().textIfPresent("node").equals(Optional.of(event.chain().origin().hex()))).findFirst());
    }

    private static boolean isWhole(Event stamp) {
        var events = stamp.body().array("events");
        return stamp.body().integer("term") >= 1 && stamp.body().integer("first") >= 1 && !events.isEmpty() && new HashSet<>(events).size() == events.size();
    }

    private void read(Event stamp) {
        int term = (int) stamp.body().integer("term");
        if (term > line.size() || !line.get(term - 1).body().textIfPresent("node").equals(Optional.of(stamp.chain().origin().hex()))) return;
        long last = term < line.size() ? line.get(term).body().get("last").map(number -> number.asInteger()).orElse(0L) : Long.MAX_VALUE;
        long number = stamp.body().integer("first");
        for (var id : stamp.body().array("events")) {
            var place = new Place(term, number++, stamp);
            if (place.number <= last) first.merge(new EventId(id.asText()), place, (one, other) -> places.compare(one, other) <= 0 ? one : other);
        }
    }

    /// Of those that have a place the one with the lowest.
    Optional<Event> first(List<Event> events) {
        return events.stream().filter(this::has).min(Comparator.comparing(event -> first.get(event.id()), places));
    }

    boolean has(Event event) {
        return first.containsKey(event.id());
    }

    /// Which of several that did not know each other is shown.
    ///
    /// @param firstComes of those without a place in the order
    Event last(List<Event> live, boolean firstComes) {
        var placed = live.stream().filter(this::has).max(Comparator.comparing(event -> first.get(event.id()), places));
        if (placed.isPresent()) return placed.get();
        boolean led = !line.isEmpty() && line.getLast().body().get("node").isPresent();
        return (firstComes && led ? live.stream().min(order) : live.stream().max(order)).orElseThrow();
    }
}
