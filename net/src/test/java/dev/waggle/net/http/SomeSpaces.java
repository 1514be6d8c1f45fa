package dev.waggle.net.http;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.Verdict;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Spaces in memory, without any rules but membership: what the routes are tested over.
final class SomeSpaces implements SyncV1Handler {
    int pushWaitSeconds;
    /// Answers questions for lines of tasks, by what was asked: outside the lock, because it may wait.
    volatile java.util.function.Function<String, dev.waggle.core.event.Json.Obj> taskLogs = _ -> dev.waggle.core.event.Json.object();
    boolean condensed;
    final Map<SpaceId, List<Event>> logs = new HashMap<>();
    final Map<SpaceId, Set<NodeId>> members = new HashMap<>();
    final Map<String, SpaceId> tickets = new LinkedHashMap<>();
    RuntimeException problem;

    synchronized void space(SpaceId space, List<Event> events, NodeId... who) {
        logs.put(space, new ArrayList<>(events));
        members.put(space, new HashSet<>(Set.of(who)));
    }

    private Optional<List<Event>> log(NodeId peer, SpaceId space) {
        if (problem != null) throw problem;
        return members.getOrDefault(space, Set.of()).contains(peer) ? Optional.of(logs.get(space)) : Optional.empty();
    }

    @Override public Optional<dev.waggle.core.event.Json.Obj> taskLog(NodeId peer, SpaceId space, String task, String after, long waitMs) {
        synchronized (this) {
            if (log(peer, space).isEmpty()) return Optional.empty();
        }
        return Optional.of(taskLogs.apply(task + " " + after + " " + waitMs));
    }

    @Override public synchronized boolean authenticate(NodeId peer) {
        return members.values().stream().anyMatch(set -> set.contains(peer));
    }

    @Override public synchronized Optional<SpaceId> redeem(NodeId peer, byte[] ticket, byte[] signature) {
        var space = Optional.ofNullable(tickets.remove(new String(ticket, java.nio.charset.StandardCharsets.UTF_8)));
        space.ifPresent(id -> members.get(id).add(peer));
        return space;
    }

    @Override public synchronized Optional<Long> position(NodeId peer, SpaceId space) {
        return log(peer, space).map(log -> (long) log.size());
    }

    @Override public synchronized Optional<Page> eventsSince(NodeId peer, SpaceId space, long since, int eventsMax, int bytesMax) {
        return log(peer, space).map(log -> {
            if (condensed) return new Page(List.of(), since, true, true);
            int from = (int) Math.min(since, log.size());
            int to = Math.min(log.size(), from + eventsMax);
            return new Page(List.copyOf(log.subList(from, to)), to, to < log.size());
        });
    }

    @Override public synchronized Optional<Pushed> push(NodeId peer, SpaceId space, List<Event> events, long senderSeq) {
        return log(peer, space).map(log -> {
            var answers = new ArrayList<Admission>();
            for (var event : events) {
                if (log.contains(event)) {
                    answers.add(new Admission.Duplicate(event));
                    continue;
                }
                log.add(event);
                answers.add(event.signature().isPresent() ? new Admission.Accepted(event, log.size(), Verdict.COUNTS)
                    : new Admission.Rejected(event, Admission.Reason.BAD_SIGNATURE));
            }
            return new Pushed(senderSeq, answers);
        });
    }

    @Override public synchronized Optional<Status> status(NodeId peer, SpaceId space) {
        return log(peer, space).map(log -> new Status(List.of(new PeerStatus(peer, "online", Optional.of(1_000L), 3)), log.size()));
    }

    @Override public synchronized boolean leave(NodeId peer, SpaceId space) {
        return log(peer, space).isPresent() && members.get(space).remove(peer);
    }

    @Override public Optional<SpaceId> named(NodeId peer, String name) {
        return name.equals("shared") ? Optional.of(SyncV1Test.SHARED).filter(space -> position(peer, space).isPresent()) : Optional.empty();
    }

    @Override public int pushWaitSeconds(NodeId peer, int events) {
        return pushWaitSeconds;
    }

    List<KnownPeer> known = List.of();
    List<KnownPeer> heard = List.of();

    @Override public synchronized List<KnownPeer> knownPeers(NodeId peer, List<KnownPeer> said) {
        heard = said;
        return known;
    }

    @Override public synchronized SortedMap<String, Long> heartbeat(NodeId peer, SortedMap<String, Long> seqBySpace) {
        var here = new java.util.TreeMap<String, Long>();
        for (var key : seqBySpace.keySet()) {
            var space = dev.waggle.core.event.Hex.isLower(key, 64) ? Optional.of(new SpaceId(key)) : named(peer, key);
            space.flatMap(id -> position(peer, id)).ifPresent(position -> here.put(key, position));
        }
        return here;
    }

    @Override public synchronized Optional<List<EventId>> tips(NodeId peer, SpaceId space) {
        return log(peer, space).map(log -> log.stream().map(Event::id).toList());
    }

    @Override public synchronized Optional<List<Event>> entries(NodeId peer, SpaceId space, List<EventId> ids) {
        return log(peer, space).map(log -> log.stream().filter(event -> ids.contains(event.id())).toList());
    }

    static LogUnavailable diskFull() {
        return new LogUnavailable("append", new java.io.IOException("disk full at a secret path"));
    }
}
