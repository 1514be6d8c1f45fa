package dev.waggle.core.log;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Runs that cannot be admitted yet, found again by what they wait for. Bounded per space and per author
/// ([WaitingLimits]): what does not fit is pushed back, and its sender offers it again. Nothing is dropped with age.
final class WaitingRoom {
    /// Runs admitted together, and what keeps them here.
    static final class Guest {
        private final long number;
        private List<Event> events;
        private List<Judgement.Missing> missing = List.of();
        private long heldUntilMs;

        private Guest(long number, List<Event> events) {
            this.number = number;
            this.events = events;
        }

        long number() {
            return number;
        }

        List<Event> events() {
            return events;
        }

        long heldUntilMs() {
            return heldUntilMs;
        }
    }

    private record Usage(int events, long bytes) {}

    private static final Usage NOTHING = new Usage(0, 0);

    private final WaitingLimits limits;
    private final SortedMap<Long, Guest> guests = new TreeMap<>();
    private final Map<EventId, Guest> byEvent = new HashMap<>();
    private final Map<EventId, Set<Guest>> byMissingEvent = new HashMap<>();
    private final Map<ChunkId, Set<Guest>> byMissingChunk = new HashMap<>();
    private final TreeMap<Long, Set<Guest>> byTime = new TreeMap<>();
    private final Map<NodeId, Usage> usage = new HashMap<>();
    private final Map<ChainId, Integer> chains = new HashMap<>();
    private Usage total = NOTHING;
    private int heldEvents;
    private long nextNumber = 1;

    WaitingRoom(WaitingLimits limits) {
        this.limits = limits;
    }

    boolean contains(EventId event) {
        return byEvent.containsKey(event);
    }

    boolean contains(Guest guest) {
        return guests.get(guest.number) == guest;
    }

    Guest guest(EventId event) {
        return byEvent.get(event);
    }

    boolean hasChain(ChainId chain) {
        return chains.containsKey(chain);
    }

    /// The chains of `origin` of which nothing but held runs is here: their events in order, by chain.
    SortedMap<ChainId, List<Event>> heldOf(NodeId origin) {
        var held = new TreeMap<ChainId, List<Event>>();
        if (!usage.containsKey(origin)) return held;
        var lacking = new TreeSet<ChainId>();
        for (var guest : guests.values()) {
            var chain = guest.events.getFirst().chain();
            if (!chain.origin().equals(origin)) continue;
            if (guest.heldUntilMs == 0) lacking.add(chain);
            held.computeIfAbsent(chain, _ -> new ArrayList<>()).addAll(guest.events);
        }
        held.keySet().removeAll(lacking);
        for (var events : held.values()) events.sort(Comparator.comparingLong(Event::seq).thenComparing(Event::id));
        return held;
    }

    /// Held runs of one author, whole, in the order in which they came.
    Stream<List<Event>> heldRuns(NodeId origin) {
        if (heldEvents == 0 || !usage.containsKey(origin)) return Stream.empty();
        return guests.values().stream().filter(guest -> guest.heldUntilMs > 0).map(Guest::events).filter(run -> run.getFirst().chain().origin().equals(origin));
    }

    int events() {
        return total.events;
    }

    int heldEvents() {
        return heldEvents;
    }

    boolean hasRoomFor(List<Event> events) {
        long bytes = bytes(events);
        var author = usage.getOrDefault(events.getFirst().chain().origin(), NOTHING);
        return total.events + events.size() <= limits.events() && total.bytes + bytes <= limits.bytes()
            && author.events + events.size() <= limits.eventsPerAuthor() && author.bytes + bytes <= limits.bytesPerAuthor();
    }

    Guest add(List<Event> events) {
        return add(nextNumber, events);
    }

    Guest add(long number, List<Event> events) {
        var guest = new Guest(number, List.copyOf(events));
        nextNumber = Math.max(nextNumber, number + 1);
        guests.put(number, guest);
        enter(guest, events);
        return guest;
    }

    /// Puts events before those of a guest whose first event names the last of them.
    void prepend(Guest guest, List<Event> events) {
        forgetReasons(guest);
        var all = new ArrayList<>(events);
        all.addAll(guest.events);
        guest.events = List.copyOf(all);
        enter(guest, events);
    }

    /// A signature that arrived later and was checked.
    void replace(Guest guest, Event signed) {
        guest.events = guest.events.stream().map(event -> event.equals(signed) ? signed : event).toList();
    }

