package dev.waggle.sim;

import dev.waggle.apps.table.ChangeSetCodec;
import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.Tip;
import dev.waggle.core.time.Hlc;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// Makes the events of a member that is not honest, signed with its own key. What honest nodes may admit is entered in the ledger; what they
/// must not is forbidden there.
final class Forger {
    private static final long BACKDATED_MS = 1_000_000_000_000L;

    private final Simulation simulation;
    private final SimNode node;
    private final RandomGenerator random;
    private final List<Signer> accomplices = new ArrayList<>();

    Forger(Simulation simulation, SimNode node, RandomGenerator random) {
        this.simulation = simulation;
        this.node = node;
        this.random = random;
    }

    /// What a program would have written: the body of a change set that is here.
    Json.Obj body() {
        var log = node.log();
        for (int tries = 0; tries < 8; tries++) {
            var event = log.storage().size() == 0 ? null : log.storage().raw(random.nextLong(1, log.storage().size() + 1));
            if (event == null || !event.type().equals(ChangeSetCodec.BATCH)) continue;
            var members = new TreeMap<>(event.body().members());
            members.remove(Envelope.MEMBER);
            return new Json.Obj(members);
        }
        return Json.object("nothing", random.nextInt());
    }

    private Optional<Tip> ownTip() {
        return node.log().state().tips().stream().filter(tip -> tip.chain().origin().equals(node.id())).findFirst();
    }

    /// A second event under a number that is taken.
    Optional<Event> fork() {
        return ownTip().filter(tip -> tip.seq() > 1).flatMap(tip -> {
            long seq = random.nextLong(2, tip.seq() + 1);
            return node.log().at(tip.chain(), tip.branch(), seq).map(entry -> {
                var old = entry.event().envelope();
                var body = body().with("twin", Json.of(random.nextInt()));
                return crafted(new Envelope(old.space(), old.chain(), seq, old.prev(), old.merges(), old.control(), old.ts().next(old.ts().wallMs()), ChangeSetCodec.BATCH), body);
            });
        });
    }

    /// Takes back what others have built on.
    Optional<Event> rebase() {
        return ownTip().map(tip -> {
            long seq = random.nextLong(0, tip.seq() + 1);
            var last = seq == 0 ? null : node.log().at(tip.chain(), tip.branch(), seq).map(entry -> entry.event().id().hex()).orElse(null);
            return crafted(first(now(), ControlType.REBASE), Json.object("old_epoch", tip.chain().epoch().hex(), "seq", last == null ? 0 : seq, "id", last));
        });
    }

    Event backdated() {
        return crafted(first(new Hlc(BACKDATED_MS + random.nextInt(1_000_000), 0), ChangeSetCodec.BATCH), body());
    }

    Event future() {
        return crafted(first(new Hlc(Simulation.START_WALL_MS + simulation.schedule.nowMs() + random.nextLong(400_000, 300_000_000_000L), 0), ChangeSetCodec.BATCH), body());
    }

    /// Valid for the log, nonsense for every view.
    Event poison() {
        var nested = Json.object("a", random.nextInt());
        for (int i = 0; i < 20; i++) nested = Json.object("a", nested);
        return switch (random.nextInt(6)) {
            case 0 -> crafted(first(now(), "zzz_unknown"), nested);
            case 1 -> crafted(first(now(), ChangeSetCodec.BATCH), Json.object("changes", "nonsense"));
            case 2 -> crafted(first(now(), ChangeSetCodec.BATCH), body().with("ids", Json.array(List.of(Json.of("x")))));
            case 3 -> crafted(first(now(), ChangeSetCodec.SCHEMA), Json.object("table", 7));
            case 4 -> crafted(first(now(), ChangeSetCodec.BULK), nested);
            default -> crafted(first(now(), ChangeSetCodec.BATCH), body().with("tables", nested));
        };
    }

    /// What a member writes that is to be removed, or was: in a new epoch or a fork, under control events of its choice, back-dated or not.
    Optional<Event> intrigue() {
        var controls = new ArrayList<Event>();
        for (long offset = 1; offset <= node.log().storage().size(); offset++) {
            var event = node.log().storage().raw(offset);
            if (event != null && ControlType.isControl(event.type())) controls.add(event);
        }
        if (controls.isEmpty()) return Optional.empty();
        var known = controls.get(random.nextInt(controls.size()));
        var ts = random.nextBoolean() ? now() : new Hlc(known.envelope().ts().wallMs() + 1 + random.nextInt(1_000), 0);
        var envelope = new Envelope(Optional.of(space()), new ChainId(node.id(), epoch()), 1, Optional.empty(), List.of(), List.of(known.id()), ts, ChangeSetCodec.BATCH);
        return Optional.of(switch (random.nextInt(8)) {
            case 0, 1 -> accomplice(envelope);
            case 2 -> crafted(of(envelope, ControlType.POLICY_CHANGED), Json.object("policy", random.nextBoolean() ? "union" : "last-write"));
            case 3 -> crafted(of(envelope, ControlType.OWNERSHIP_CLAIMED), Json.object("subject", simulation.nodes().getFirst().id().hex(), "cuts", Json.array()));
            case 4 -> accomplices.isEmpty() ? accomplice(envelope) : crafted(of(envelope, ControlType.MEMBER_REMOVED),
                Json.object("subject", accomplices.get(random.nextInt(accomplices.size())).node().hex(), "cuts", Json.array()));
            case 5 -> accomplices.isEmpty() ? accomplice(envelope) : byAccomplice(envelope, controls.getLast());
            case 6 -> accomplices.isEmpty() ? accomplice(envelope) : crafted(of(envelope, ControlType.DEVICE_ROTATED), Json.object("subject", node.id().hex(),
                "to", accomplices.get(random.nextInt(accomplices.size())).node().hex(), "cuts", Json.array()));
            default -> crafted(envelope, body());
        });
    }

