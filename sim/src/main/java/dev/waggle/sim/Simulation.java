package dev.waggle.sim;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.Verifier;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Genesis;
import dev.waggle.core.log.WaitingLimits;
import dev.waggle.sim.workload.BuiltIn;
import dev.waggle.sim.workload.Program;
import dev.waggle.sim.workload.Workload;
import dev.waggle.sync.protocol.SyncSettings;
import dev.waggle.sync.protocol.TicketProblem;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// One run: a few nodes share a space, programs write into their files, and everything goes wrong that was asked for. In the end, when the faults
/// have stopped, every honest node must hold every acknowledged event and show the same rows, whatever the hostile ones still do.
///
/// Invariants are cited by their numbers (docs/protocol.md). Everything is drawn from the seed; nothing here reads a clock. Read [Chaos] for what
/// happens, [Audit], [Ledger] and [CursorWatch] for what is checked after each step, [Judge] for what is checked at the end.
public final class Simulation {
    static final long START_WALL_MS = 1_800_000_000_000L;
    private static final long SETTLE_MS_MAX = 3_600_000;
    private static final long LOOK_MS = 5_000;

    public enum Mode {
        /// The seed draws one of the others.
        DRAWN,
        /// Faults to the end. What holds must hold at any moment; nothing has to be finished.
        SAFETY,
        /// Faults stop, hostile nodes do not; the honest ones have to agree.
        LIVENESS
    }

    /// @param seed    draws everything
    /// @param nodes   how many; 0 draws 3 to 10
    /// @param writes  transactions of programs; 0 draws 100 to 1,000, few more often than many
    /// @param minutes of hostile time, virtual; 0 draws 1 to 10
    /// @param faults  which may happen: of all of them some are drawn, fewer than all happen all
    /// @param wire    how frames become bytes, or null: the shipped binary passes the real codec
    /// @param own     a person's tables and statements; the counts then say how often each ran and how often SQLite would have refused it. Empty:
    ///     the seed draws a built-in workload
    public record Options(long seed, int nodes, int writes, int minutes, Set<Fault> faults, Mode mode, Wire wire, Optional<Workload> own) {
        public static Options of(long seed) {
            return new Options(seed, 0, 0, 0, Fault.all(), Mode.DRAWN, null, Optional.empty());
        }

        public Options withWorkload(Optional<Workload> another) {
            return new Options(seed, nodes, writes, minutes, faults, mode, wire, another);
        }

        public Options withSeed(long newSeed) {
            return new Options(newSeed, nodes, writes, minutes, faults, mode, wire, own);
        }

        public Options withNodes(int count) {
            return new Options(seed, count, writes, minutes, faults, mode, wire, own);
        }

        public Options withWrites(int count) {
            return new Options(seed, nodes, count, minutes, faults, mode, wire, own);
        }

        public Options withMinutes(int count) {
            return new Options(seed, nodes, writes, count, faults, mode, wire, own);
        }

        public Options withFaults(Set<Fault> some) {
            return new Options(seed, nodes, writes, minutes, some, mode, wire, own);
        }

        public Options withMode(Mode another) {
            return new Options(seed, nodes, writes, minutes, faults, another, wire, own);
        }

        public Options withWire(Wire codec) {
            return new Options(seed, nodes, writes, minutes, faults, mode, codec, own);
        }

        /// The inverse of [#arguments].
        ///
        /// @throws IllegalArgumentException for what it does not know
        public static Options parse(String arguments) {
            var options = of(1);
            var words = arguments.strip().split("\\s+");
            for (int i = 0; i + 1 < words.length; i += 2) {
                var value = words[i + 1];
                options = switch (words[i]) {
                    case "--seed" -> options.withSeed(Long.parseLong(value));
                    case "--nodes" -> options.withNodes(Integer.parseInt(value));
                    case "--writes" -> options.withWrites(Integer.parseInt(value));
                    case "--minutes" -> options.withMinutes(Integer.parseInt(value));
                    case "--faults" -> options.withFaults(Fault.parse(value));
                    case "--mode" -> options.withMode(Mode.valueOf(value.toUpperCase(Locale.ROOT)));
                    default -> throw new IllegalArgumentException("unknown option " + words[i]);
                };
            }
            return options;
        }