    /// A guest that left comes back as two: what the signature of one of its events vouches for needs nothing of what follows.
    List<Guest> split(Guest left, Event signed) {
        int end = left.events.indexOf(signed) + 1;
        var parts = new ArrayList<Guest>();
        parts.add(add(left.events.subList(0, end)));
        if (end < left.events.size()) parts.add(add(left.events.subList(end, left.events.size())));
        return parts;
    }

    void setMissing(Guest guest, List<Judgement.Missing> missing) {
        forgetReasons(guest);
        index(guest, missing);
    }

    private void index(Guest guest, List<Judgement.Missing> missing) {
        guest.missing = List.copyOf(missing);
        for (var each : missing) {
            for (var parent : each.parents()) byMissingEvent.computeIfAbsent(parent.id(), _ -> new LinkedHashSet<>()).add(guest);
            for (var control : each.control()) byMissingEvent.computeIfAbsent(control, _ -> new LinkedHashSet<>()).add(guest);
            for (var chunk : each.chunks()) byMissingChunk.computeIfAbsent(chunk, _ -> new LinkedHashSet<>()).add(guest);
        }
    }

    /// @param missing what it lacks besides: it is judged again when that comes, too
    void setHeld(Guest guest, long untilMs, List<Judgement.Missing> missing) {
        forgetReasons(guest);
        index(guest, missing);
        guest.heldUntilMs = untilMs;
        byTime.computeIfAbsent(untilMs, _ -> new LinkedHashSet<>()).add(guest);
        heldEvents += guest.events.size();
    }

    void remove(Guest guest) {
        forgetReasons(guest);
        guests.remove(guest.number);
        var origin = guest.events.getFirst().chain().origin();
        int count = guest.events.size();
        long bytes = bytes(guest.events);
        total = new Usage(total.events - count, total.bytes - bytes);
        usage.compute(origin, (_, used) -> used.events == count ? null : new Usage(used.events - count, used.bytes - bytes));
        chains.compute(guest.events.getFirst().chain(), (_, events) -> events == count ? null : events - count);
        for (var event : guest.events) byEvent.remove(event.id());
    }

    List<Guest> waitingFor(EventId event) {
        return List.copyOf(byMissingEvent.getOrDefault(event, Set.of()));
    }

    List<Guest> waitingFor(ChunkId chunk) {
        return List.copyOf(byMissingChunk.getOrDefault(chunk, Set.of()));
    }

    /// Held guests whose time has come.
    List<Guest> due(long nowMs) {
        return byTime.headMap(nowMs, true).values().stream().flatMap(Set::stream).toList();
    }

    /// Oldest first.
    Collection<Guest> guests() {
        return guests.values();
    }

    /// The answer for the event at `index` of a guest. What it names and is in this room too is not listed: nobody needs to send it.
    Admission answer(Guest guest, int index) {
        var event = guest.events.get(index);
        if (guest.heldUntilMs > 0) return new Admission.Held(event, guest.heldUntilMs);
        if (index >= guest.missing.size()) return new Admission.Waiting(event, List.of(), List.of(), List.of());
        var missing = guest.missing.get(index);
        return new Admission.Waiting(event, missing.parents().stream().filter(ref -> !contains(ref.id())).toList(),
            missing.control().stream().filter(id -> !contains(id)).toList(), missing.chunks());
    }

    private void enter(Guest guest, List<Event> events) {
        long bytes = bytes(events);
        total = new Usage(total.events + events.size(), total.bytes + bytes);
        usage.merge(events.getFirst().chain().origin(), new Usage(events.size(), bytes),
            (a, b) -> new Usage(a.events + b.events, a.bytes + b.bytes));
        chains.merge(events.getFirst().chain(), events.size(), Integer::sum);
        for (var event : events) byEvent.put(event.id(), guest);
    }

    private void forgetReasons(Guest guest) {
        for (var each : guest.missing) {
            for (var parent : each.parents()) forget(byMissingEvent, parent.id(), guest);
            for (var control : each.control()) forget(byMissingEvent, control, guest);
            for (var chunk : each.chunks()) forget(byMissingChunk, chunk, guest);
        }
        guest.missing = List.of();
        if (guest.heldUntilMs > 0) {
            forget(byTime, guest.heldUntilMs, guest);
            heldEvents -= guest.events.size();
            guest.heldUntilMs = 0;
        }
    }

    private static <K> void forget(Map<K, Set<Guest>> index, K key, Guest guest) {
        var guests = index.get(key);
        if (guests == null) return;
        guests.remove(guest);
        if (guests.isEmpty()) index.remove(key);
    }

    private static long bytes(List<Event> events) {
        long bytes = 0;
        for (var event : events) bytes += event.payload().length;
        return bytes;
    }
}