    private Event accomplice(Envelope envelope) {
        var accomplice = simulation.signer(bytes(32));
        accomplices.add(accomplice);
        return crafted(of(envelope, ControlType.MEMBER_ADDED), Json.object("subject", accomplice.node().hex(), "role", random.nextBoolean() ? "moderator" : "writer"));
    }

    private Event byAccomplice(Envelope like, Event control) {
        var accomplice = accomplices.get(random.nextInt(accomplices.size()));
        var envelope = new Envelope(like.space(), new ChainId(accomplice.node(), epoch()), 1, Optional.empty(), List.of(), List.of(control.id()), like.ts(), like.type());
        var event = random.nextInt(4) > 0 ? Event.write(envelope, body())
            : Event.write(of(envelope, ControlType.MEMBER_ADDED), Json.object("subject", hex(32), "role", "writer"));
        simulation.ledger.crafted(event.signed(accomplice));
        return event.signed(accomplice);
    }

    private static Envelope of(Envelope envelope, String type) {
        return new Envelope(envelope.space(), envelope.chain(), envelope.seq(), envelope.prev(), envelope.merges(), envelope.control(), envelope.ts(), type);
    }

    /// Waits for what never comes: a predecessor, or a chunk.
    Event orphan() {
        if (random.nextBoolean()) return crafted(first(now(), ChangeSetCodec.BATCH), body().with("chunks", Json.array(List.of(Json.of(hex(32))))));
        var chain = new ChainId(node.id(), epoch());
        return crafted(new Envelope(Optional.of(space()), chain, random.nextLong(2, 1_000), Optional.of(new EventId(hex(32))), List.of(), control(), now(), ChangeSetCodec.BATCH), body());
    }

    /// What nobody may admit, each kind once in a while.
    Event forged() {
        var victim = simulation.nodes().getFirst().id();
        var subject = Json.object("subject", NodeId.of(bytes(32)).hex(), "role", Role.OWNER.wire());
        var event = switch (random.nextInt(7)) {
            case 0 -> Event.write(first(now(), ControlType.MEMBER_ADDED), subject);
            case 1 -> node.log().state().members().get(node.id()) != Role.WRITER ? Event.write(first(now(), ControlType.MEMBER_ADDED), subject)
                : Event.write(first(now(), ControlType.POLICY_CHANGED), Json.object("policy", "owner"));
            case 2 -> Event.write(new Envelope(Optional.of(space()), new ChainId(victim, epoch()), 1, Optional.empty(), List.of(), control(), now(), ChangeSetCodec.BATCH), body());
            case 3 -> Event.write(new Envelope(Optional.empty(), new ChainId(node.id(), epoch()), 1, Optional.empty(), List.of(), List.of(), now(), ControlType.GENESIS),
                Json.object("name", "other", "owner", node.id().hex(), "space_type", "table", "policies", Json.object(), "salt", hex(32)));
            case 4 -> Event.write(new Envelope(Optional.of(new SpaceId(hex(32))), new ChainId(node.id(), epoch()), 1, Optional.empty(), List.of(), control(), now(), ChangeSetCodec.BATCH), body());
            default -> ownTip().map(tip -> random.nextBoolean()
                ? Event.write(new Envelope(Optional.of(space()), tip.chain(), tip.seq() + 1, Optional.of(tip.id()), List.of(), control(), new Hlc(1, 0), ChangeSetCodec.BATCH), body())
                : Event.write(new Envelope(Optional.of(space()), tip.chain(), tip.seq() + 5, Optional.of(tip.id()), List.of(), control(), now(), ChangeSetCodec.BATCH), body()))
                .orElseGet(() -> Event.write(first(now(), ControlType.MEMBER_ADDED), subject));
        };
        var signed = event.signed(node.signer);
        simulation.ledger.forbid(signed);
        return signed;
    }

    private Envelope first(Hlc ts, String type) {
        return new Envelope(Optional.of(space()), new ChainId(node.id(), epoch()), 1, Optional.empty(), List.of(), control(), ts, type);
    }

    private Event crafted(Envelope envelope, Json.Obj body) {
        var event = Event.write(envelope, body).signed(node.signer);
        simulation.ledger.crafted(event);
        return event;
    }

    private SpaceId space() {
        return node.log().space();
    }

    private List<EventId> control() {
        return new ArrayList<>(node.log().state().control());
    }

    private Hlc now() {
        return new Hlc(node.wallMs(), random.nextInt(1_000));
    }

    private Epoch epoch() {
        return Epoch.of(bytes(16));
    }

    private byte[] bytes(int count) {
        var bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private String hex(int count) {
        return Hex.of(bytes(count));
    }
}
