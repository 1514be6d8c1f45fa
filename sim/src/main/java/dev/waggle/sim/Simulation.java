package dev.waggle.sim;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.Verifier;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Genesis;
import dev.waggle.core.log.Role;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.log.EventLog;
import dev.waggle.sim.oracle.Oracle;
import dev.waggle.sim.workload.BuiltIn;
import dev.waggle.sim.workload.Program;
import dev.waggle.sim.workload.Workload;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.SyncSettings;
import dev.waggle.sync.protocol.Ticket;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// One run: a few nodes share a space, programs write into their files, links are cut, nodes crash and come back, and in the end, when the
/// faults have stopped, every node must hold every acknowledged event and show the same rows.
///
/// Invariants are cited by their numbers (docs/protocol.md). Everything is drawn from the seed; nothing here reads a clock.
public final class Simulation {
    static final long START_WALL_MS = 1_800_000_000_000L;
    private static final long SETTLE_MS_MAX = 3_600_000;

    /// @param seed    draws everything
    /// @param nodes   how many; 0 draws 2 to 6
    /// @param writes  transactions of programs; 0 draws 10 to 150
    /// @param wire    what frames look like after they were encoded and decoded: the shipped binary passes the real codec
    public record Options(long seed, int nodes, int writes, UnaryOperator<Frame> wire) {
        public static Options of(long seed) {
            return new Options(seed, 0, 0, UnaryOperator.identity());
        }
    }

    /// What a run came to.
    ///
    /// @param failure empty when all invariants held
    /// @param trace   a hash over all that happened: equal for equal seeds, on every machine
    /// @param counts  how often what happened, faults included
    public record Result(long seed, Optional<String> failure, String trace, Map<String, Long> counts, long events, long virtualMs) {}

