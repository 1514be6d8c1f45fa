package dev.waggle.core.log;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Who may do what, at any point of the DAG that control events form by naming each other in `control`.
///
/// The members at some control events are a fold over those and all their ancestors. Of the events about one subject the later replaces the
/// earlier; of concurrent ones that of the higher-ranking author counts, then the one that takes more away, then the smaller id. So the fold
/// depends on the set alone, never on the order of arrival. A rebase that voids a control event does not change it: what an event was
/// allowed to do is judged at the control events it names, for ever.
final class Members {
    private static final int FOLDS_CACHED_MAX = 64;

    private final List<Node> nodes = new ArrayList<>();
    private final Map<EventId, Integer> places = new HashMap<>();
    private final Map<List<EventId>, SortedMap<NodeId, Role>> folds = new LinkedHashMap<>(16, 0.75f, true) {
        @Override protected boolean removeEldestEntry(Map.Entry<List<EventId>, SortedMap<NodeId, Role>> eldest) {
            return size() > FOLDS_CACHED_MAX;
        }
    };
    private SortedMap<NodeId, Role> now = Collections.emptySortedMap();
    private List<EventId> heads = List.of();
    private long wallMsMax;

    /// @param past the places of this event and all its ancestors
    /// @param rank the author's rank at the event's own control events, 0 is the highest
    private record Node(ControlEvent event, BitSet past, int rank) {}

    Members copy() {
        var copy = new Members();
        copy.nodes.addAll(nodes);
        copy.places.putAll(places);
        copy.now = now;
        copy.heads = heads;
        copy.wallMsMax = wallMsMax;
        return copy;
    }

    /// Adds an admitted control event; those it names were added before.
    void add(ControlEvent event) {
        var past = past(event.control());
        int rank = event.type().equals(ControlType.GENESIS) ? 0 : at(event.control()).get(event.author()).ordinal();
        past.set(nodes.size());
        places.put(event.id(), nodes.size());
        nodes.add(new Node(event, past, rank));
        var everything = new BitSet();
        everything.set(0, nodes.size());
        now = fold(everything);
        heads = headsOf(everything);
        wallMsMax = Math.max(wallMsMax, event.wallMs());
    }

    boolean knows(EventId id) {
        return places.containsKey(id);
    }

    /// True when `control` and its ancestors contain all of `earlier`.
    boolean covers(List<EventId> control, List<EventId> earlier) {
        if (control.equals(earlier)) return true;
        var past = past(control);
        for (var id : earlier) if (!past.get(places.get(id))) return false;
        return true;
    }

    /// The fold over all control events.
    SortedMap<NodeId, Role> now() {
        return now;
    }

    /// The control events that no other one names.
    List<EventId> heads() {
        return heads;
    }

    /// The heads of what is left without the events stamped after `limitMs` and their descendants: others still hold those.
    List<EventId> heads(long limitMs) {
        if (wallMsMax <= limitMs) return heads;
        var usable = new BitSet();
        for (int i = 0; i < nodes.size(); i++) {
            var before = (BitSet) nodes.get(i).past.clone();
            before.clear(i);
            before.andNot(usable);
            if (nodes.get(i).event.wallMs() <= limitMs && before.isEmpty()) usable.set(i);
        }
        return headsOf(usable);
    }

    /// The members at `control`, all of which are known.
    SortedMap<NodeId, Role> at(List<EventId> control) {
        if (control.equals(heads)) return now;
        return folds.computeIfAbsent(control, ids -> fold(past(ids)));
    }

    /// Whether the author of `event` may write it where `members` are what they are.
    static boolean allow(SortedMap<NodeId, Role> members, Event event) {
        if (event.type().equals(ControlType.GENESIS)) return true;      // what makes it valid is its id
        var author = event.chain().origin();
        var role = members.get(author);
        if (role == null) return false;
        return switch (event.type()) {
            case ControlType.MEMBER_LEFT -> true;
            case ControlType.POLICY_CHANGED -> role.mayAddMembers();
            case ControlType.MEMBER_ADDED -> role.mayAddMembers() && mayGive(members, author, role, ControlEvent.of(event));
            default -> role.mayWrite();
        };
    }

    /// Nobody gives more than he has, nobody makes a second owner, and only a higher rank or the node itself takes away.
    private static boolean mayGive(SortedMap<NodeId, Role> members, NodeId author, Role authorsRole, ControlEvent added) {
        var subject = added.subject().orElseThrow();
        var given = added.role().orElseThrow();
        var before = members.get(subject);
        if (given == Role.OWNER || before == Role.OWNER || given.compareTo(authorsRole) < 0) return false;
        boolean takesAway = before != null && given.compareTo(before) > 0;
        return !takesAway || author.equals(subject) || authorsRole.compareTo(before) < 0;
    }

    private BitSet past(List<EventId> control) {
        var past = new BitSet();
        for (var id : control) past.or(nodes.get(places.get(id)).past);
        return past;
    }

    private SortedMap<NodeId, Role> fold(BitSet past) {
        var bySubject = new TreeMap<NodeId, List<Integer>>();
        for (int i = past.nextSetBit(0); i >= 0; i = past.nextSetBit(i + 1)) {
            var node = nodes.get(i);
            if (node.event.subject().isEmpty()) continue;
            var latest = bySubject.computeIfAbsent(node.event.subject().get(), _ -> new ArrayList<>(1));
            latest.removeIf(node.past::get);
            latest.add(i);
        }
        var members = new TreeMap<NodeId, Role>();
        bySubject.forEach((subject, latest) -> latest.stream().map(nodes::get).min(CONCURRENT)
            .flatMap(node -> node.event.role()).ifPresent(role -> members.put(subject, role)));
        return Collections.unmodifiableSortedMap(members);
    }

    private static final Comparator<Node> CONCURRENT = Comparator.<Node>comparingInt(Node::rank)
        .thenComparing(node -> node.event.role().map(Role::ordinal).orElse(Role.values().length), Comparator.reverseOrder())
        .thenComparing(node -> node.event.id());

    private List<EventId> headsOf(BitSet set) {
        var inner = new BitSet();
        for (int i = set.nextSetBit(0); i >= 0; i = set.nextSetBit(i + 1))
            for (var id : nodes.get(i).event.control()) inner.set(places.get(id));
        return set.stream().filter(i -> !inner.get(i)).mapToObj(i -> nodes.get(i).event.id()).sorted().toList();
    }
}
