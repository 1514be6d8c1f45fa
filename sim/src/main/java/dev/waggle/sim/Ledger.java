package dev.waggle.sim;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Entry;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// What the simulator knows apart from the nodes: which writes were acknowledged to a program and how well, and who wrote which event. A node
/// that loses or invents one is caught by this book.
final class Ledger {
    /// @param elsewhere the level `peers(1)` was reached, too
    record Acknowledged(Event event, SimNode by, boolean elsewhere) {}

    private final Simulation simulation;
    private final Map<EventId, Acknowledged> acknowledged = new LinkedHashMap<>();
    private final Map<EventId, NodeId> written = new HashMap<>();
    private final Set<EventId> forbidden = new HashSet<>();
    private final Set<SimNode> gone = new HashSet<>();

    Ledger(Simulation simulation) {
        this.simulation = simulation;
    }

    /// The follower returned: the program's transaction is durable here.
    void acknowledged(SimNode node, Entry.Admitted entry) {
        if (!node.isHonest()) return;
        var event = entry.event();
        acknowledged.put(event.id(), new Acknowledged(event, node, false));
        node.whenDurableElsewhere(entry.offset(), () -> elsewhere(event, node));
    }

    private void elsewhere(Event event, SimNode author) {
        if (simulation.hasLiars() || !gone.isEmpty()) return;
        if (simulation.nodes().stream().noneMatch(each -> !each.id().equals(author.id()) && each.keeps(event)))
            simulation.fail("I7 node " + author.index + " called " + event + " durable on another node, and no other node has it", null);
        acknowledged.computeIfPresent(event.id(), (_, old) -> new Acknowledged(old.event, old.by, true));
        simulation.count("durable elsewhere");
    }

    /// An older image was put back. What only the lost disk held is lost with it, as with any disk, and so is what waits elsewhere for something that only
    /// that disk held; what was called durable elsewhere is not.
    void diskLost(SimNode node) {
        boolean first = gone.isEmpty();
        gone.add(node);
        acknowledged.values().removeIf(each -> {
            if (survives(each.event.id(), new HashSet<>())) return false;
            if (each.elsewhere && first && !simulation.hasLiars())
                simulation.fail("I1 " + each.event + " was durable on another node and is gone with the disk of node " + node.index, null);
            simulation.count("lost with its disk");
            return true;
        });
    }

    /// Some honest node has admitted the event, or keeps it and all that it waits for survives, too. Who cheats owes nobody what it has, and may have been removed.
    private boolean survives(EventId event, Set<EventId> asked) {
        if (!asked.add(event) || honest().anyMatch(node -> node.holds(event))) return true;
        return honest().flatMap(node -> node.lacks(event).stream()).anyMatch(lacks ->
            lacks.chunks().stream().allMatch(chunk -> honest().anyMatch(node -> node.holds(chunk)))
                && lacks.events().stream().allMatch(other -> survives(other, asked)));
    }

    private Stream<SimNode> honest() {
        return simulation.nodes().stream().filter(SimNode::isHonest);
    }

    List<Acknowledged> acknowledged() {
        return List.copyOf(acknowledged.values());
    }

    int size() {
        return acknowledged.size();
    }

    // who wrote what

    /// A hostile member signed it with its own key: it may be admitted.
    void crafted(Event event) {
        written.putIfAbsent(event.id(), event.chain().origin());
    }

    /// Nobody may ever admit it.
    void forbid(Event event) {
        forbidden.add(event.id());
    }

    /// I6: an event is first seen in its author's own log, and what nobody was allowed to write in none.
    void admitted(SimNode node, Event event) {
        if (forbidden.contains(event.id())) simulation.fail("I6 node " + node.index + " admitted " + event + ", which its author had no right to write", null);
        var author = event.chain().origin();
        if (node.id().equals(author)) written.putIfAbsent(event.id(), author);
        else if (!written.containsKey(event.id()))
            simulation.fail("I6 node " + node.index + " admitted " + event + ", which its author never wrote durably", null);
    }
}
