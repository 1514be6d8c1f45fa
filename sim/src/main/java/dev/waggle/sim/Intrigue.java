package dev.waggle.sim;

import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.DamagedLog;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.WriteRefused;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/// What the owner decides about members who are not honest: they are raised, lowered, removed, taken in again, what they wrote is readmitted; and now
/// and then it gives the space to another honest node. With copies of one machine that happens twice at once. [Forger#intrigue] is what the others make of it.
final class Intrigue {
    /// The space's waiting time, short enough that claims come in: an owner that is cut off so long is only cut off.
    static final long OWNER_GONE_MS = 120_000;

    private final Simulation simulation;
    private final Set<NodeId> removed = new HashSet<>();

    Intrigue(Simulation simulation) {
        this.simulation = simulation;
    }

    /// Nobody invites who was thrown out.
    boolean wasRemoved(SimNode node) {
        return removed.contains(node.id());
    }

    void act(RandomGenerator random) {
        var suspects = simulation.nodes().stream().filter(node -> node.character.kind() == SimNode.Kind.HOSTILE).toList();
        var owners = simulation.nodes().stream().filter(node -> node.isHonest() && node.isUp() && node.log() != null
            && node.log().state().members().get(node.id()) == Role.OWNER).toList();
        if (suspects.isEmpty() || owners.isEmpty()) return;
        var owner = owners.get(random.nextInt(owners.size()));
        var suspect = suspects.get(random.nextInt(suspects.size())).id();
        var role = owner.log().state().members().get(suspect);
        switch (random.nextInt(9)) {
            case 0, 1 -> {
                if (role != null && role != Role.MODERATOR) write(owner, subject(suspect).with("role", "moderator"), ControlType.ROLE_CHANGED, "raised");
            }
            case 2, 3 -> {
                if (role == Role.MODERATOR) write(owner, subject(suspect).with("role", "writer"), ControlType.ROLE_CHANGED, "lowered");
            }
            case 4, 5 -> {
                if (role != null && write(owner, subject(suspect), ControlType.MEMBER_REMOVED, "removed")) removed.add(suspect);
            }
            case 6 -> {
                if (role == null && removed.contains(suspect)) write(owner, subject(suspect).with("role", "writer"), ControlType.MEMBER_ADDED, "taken in again");
            }
            case 7 -> {
                if (removed.contains(suspect)) write(owner, subject(suspect), ControlType.READMITTED, "readmitted");
            }
            default -> {
                var heirs = simulation.nodes().stream().filter(node -> node.isHonest() && !node.id().equals(owner.id())
                    && owner.log().state().members().containsKey(node.id())).toList();
                if (!heirs.isEmpty())
                    write(owner, new Body(Json.object("to", heirs.get(random.nextInt(heirs.size())).id().hex())), ControlType.OWNERSHIP_TRANSFERRED, "space given away");
            }
        }
    }

    private record Body(Json.Obj json) {
        Body with(String name, String value) {
            return new Body(json.with(name, Json.of(value)));
        }
    }

    private static Body subject(NodeId subject) {
        return new Body(Json.object("subject", subject.hex()));
    }

    private boolean write(SimNode owner, Body body, String type, String what) {
        try {
            owner.log().write(owner.author(), List.of(new Draft(type, body.json)), List.of(), Map.of(), owner.wallMs());
        } catch (WriteRefused | LogUnavailable | DamagedLog _) {
            simulation.count("write refused");
            return false;
        } catch (DiskLog.Died died) {
            owner.died(died);
            return false;
        }
        simulation.count(what);
        owner.turn();
        return true;
    }
}
