package dev.waggle.sim;

import dev.waggle.apps.table.ChangeSetCodec;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.log.DamagedLog;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.WriteRefused;
import dev.waggle.sync.protocol.Frame;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Makes a node hostile. Its engine speaks the protocol as everybody's; what it says is changed on the way out, and its log holds what no honest
/// node writes. A member does what the run's faults say; a stranger asks for everything that it must not get.
final class Hostile {
    private static final int ACTS_MAX = 40;
    private static final int INJECTED_MAX = 4;
    /// Every answer to one gives another a chance: without an end most of a run would be this.
    private static final int FLOODS_MAX = 24;

    private final Simulation simulation;
    private final SimNode node;
    private final RandomGenerator random;
    private final Forger forger;
    private final ArrayDeque<Event> toInject = new ArrayDeque<>();
    private int acts;
    private int floods;

    Hostile(Simulation simulation, SimNode node, RandomGenerator random) {
        this.simulation = simulation;
        this.node = node;
        this.random = random;
        this.forger = new Forger(simulation, node, random);
    }

    SimNode node() {
        return node;
    }

    void start() {
        boolean stranger = node.character.kind() == SimNode.Kind.STRANGER;
        simulation.network.tamper(node.address, stranger ? this::strangersFrames : this::membersFrames);
        if (stranger) simulation.network.watch(this::mustLearnNothing);
        next();
    }

    private void next() {
        simulation.schedule.after(random.nextLong(1, simulation.chaos.isHostile() ? 20_000 : 60_000), () -> {
            if (node.character.kind() == SimNode.Kind.STRANGER) knock();
            else if (isMember()) act();
            if (++acts < ACTS_MAX) next();
        });
    }

    private boolean isMember() {
        return node.isUp() && node.log() != null && node.log().state().lastOffset() > 0;
    }

    private void act() {
        var faults = simulation.faults;
        try {
            if (faults.on(Fault.FORK) && random.nextBoolean()) keep((random.nextInt(4) == 0 ? forger.rebase() : forger.fork()).stream().toList(), "forked");
            if (faults.on(Fault.BACKDATE) && random.nextBoolean()) {
                if (random.nextBoolean()) keep(List.of(forger.backdated()), "back-dated");
                else inject(forger.future(), "stamped in the future");
            }
            if (faults.on(Fault.INSIDER)) for (int i = random.nextInt(3); i > 0; i--) keep(forger.intrigue().stream().toList(), "intrigue");
            if (faults.on(Fault.POISON) && random.nextBoolean()) keep(List.of(forger.poison()), "poison");
            if (faults.on(Fault.FORGE) && random.nextBoolean()) inject(forger.forged(), "forged");
            if (faults.on(Fault.FLOOD)) for (int i = random.nextInt(4) == 0 ? random.nextInt(100) : random.nextInt(6); i > 0; i--) inject(forger.orphan(), "orphan");
            node.log().write(node.author(), List.of(new Draft(ChangeSetCodec.BATCH, forger.body())), List.of(), Map.of(), node.wallMs());
        } catch (LogUnavailable | WriteRefused | DamagedLog _) {
            simulation.count("write refused");
        } catch (DiskLog.Died died) {
            node.died(died);
            return;
        }
        node.turn();
    }

    /// Into its own log, from where the engine serves it to everybody.
    private void keep(List<Event> events, String what) {
        if (events.isEmpty()) return;
        simulation.count(what);
        node.log().append(events, node.wallMs());
        if (random.nextBoolean()) toInject.addAll(events);
    }

    /// To whom it sends events next, and to nobody else.
    private void inject(Event event, String what) {
        simulation.count(what);
        toInject.add(event);
    }

    // a member's frames

    private List<Frame> membersFrames(String to, Frame frame) {
        var frames = new ArrayList<Frame>();
        frames.add(frame instanceof Frame.Events events ? changed(events) : frame);
        if (simulation.faults.on(Fault.FLOOD) && isMember() && random.nextInt(200) == 0 && floods++ < FLOODS_MAX) frames.addAll(nonsense());
        return frames;
    }

    private Frame.Events changed(Frame.Events events) {
        var all = new ArrayList<>(events.events());
        boolean whole = all.stream().allMatch(event -> event.signature().isPresent());
        if (whole && all.size() > 1 && simulation.faults.on(Fault.FORGE) && random.nextInt(8) == 0) {
            all.remove(random.nextInt(all.size()));
            simulation.count("event withheld");
        }
        for (int i = random.nextInt(INJECTED_MAX * 4); i > 0 && !toInject.isEmpty() && all.size() < Frame.BATCH_EVENTS_MAX; i--) all.add(random.nextInt(all.size() + 1), toInject.poll());
        return new Frame.Events(events.space(), all, events.upTo());
    }

    private List<Frame> nonsense() {
        simulation.count("flood of questions");
        var space = node.log().space();
        var frames = new ArrayList<Frame>();
        for (int i = random.nextInt(1, 300); i > 0; i--)
            frames.add(switch (random.nextInt(6)) {
                case 0 -> new Frame.Have(space, bytes(32), random.nextInt(100), random.nextInt(1_000), List.of());
                case 1 -> new Frame.Want(space, List.of(EventId.of(bytes(32))), List.of());
                case 2 -> new Frame.Tips(space, List.of(), random.nextBoolean());
                case 3 -> new Frame.Ack(space, random.nextInt(100), random.nextInt(3), 0, 0, 0, 0, 0);
                case 4 -> new Frame.Events(space, List.of(forger.orphan()), random.nextInt(100));
                default -> new Frame.Ping(i);
            });
        return frames;
    }

    // a stranger's frames

    private void knock() {
        var victims = simulation.nodes().stream().filter(SimNode::isHonest).toList();
        var victim = victims.get(random.nextInt(victims.size()));
        node.pretend(victim.id(), node.log().space());
        node.meet(victim);
        simulation.count("stranger knocked");
    }

    private List<Frame> strangersFrames(String to, Frame frame) {
        if (!(frame instanceof Frame.Spaces)) return List.of(frame);
        var space = node.log().space();
        var genesis = simulation.nodes().getFirst().log().storage().raw(1);
        return List.of(frame, new Frame.Spaces(List.of(bytes(32))), new Frame.Have(space, bytes(32), 1, 1, List.of()), new Frame.Tips(space, List.of(), false),
            new Frame.Want(space, List.of(genesis.id()), List.of()), new Frame.Probe(space, genesis.chain(), List.of(1L)), new Frame.Ack(space, 1, 1, 0, 0, 0, 0, 0),
            new Frame.Events(space, List.of(genesis), 1), new Frame.Redeem(bytes(200), bytes(64)));
    }

    /// I6: whoever is no member learns nothing, not even that there is a space.
    private void mustLearnNothing(String from, String to, Frame frame) {
        if (!to.equals(node.address)) return;
        boolean harmless = switch (frame) {
            case Frame.Spaces(var hashes) -> hashes.isEmpty();
            case Frame.SharedSpaces(var hashes) -> hashes.isEmpty();
            case Frame.Refused _ -> {
                simulation.once("stranger refused");
                yield true;
            }
            case Frame.Hello _, Frame.Proof _, Frame.Ping _, Frame.Pong _, Frame.Bye _ -> true;
            default -> false;
        };
        if (!harmless) simulation.fail("I6 the node at " + from + " told a stranger: " + frame, null);
    }

    private byte[] bytes(int count) {
        var bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