    private static final class Failed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Failed(String what, Throwable cause) {
            super(what, cause);
        }
    }

    final Schedule schedule = new Schedule();
    private final Workload workload;
    private final Program.Observer told;
    final Faults faults;
    final SimNetwork network;
    final Map<NodeId, Signer> signers = new TreeMap<>();
    private final Options options;
    private final Randoms randoms;
    private final RandomGenerator random;
    private final List<SimNode> nodes = new ArrayList<>();
    private final Map<String, Long> counts = new TreeMap<>();
    private final LinkedHashMap<Event, SimNode> acknowledged = new LinkedHashMap<>();
    private boolean hostile = true;

    private Simulation(Options options, Optional<Workload> own) {
        this.options = options;
        randoms = new Randoms(options.seed());
        workload = own.orElseGet(() -> BuiltIn.draw(randoms.stream("workload")));
        told = own.isPresent() ? (statement, without) -> count(statement.title() + (without ? ", without effect" : "")) : (_, _) -> { };
        random = randoms.stream("scenario");
        faults = Faults.draw(randoms.stream("faults"));
        network = new SimNetwork(schedule, randoms.stream("network"), faults, options.wire());
    }

    /// One run with a workload that the seed draws.
    public static Result run(Options options) {
        return run(options, Optional.empty());
    }

    /// @param own a person's tables and statements; the counts then say how often each statement ran, and how often SQLite would have refused it
    public static Result run(Options options, Optional<Workload> own) {
        var simulation = new Simulation(options, own);
        Optional<String> failure = Optional.empty();
        try {
            simulation.play();
        } catch (Failed failed) {
            failure = Optional.of(failed.getMessage());
        } catch (RuntimeException bug) {
            var where = bug.getStackTrace().length > 0 ? " at " + bug.getStackTrace()[0] : "";
            failure = Optional.of(bug + where);
        }
        return new Result(options.seed(), failure, simulation.trace(), simulation.counts, simulation.acknowledged.size(), simulation.schedule.nowMs());
    }

    private void play() {
        int count = options.nodes() > 0 ? options.nodes() : random.nextInt(2, 7);
        boolean realKeys = options.seed() % 50 == 0;
        Verifier verifier = realKeys ? new Ed25519() : new StandInKeys();
        for (int i = 0; i < count; i++) addNode(i, realKeys, verifier);
        found();
        schedule.after(1, this::invite);
        if (faults.cutEveryMs() > 0) schedule.after(pause(faults.cutEveryMs()), this::cutSomething);
        if (faults.crashEveryMs() > 0) schedule.after(pause(faults.crashEveryMs()), this::crashSomething);
        int writes = options.writes() > 0 ? options.writes() : random.nextInt(10, 150);
        long lastWriteMs = 0;
        for (int i = 0; i < writes; i++) {
            long at = random.nextLong(500, 120_000);
            lastWriteMs = Math.max(lastWriteMs, at);
            schedule.after(at, () -> nodes.get(random.nextInt(nodes.size())).program());
        }
        steps(lastWriteMs + 1);
        hostile = false;
        settle();
        judge();
    }

    private void addNode(int index, boolean realKeys, Verifier verifier) {
        var seed = new byte[32];
        randoms.stream("key " + index).nextBytes(seed);
        var signer = realKeys ? Ed25519.signer(seed) : StandInKeys.signer(NodeId.of(seed));
        signers.put(signer.node(), signer);
        long skew = random.nextLong(-faults.skewMsMax(), faults.skewMsMax() + 1);
        var base = SyncSettings.defaults();
        var settings = random.nextInt(3) == 0 ? base : base.withBatches(random.nextInt(1, 5), random.nextInt(1, 40), random.nextInt(500, 20_000));
        nodes.add(new SimNode(this, index, signer, verifier, randoms.stream("node " + index), skew, settings));
    }

    private void found() {
        var owner = nodes.getFirst();
        var salt = new byte[Genesis.SALT_BYTES];
        random.nextBytes(salt);
        var policies = workload.policies(random.nextInt(4) == 0 ? random.nextBoolean() ? "last-write" : "union" : "merge");
        owner.found(Genesis.write(new Author(owner.signer, Epoch.of(java.util.Arrays.copyOf(salt, 16))), "simulated", "table", policies, salt, owner.wallMs()));
        owner.log().write(owner.author(), workload.schemaDrafts(), List.of(), Map.of(), owner.wallMs());
        nodes.forEach(SimNode::start);
        owner.follow();
    }

    /// The owner invites everybody; tickets name the owner's address.
    private void invite() {
        for (var node : nodes.subList(1, nodes.size())) keepInviting(node);
    }

    /// As people would: a ticket is typed again after a crash, and an owner whose restored backup does not know a member invites it again.
    private void keepInviting(SimNode node) {
        var owner = nodes.getFirst();
        boolean member = owner.log().state().members().containsKey(node.id());
        if (node.isUp() && (node.log() == null || node.log().state().lastOffset() == 0 || !member)) {
            var secret = new byte[Ticket.SECRET_BYTES];
            random.nextBytes(secret);
            node.join(Ticket.issue(owner.signer, owner.log().space(), "simulated", List.of(owner.address), Role.WRITER, secret,
                START_WALL_MS + 7 * 86_400_000L, Optional.empty()));
        }
        schedule.after(20_000, () -> keepInviting(node));
    }

    private long pause(long meanMs) {
        return 1 + (long) (-Math.log(1 - random.nextDouble()) * meanMs);
    }

    private void cutSomething() {
        if (!hostile) return;
        var a = nodes.get(random.nextInt(nodes.size()));
        var b = nodes.get(random.nextInt(nodes.size()));
        if (a != b) {
            network.cut(a.address, b.address);
            count("cut");
            schedule.after(random.nextLong(1, faults.cutMsMax() + 1), () -> network.heal(a.address, b.address));
        }
        schedule.after(pause(faults.cutEveryMs()), this::cutSomething);
    }

    private void crashSomething() {
        if (!hostile) return;
        var victim = nodes.get(random.nextInt(nodes.size()));
        if (random.nextInt(3) == 0) {
            victim.diskFull = true;
            count("disk full");
            schedule.after(random.nextLong(1, 10_000), () -> victim.diskFull = false);
        } else if (victim.isUp()) {
            victim.crash();
            schedule.after(random.nextLong(1, faults.downMsMax() + 1), () -> comeBack(victim));
        }
        schedule.after(pause(faults.crashEveryMs()), this::crashSomething);
    }

    private void comeBack(SimNode node) {
        if (node.isUp()) return;
        if (hostile && node.log() != null && node.log().state().lastOffset() > 4 && random.nextDouble() < faults.restoreChance()) {
            long entries = random.nextLong(3, node.log().state().lastOffset());
            node.restoreOlderImage(entries);
            // What only the lost image held is lost with it, as with any disk.
            acknowledged.keySet().removeIf(event -> nodes.stream().noneMatch(each -> each.holds(event)));
        }
        node.start();
    }

    /// Called after a commit of the store: does the process die before anybody hears of it?
    boolean crashAfterCommit(SimNode node) {
        if (!hostile || faults.crashEveryMs() == 0 || random.nextInt(2_000) != 0) return false;
        schedule.after(random.nextLong(1, faults.downMsMax() + 1), () -> comeBack(node));
        return true;
    }

    private void steps(long untilMs) {
        while (schedule.next(untilMs))
            for (var node : nodes) node.brokenInvariant().ifPresent(broken -> fail("node " + node.index + " " + broken, null));
    }

    /// Liveness: faults stop, everybody is up, links are whole. The nodes must agree by themselves.
    private void settle() {
        network.healAll();
        nodes.forEach(node -> {
            node.diskFull = false;
            if (!node.isUp()) node.start();
        });
        long end = schedule.nowMs() + SETTLE_MS_MAX;
        while (schedule.nowMs() < end) {
            steps(schedule.nowMs() + 5_000);
            for (var node : nodes) node.follow();
            if (agreed()) return;
        }
        var text = new StringBuilder("I1 the logs are not equal an hour after the last fault:");
        for (var node : nodes)
            text.append(" [").append(node.index).append(": ").append(node.log() == null ? "no log" : node.log().state().tips() + " waiting " + node.log().waiting(20)).append(' ').append(node.status()).append(']');
        fail(text.toString(), null);
    }

    private boolean agreed() {
        var first = nodes.getFirst().log().state().fingerprint();
        for (var node : nodes)
            if (node.log() == null || node.file().hasUndrained() || !java.util.Arrays.equals(first, node.log().state().fingerprint())) return false;
        return true;
    }

    private void judge() {
        var first = nodes.getFirst();
        var answer = Oracle.of(first.log(), workload.database().rules());
        count("workload " + workload.name());
        answer.conflicts().lines().forEach(line -> count("conflict " + line.substring(0, line.indexOf(' '))));
        for (var node : nodes) {
            asTheOracleSays(node, answer);
            for (var event : acknowledged.keySet())
                if (!node.holds(event)) fail("I1 node " + node.index + " lacks " + event + ", acknowledged by node " + acknowledged.get(event).index, null);
            if (!node.file().content().equals(first.file().content()))
                fail("I2 nodes 0 and " + node.index + " show different rows:\n" + difference(first.file().content(), node.file().content()), null);
            if (!node.file().conflicts().equals(first.file().conflicts()))
                fail("I2 nodes 0 and " + node.index + " list different conflicts:\n" + difference(first.file().conflicts(), node.file().conflicts()), null);
            node.brokenChain().ifPresent(broken -> fail("node " + node.index + " " + broken, null));
            node.brokenInvariant().ifPresent(broken -> fail("node " + node.index + " " + broken, null));
            rebuilt(node);
            cursors(node);
        }
        if (acknowledged.isEmpty()) count("nothing written");
    }

    SimFile fileOf(EventLog log) {
        return new SimFile(log, workload, told);
    }

    /// What nodes show is what the rules say, worked out a second time by somebody else.
    private void asTheOracleSays(SimNode node, Oracle.Answer answer) {
        var rows = lines(answer.rows());
        var shown = lines(node.file().shown());
        if (!rows.equals(shown)) fail("I2 node " + node.index + " shows other rows than the oracle:\n" + difference(rows, shown), null);
        if (!answer.conflicts().equals(node.file().conflicts()))
            fail("I2 node " + node.index + " lists other conflicts than the oracle:\n" + difference(answer.conflicts(), node.file().conflicts()), null);
        node.file().differsFromView().ifPresent(difference -> fail("I2 node " + node.index + ": " + difference, null));
        node.file().brokenConstraint().ifPresent(broken -> fail("I12 node " + node.index + ": " + broken, null));
    }

    private static String lines(Map<String, String> rows) {
        var out = new StringBuilder();
        rows.forEach((name, row) -> out.append(name).append(' ').append(row).append('\n'));
        return out.toString();
    }

    /// I8: a view made anew from the log shows the same.
    private void rebuilt(SimNode node) {
        var again = fileOf(node.log());
        again.follow(node.author(), node.wallMs());
        if (!again.content().equals(node.file().content()))
            fail("I8 node " + node.index + ": a rebuilt view differs:\n" + difference(node.file().content(), again.content()), null);
        if (!again.conflicts().equals(node.file().conflicts()))
            fail("I8 node " + node.index + ": a rebuilt view has other conflicts:\n" + difference(node.file().conflicts(), again.conflicts()), null);
    }

    /// I7: what a cursor says a peer has, it has.
    private void cursors(SimNode node) {
        for (var cursor : node.peers.cursors.values()) {
            if (cursor.offset() > node.log().state().lastOffset())
                fail("I7 node " + node.index + ": a cursor at " + cursor.offset() + " beyond the log's " + node.log().state().lastOffset(), null);
        }
    }

    private static String difference(String left, String right) {
        var out = new StringBuilder();
        var leftLines = List.of(left.split("\n"));
        var rightLines = List.of(right.split("\n"));
        leftLines.stream().filter(line -> !rightLines.contains(line)).limit(5).forEach(line -> out.append("- ").append(line).append('\n'));
        rightLines.stream().filter(line -> !leftLines.contains(line)).limit(5).forEach(line -> out.append("+ ").append(line).append('\n'));
        return out.toString();
    }

    void acknowledged(SimNode node, Event event) {
        acknowledged.put(event, node);
    }

    /// An honest network rejects nothing.
    void rejected(SimNode node, NodeId peer, String event, Admission.Reason reason) {
        fail("node " + node.index + " rejected " + event.substring(0, 8) + " from " + peer.brief() + ": " + reason, null);
    }

    void count(String what) {
        counts.merge(what, 1L, Long::sum);
    }

    void fail(String what, Throwable cause) {
        throw new Failed(what, cause);
    }

    private String trace() {
        var text = new StringBuilder();
        for (var node : nodes)
            text.append(node.index).append(' ').append(node.log() == null ? "" : Hex.of(node.log().state().fingerprint())).append(' ')
                .append(node.file() == null ? "" : node.file().content()).append('\n');
        text.append(counts).append(' ').append(network.framesDelivered).append(' ').append(network.framesLost).append(' ').append(schedule.nowMs());
        return Hex.of(Sha256.of(text.toString().getBytes(StandardCharsets.UTF_8))).substring(0, 16);
    }
}
