package dev.waggle.sim;

import dev.waggle.core.log.Role;
import dev.waggle.sync.protocol.Ticket;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/// What people do: the owner invites, tickets are typed, nodes are introduced to each other, new addresses are told.
final class People {
    private static final long INVITE_MS = 20_000;
    private static final long INTRODUCE_MS = 30_000;
    private static final long TICKET_MS = 7 * 86_400_000L;

    private final Simulation simulation;
    private final RandomGenerator random;
    private final RandomGenerator topology;
    private final Set<SimNode> moved = new LinkedHashSet<>();

    People(Simulation simulation, RandomGenerator random, RandomGenerator topology) {
        this.simulation = simulation;
        this.random = random;
        this.topology = topology;
    }

    void start() {
        simulation.schedule.after(1, this::invite);
        simulation.schedule.after(INTRODUCE_MS, this::introduce);
    }

    /// The owner invites everybody; tickets name the owner's address.
    private void invite() {
        var nodes = simulation.nodes();
        for (var node : List.copyOf(nodes).subList(1, nodes.size())) if (node.character.kind() != SimNode.Kind.STRANGER) keepInviting(node);
    }

    /// A ticket is typed again after a crash, and an owner whose restored backup does not know a member invites it again.
    private void keepInviting(SimNode node) {
        var owner = simulation.nodes().getFirst();
        boolean member = owner.log().state().members().containsKey(node.id());
        if (node.isUp() && !simulation.intrigue.wasRemoved(node) && (node.log() == null || node.log().state().lastOffset() == 0 || !member)) {
            var secret = new byte[Ticket.SECRET_BYTES];
            random.nextBytes(secret);
            node.join(Ticket.issue(owner.signer, owner.log().space(), "simulated", List.of(owner.address), Role.WRITER, secret,
                Math.max(Simulation.START_WALL_MS, owner.wallMs()) + TICKET_MS, Optional.empty()));
        }
        simulation.schedule.after(INVITE_MS, () -> keepInviting(node));
    }

    /// Who dials whom besides the owner: nobody, a ring, or everybody.
    private void introduce() {
        var nodes = simulation.nodes();
        int count = simulation.options().nodes();
        switch (topology.nextInt(3)) {
            case 0 -> { }
            case 1 -> {
                for (int i = 0; i < count; i++) nodes.get(i).meet(nodes.get((i + 1) % count));
            }
            default -> {
                for (int i = 0; i < count; i++) for (int j = 0; j < i; j++) nodes.get(i).meet(nodes.get(j));
            }
        }
    }

    /// Its address changed: those who cannot find out are told in the end.
    void moved(SimNode node) {
        moved.add(node);
        simulation.count("address changed");
    }

    void tellAddresses() {
        var owner = simulation.nodes().getFirst();
        for (var node : simulation.nodes()) {
            if (node == owner || !node.isHonest()) continue;
            if (node.id().equals(owner.id())) {                  // the owner's machine, cloned: nobody can be told where it is, so it is told of the others
                for (var other : simulation.nodes()) if (other.isHonest() && moved.contains(other) && !other.id().equals(owner.id())) node.meet(other);
                continue;
            }
            if (moved.contains(owner)) node.meet(owner);
            if (moved.contains(node)) owner.meet(node);
        }
    }
}
