package dev.waggle.core.log;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The admitted control events and who comes before whom. They are numbered as they were admitted, ancestors first; nothing that is decided
/// may depend on the number of an event that is no ancestor.
final class ControlDag {
    /// @param past   the numbers of this event and all its ancestors
    /// @param role   the author's at the event's own control events; the genesis has its owner's
    /// @param tenure the number of the event that made the owner there the owner
    /// @param cuts   it takes authority away there, and names what counts
    /// @param given  what it gives to whom it is about, or to the key that takes another's place; null when it gives nothing
    /// @param naming the number of the event that says there who writes checkpoints: one that names a coordinator, or else the tenure
    record Node(int number, ControlEvent event, BitSet past, Role role, int tenure, boolean cuts, Roles.Standing given, int naming) {
        /// Makes somebody the owner instead of who was it.
        boolean succeeds() {
            return event.is(ControlType.OWNERSHIP_TRANSFERRED) || event.is(ControlType.OWNERSHIP_CLAIMED)
                || event.is(ControlType.DEVICE_ROTATED) && event.ofItself() && role == Role.OWNER;
        }

        boolean cutsItself() {
            return cuts && event.ofItself() && !succeeds();
        }

        boolean before(Node other) {
            return other.past.get(number);
        }
    }

    private final List<Node> nodes;
    private final Map<EventId, Integer> numbers;
    private final Map<NodeId, List<Node>> about;
    private int special;

    ControlDag() {
        nodes = new ArrayList<>();
        numbers = new HashMap<>();
        about = new HashMap<>();
    }

    private ControlDag(ControlDag other) {
        nodes = new ArrayList<>(other.nodes);
        numbers = new HashMap<>(other.numbers);
        about = new HashMap<>();
        other.about.forEach((node, events) -> about.put(node, new ArrayList<>(events)));
        special = other.special;
    }

    ControlDag copy() {
        return new ControlDag(this);
    }

    void add(ControlEvent event, Role role, int tenure, boolean cuts, Roles.Standing given, int naming) {
        var past = past(event.control());
        past.set(nodes.size());
        var node = new Node(nodes.size(), event, past, role, tenure, cuts, given, naming);
        numbers.put(event.id(), node.number);
        nodes.add(node);
        if (!event.is(ControlType.READMITTED) && !event.is(ControlType.COORDINATOR_NAMED)) {
            event.subject().ifPresent(subject -> about.computeIfAbsent(subject, _ -> new ArrayList<>(1)).add(node));
            event.to().ifPresent(to -> about.computeIfAbsent(to, _ -> new ArrayList<>(1)).add(node));
        }
        if (cuts || node.succeeds() || event.is(ControlType.DEVICE_ROTATED) || event.is(ControlType.READMITTED) || event.is(ControlType.MEMBER_LEFT)
            || event.is(ControlType.COORDINATOR_NAMED)) special++;
    }

    int size() {
        return nodes.size();
    }

    /// True when nothing here takes away with a cut, or concerns ownership, or who writes checkpoints: then every control event has effect.
    boolean isPlain() {
        return special == 0;
    }

    Node at(int number) {
        return nodes.get(number);
    }

    Node node(EventId id) {
        return nodes.get(numbers.get(id));
    }

    boolean knows(EventId id) {
        return numbers.containsKey(id);
    }

    /// What says what `node` is, in the order of admission.
    List<Node> about(NodeId node) {
        return about.getOrDefault(node, List.of());
    }

    /// Everybody of whom something is said.
    Collection<NodeId> subjects() {
        return about.keySet();
    }

    BitSet all() {
        var all = new BitSet();
        all.set(0, nodes.size());
        return all;
    }

    /// These events and all their ancestors.
    BitSet past(List<EventId> control) {
        var past = new BitSet();
        for (var id : control) past.or(node(id).past);
        return past;
    }

    List<Node> in(BitSet set) {
        return set.stream().mapToObj(nodes::get).toList();
    }

    /// Those of `set` that are no ancestors of one another.
    List<EventId> heads(BitSet set) {
        var heads = new BitSet();
        for (int i = set.length() - 1; i >= 0; i = i == 0 ? -1 : set.previousSetBit(i - 1)) if (!isBeforeAny(i, heads)) heads.set(i);
        return heads.stream().mapToObj(i -> nodes.get(i).event.id()).sorted().toList();
    }

    private boolean isBeforeAny(int number, BitSet heads) {
        for (int i = heads.nextSetBit(0); i >= 0; i = heads.nextSetBit(i + 1)) if (nodes.get(i).past.get(number)) return true;
        return false;
    }

    /// Smaller ids first: an order that every node knows.
    static final Comparator<Node> BY_ID = Comparator.comparing(node -> node.event.id());
}