        /// What to type to get this very run again, but for the files of an own workload.
        public String arguments() {
            return "--seed " + seed + (nodes > 0 ? " --nodes " + nodes : "") + (writes > 0 ? " --writes " + writes : "")
                + (minutes > 0 ? " --minutes " + minutes : "") + (faults.equals(Fault.all()) ? "" : " --faults " + Fault.names(faults))
                + (mode == Mode.DRAWN ? "" : " --mode " + mode.name().toLowerCase(Locale.ROOT));
        }
    }

    /// What a run came to.
    ///
    /// @param failure empty when all invariants held
    /// @param trace   a hash over all that happened: equal for equal seeds, on every machine
    /// @param counts  how often what happened, faults included
    /// @param drawn   the options with all that was drawn written out: the same run
    public record Result(long seed, Optional<String> failure, String trace, Map<String, Long> counts, long events, long virtualMs, Options drawn) {}

    private static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Failed(String what, Throwable cause) {
            super(what, cause);
        }
    }

    final Schedule schedule = new Schedule();
    private final Workload workload;
    private final Program.Observer told;
    private final Decoded decoded = new Decoded();
    final Trace trace = new Trace();
    final Faults faults;
    final SimNetwork network;
    final Chaos chaos;
    final Ledger ledger = new Ledger(this);
    final CursorWatch cursors = new CursorWatch(this);
    final Claims claims = new Claims(this);
    final People people;
    final Intrigue intrigue = new Intrigue(this);
    private final Options options;
    private final Randoms randoms;
    private final RandomGenerator random;
    private final List<SimNode> nodes = new ArrayList<>();
    private final List<Hostile> hostiles = new ArrayList<>();
    private final Set<SimNode> dirty = new LinkedHashSet<>();
    private final Map<String, Long> counts = new HashMap<>();
    private final boolean realKeys;
    private final Verifier verifier;
    private boolean clocksWrong;

    private Simulation(Options asked) {
        randoms = new Randoms(asked.seed());
        options = drawn(asked);
        workload = asked.own().orElseGet(() -> BuiltIn.draw(randoms.stream("workload")));
        told = asked.own().isPresent() ? (statement, without) -> count(statement.title() + (without ? ", without effect" : "")) : (_, _) -> { };
        random = randoms.stream("scenario");
        faults = Faults.draw(asked.faults(), randoms);
        network = new SimNetwork(schedule, randoms.stream("network"), faults, asked.wire(), trace, this::count);
        chaos = new Chaos(this);
        people = new People(this, random, randoms.stream("topology"));
        realKeys = asked.seed() % 50 == 0;
        verifier = new VerifiedOnce(realKeys ? new Ed25519() : new StandInKeys());
    }

    /// Each number from a stream of its own: one that is given changes no other.
    private Options drawn(Options asked) {
        int nodesDrawn = 3 + (int) (8 * Math.pow(randoms.stream("nodes").nextDouble(), 3.5));
        int writesDrawn = (int) (110 * Math.pow(9, Math.pow(randoms.stream("how many writes").nextDouble(), 4)));
        int minutesDrawn = 1 + (int) (10 * Math.pow(randoms.stream("minutes").nextDouble(), 3));
        boolean safety = randoms.stream("mode").nextInt(4) == 0;
        return new Options(asked.seed(), asked.nodes() > 0 ? asked.nodes() : nodesDrawn, asked.writes() > 0 ? asked.writes() : writesDrawn,
            asked.minutes() > 0 ? asked.minutes() : minutesDrawn, asked.faults(),
            asked.mode() != Mode.DRAWN ? asked.mode() : safety ? Mode.SAFETY : Mode.LIVENESS, asked.wire(), asked.own());
    }

    public static Result run(Options options) {
        var simulation = new Simulation(options);
        Optional<String> failure = Optional.empty();
        try {
            simulation.play();
        } catch (Failed failed) {
            failure = Optional.of(failed.getMessage());
        } catch (RuntimeException | AssertionError bug) {
            failure = Optional.of(where(bug));
        }
        return new Result(options.seed(), failure, simulation.hash(), new TreeMap<>(simulation.counts), simulation.ledger.size(), simulation.schedule.nowMs(),
            simulation.options.withFaults(simulation.faults.active()));
    }

    /// What happened, and where, in one line.
    static String where(Throwable bug) {
        var trace = bug.getStackTrace();
        return bug + (trace.length > 0 ? " at " + trace[0] : "") + (trace.length > 1 ? " from " + trace[1] : "");
    }

    private void play() {
        for (int i = 0; i < options.nodes(); i++) addNode(i);
        if (faults.on(Fault.STRANGER)) addStranger();
        found();
        people.start();
        chaos.start();
        hostiles.forEach(Hostile::start);
        programs();
        steps(options.minutes() * 60_000L);
        var judge = new Judge(this);
        if (options.mode() == Mode.SAFETY) {
            judge.safety();
            return;
        }
        chaos.stop();
        settle();
        judge.liveness();
    }

    // who is there

    private void addNode(int index) {
        boolean hostile = index > 1 && index >= options.nodes() - hostileMembers();
        var node = node(index, signer("key " + index), hostile ? SimNode.Kind.HOSTILE : SimNode.Kind.HONEST);
        nodes.add(node);
        if (hostile) hostiles.add(new Hostile(this, node, randoms.stream("hostile " + index)));
    }

    private int hostileMembers() {
        if (faults.active().stream().noneMatch(Fault::isHostileMember)) return 0;
        return 1 + randoms.stream("hostile members").nextInt(2);
    }

    private SimNode node(int index, Signer signer, SimNode.Kind kind) {
        var draw = randoms.stream("tunables " + index);
        var own = faults.on(Fault.TUNABLES) && draw.nextInt(4) > 0;
        var character = own ? new SimNode.Character(kind, Tunables.settings(draw, faults.latencyMsMax).with(Tunables.gossip(randoms.stream("gossip " + index))), Tunables.waiting(draw), Tunables.inbox(draw))
            : new SimNode.Character(kind, SyncSettings.defaults(), WaitingLimits.DEFAULT, 1_024);
        return node(index, signer, character);
    }

    private SimNode node(int index, Signer signer, SimNode.Character character) {
        return new SimNode(this, index, signer, verifier, randoms.stream("node " + index), character);
    }

    private Signer signer(String name) {
        var seed = new byte[32];
        randoms.stream(name).nextBytes(seed);
        return signer(seed);
    }

    Signer signer(byte[] seed) {
        return realKeys ? Ed25519.signer(seed) : StandInKeys.signer(NodeId.of(seed));
    }

    private void addStranger() {
        var node = node(nodes.size(), signer("stranger"), SimNode.Kind.STRANGER);
        nodes.add(node);
        hostiles.add(new Hostile(this, node, randoms.stream("stranger acts")));
    }

    /// A copy of a node's disk runs on another machine under the same key.
    void twin(SimNode original, SimNode.Image image, boolean noticed) {
        var twin = node(nodes.size(), original.signer, original.character);        // the same program with the same limits
        nodes.add(twin);
        twin.restore(image, noticed, true);
        original.restored = true;                      // two writers under one key: what a cursor says of it cannot be checked at one disk
        cursors.forget(original);
        twin.start();
    }

    private void found() {
        var owner = nodes.getFirst();
        var salt = new byte[Genesis.SALT_BYTES];
        random.nextBytes(salt);
        var policies = workload.policies(random.nextInt(4) == 0 ? random.nextBoolean() ? "last-write" : "union" : "merge");
        owner.found(Genesis.write(new Author(owner.signer, Epoch.of(Arrays.copyOf(salt, 16))), "simulated", "table", policies, salt, owner.wallMs(),
            faults.on(Fault.INSIDER) ? Intrigue.OWNER_GONE_MS : Genesis.OWNER_GONE_MS));
        owner.log().write(owner.author(), workload.schemaDrafts(), List.of(), Map.of(), owner.wallMs());
        for (var node : nodes) if (node.character.kind() == SimNode.Kind.STRANGER) node.claim(owner.log().space());
        nodes.forEach(SimNode::start);
        owner.follow();
        step();
    }

    /// The file of a node, as a program and the follower see it.
    SimFile newFile(EventLog log) {
        return new SimFile(log, workload, told, decoded);
    }

    private void programs() {
        var programs = randoms.stream("programs");
        long endMs = options.minutes() * 60_000L;
        int writers = options.nodes();
        for (int i = 0; i < options.writes(); i++) {
            long at = 500 + (long) (programs.nextDouble() * (endMs - 1_000));
            int who = programs.nextInt(writers);
            var draws = randoms.stream("write " + i);
            schedule.after(at, () -> nodes.get(who).program(draws));
        }
    }

    // time

    private void steps(long untilMs) {
        while (schedule.next(untilMs)) step();
    }

    private void step() {
        if (dirty.isEmpty()) return;
        for (var node : dirty) node.audit().step();
        dirty.clear();
    }

    void dirty(SimNode node) {
        dirty.add(node);
    }

    /// Liveness: the nodes must agree by themselves.
    private void settle() {
        people.tellAddresses();
        long end = schedule.nowMs() + SETTLE_MS_MAX;
        while (schedule.nowMs() < end) {
            steps(schedule.nowMs() + LOOK_MS);
            for (var node : List.copyOf(nodes)) if (node.isHonest()) node.follow();
            step();
            if (haveAgreed() && !someIsHeld() && !someHasToRepair()) return;
        }
        if (haveAgreed()) return;
        var text = new StringBuilder("I1 the logs are not equal an hour after the last fault:");
        for (var node : nodes) if (node.isHonest()) text.append("\n  node ").append(node.index).append(": ").append(node.describe());
        fail(text.toString(), null);
    }

    /// A write that its author's disk lost is still held by others, who wait for its time: the logs are equal without it until that has come.
    private boolean someIsHeld() {
        for (var each : ledger.acknowledged())
            for (var node : nodes) if (node.isHonest() && !node.holds(each.event()) && node.keeps(each.event())) return true;
        return false;
    }

    /// Its clock was set right a moment ago.
    private boolean someHasToRepair() {
        for (var node : nodes) if (node.isHonest() && node.log() != null && node.log().hasWrongStamps(node.id(), node.wallMs())) return true;
        return false;
    }

    private boolean haveAgreed() {
        boolean same = true;
        for (var node : nodes) {
            if (!node.isHonest()) continue;
            if (node.log() == null || !node.isUp() || node.file().hasUndrained()) return false;
            same &= node.tips().equals(nodes.getFirst().tips());
        }
        return same || faults.on(Fault.FAR_CLOCK) && new Leftovers(this).excuseAll();
    }

    // what others ask and tell

    List<SimNode> nodes() {
        return nodes;
    }

    Workload workload() {
        return workload;
    }

    Options options() {
        return options;
    }

    /// A restored owner that knows nobody would have to invite everybody again before anything moves; one at a time is enough.
    boolean mayRestore(SimNode node) {
        return nodes.stream().filter(each -> each != node && each.isHonest() && each.isUp()).count() >= 1;
    }

    void clocksWereWrong() {
        clocksWrong = true;
    }

    /// A hostile member may say that it has what it has not.
    boolean hasLiars() {
        return hostiles.stream().anyMatch(each -> each.node().character.kind() == SimNode.Kind.HOSTILE);
    }

    /// Another node runs under the same key.
    boolean isTwin(SimNode node) {
        return nodes.stream().anyMatch(each -> each != node && each.id().equals(node.id()));
    }

    /// An honest node sends nothing that another honest node rejects.
    void rejected(SimNode node, NodeId peer, EventId event, Admission.Reason reason) {
        if (!node.isHonest()) return;
        if (nodes.stream().anyMatch(each -> each.id().equals(peer) && !each.isHonest())) {
            count("rejected: " + reason);
            return;
        }
        fail("node " + node.index + " rejected " + event.brief() + " from " + peer.brief() + ": " + reason, null);
    }

    void notJoined(SimNode node, TicketProblem problem) {
        count("not joined: " + problem);
        if (!clocksWrong && node.isHonest() && nodes.stream().noneMatch(each -> each.restored)) fail("node " + node.index + " could not join: " + problem, null);
    }

    void agreed(SimNode node, NodeId peer, long offset) {
        trace.add(node.index);
        claims.agreed(node, peer, offset);
    }

    void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    /// Counts a state, not an event: once a run.
    void once(String what) {
        counts.putIfAbsent(what, 1L);
    }

    void fail(String what, Throwable cause) {
        throw new Failed(what, cause);
    }

    private String hash() {
        for (var node : nodes) {
            trace.add(node.index);
            if (node.log() == null) continue;
            for (var tip : node.log().state().tips()) trace.add(tip.id().hex());
            if (node.file() != null) trace.add(node.file().content());
        }
        trace.add(new TreeMap<>(counts).toString());
        trace.add(schedule.nowMs());
        return trace.toString();
    }
}
