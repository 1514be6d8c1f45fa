package dev.waggle.sim;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.NodeId;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/// Makes things go wrong, each fault by its own stream, until it is told to stop.
final class Chaos {
    private static final long YEAR_2099_MS = 4_070_908_800_000L;
    private static final int TWINS_MAX = 2;

    private final Simulation simulation;
    private final Faults faults;
    private final Map<SimNode, List<SimNode.Image>> images = new LinkedHashMap<>();
    private boolean hostile;
    private int twins;
    private NodeId copied;                      // whose folder runs on another machine too

    Chaos(Simulation simulation) {
        this.simulation = simulation;
        this.faults = simulation.faults;
    }

    void start() {
        hostile = true;
        again(Fault.CUT, this::cut);
        again(Fault.ONE_WAY, this::oneWay);
        again(Fault.FLAP, this::flap);
        again(Fault.HALF_OPEN, _ -> simulation.network.silenceOne());
        again(Fault.MOVE, random -> any(random, this::mayFail).ifPresent(node -> down(node, random, node::move)));
        again(Fault.CRASH, random -> any(random, this::mayFail).ifPresent(node -> down(node, random, () -> { })));
        again(Fault.DISK_FULL, this::fillDisk);
        again(Fault.BIT_FLIP, this::rot);
        again(Fault.RESTORE, this::restore);
        again(Fault.CLONE, this::copy);
        again(Fault.INSIDER, simulation.intrigue::act);
        again(Fault.COMPACT, new Condensing(simulation)::act);
        again(Fault.SKEW, random -> clock(random, (clock, r) -> clock.wrongBy(r.nextLong(-3_600_000, 3_600_000)), "clock skewed"));
        again(Fault.FAR_CLOCK, random -> clock(random, (clock, r) -> clock.wrongTo(r.nextBoolean() ? r.nextLong(1, 1_000_000) : YEAR_2099_MS), "clock in 1970 or 2099"));
        again(Fault.DRIFT, random -> clock(random, (clock, r) -> clock.drift(r.nextLong(-20_000, 20_000)), "clock drifts"));
        again(Fault.FREEZE, random -> clock(random, (clock, _) -> clock.freeze(), "clock frozen"));
    }

    private void again(Fault fault, Consumer<RandomGenerator> happens) {
        if (!faults.on(fault)) return;
        simulation.schedule.after(faults.pauseMs(fault), () -> {
            if (!hostile) return;
            happens.accept(faults.random(fault));
            again(fault, happens);
        });
    }

    boolean isHostile() {
        return hostile;
    }

    private boolean mayFail(SimNode node) {
        return node.character.kind() != SimNode.Kind.STRANGER;
    }

    private java.util.Optional<SimNode> any(RandomGenerator random, Predicate<SimNode> which) {
        var node = simulation.nodes().get(random.nextInt(simulation.nodes().size()));
        return which.test(node) ? java.util.Optional.of(node) : java.util.Optional.empty();
    }

    // links

    private interface Pair {
        void of(String a, String b);
    }

    private void pair(RandomGenerator random, Pair then) {
        var nodes = simulation.nodes();
        var a = nodes.get(random.nextInt(nodes.size()));
        var b = nodes.get(random.nextInt(nodes.size()));
        if (a != b) then.of(a.address, b.address);
    }

    private void cut(RandomGenerator random) {
        pair(random, (a, b) -> {
            simulation.count("cut");
            simulation.network.cut(a, b);
            simulation.schedule.after(random.nextLong(1, faults.cutMsMax + 1), () -> simulation.network.heal(a, b));
        });
    }

    private void oneWay(RandomGenerator random) {
        pair(random, (a, b) -> {
            simulation.count("one-way cut");
            simulation.network.block(a, b);
            simulation.schedule.after(random.nextLong(1, faults.cutMsMax + 1), () -> simulation.network.unblock(a, b));
        });
    }

    private void flap(RandomGenerator random) {
        pair(random, (a, b) -> {
            simulation.count("flapping");
            long at = 1;
            for (int i = random.nextInt(2, 12); i > 0; i--) {
                simulation.schedule.after(at, () -> simulation.network.cut(a, b));
                at += random.nextLong(1, 3_000);
                simulation.schedule.after(at, () -> simulation.network.heal(a, b));
                at += random.nextLong(1, 5_000);
            }
        });
    }

    // processes and disks

    private void down(SimNode node, RandomGenerator random, Runnable meanwhile) {
        if (!node.isUp()) return;
        node.crash();
        meanwhile.run();
        simulation.schedule.after(random.nextLong(1, faults.downMsMax + 1), node::start);
    }

    /// After a death inside a transaction.
    void comeBackSoon(SimNode node) {
        simulation.schedule.after(faults.random(Fault.CRASH_COMMIT).nextLong(1, faults.downMsMax + 1), node::start);
    }

    /// What becomes of the next transaction on a node's disk.
    DiskLog.Fate fate(SimNode node) {
        if (node.diskFull) return new DiskLog.Fate.Full();
        if (!hostile || !mayFail(node)) return DiskLog.GOOD;
        if (faults.ioError > 0 && faults.random(Fault.IO_ERROR).nextDouble() < faults.ioError) {
            simulation.count("i/o error");
            return new DiskLog.Fate.FailsAfter(faults.random(Fault.IO_ERROR).nextInt(8));
        }
        if (faults.crashCommit == 0 || !node.isUp()) return DiskLog.GOOD;
        var random = faults.random(Fault.CRASH_COMMIT);
        if (random.nextDouble() >= faults.crashCommit) return DiskLog.GOOD;
        return new DiskLog.Fate.Dies(random.nextInt(3) == 0 ? random.nextInt(6) : Integer.MAX_VALUE, random.nextInt(3) > 0);
    }

    private void fillDisk(RandomGenerator random) {
        any(random, this::mayFail).ifPresent(node -> {
            node.diskFull = true;
            simulation.count("disk full");
            simulation.schedule.after(random.nextLong(1, 20_000), () -> node.diskFull = false);
        });
    }

    private void rot(RandomGenerator random) {
        any(random, node -> mayFail(node) && node.log() != null && node.log().storage().size() > 1).ifPresent(node -> {
            var storage = node.log().storage();
            var chunks = storage.chunks();
            if (!chunks.isEmpty() && random.nextInt(3) == 0) {
                rot(node, chunks.get(random.nextInt(chunks.size())), random);
                return;
            }
            long offset = random.nextLong(1, storage.size() + 1);
            var event = storage.raw(offset);
            if (event == null || simulation.nodes().stream().noneMatch(other -> other != node && other.isHonest() && other.holds(event))) return;
            if (storage.flip(offset).isEmpty()) return;
            simulation.count("bit flip");
            simulation.schedule.after(random.nextLong(1, 60_000), () -> doctor(node));
        });
    }

    private void rot(SimNode node, ChunkId chunk, RandomGenerator random) {
        if (simulation.nodes().stream().noneMatch(other -> other != node && other.isHonest() && other.holds(chunk))) return;
        node.log().storage().flip(chunk);
        simulation.count("chunk rots");
        simulation.schedule.after(random.nextLong(1, 60_000), () -> doctor(node));
    }

    /// Mends what rotted with the bytes that others have, while the node is down; what nobody has comes from a backup.
    void doctor(SimNode node) {
        if (node.log() == null || !node.log().storage().isDamaged()) return;
        boolean wasUp = node.isUp();
        node.crash();
        var storage = node.log().storage();
        for (long offset : storage.damages()) {
            var event = storage.raw(offset);
            var healthy = simulation.nodes().stream().filter(other -> other != node && other.holds(event))
                .map(other -> other.log().storage()).filter(other -> !other.damages().contains(other.offsetOf(event.id()).orElseThrow())).findFirst();
            storage.mend(offset, healthy.map(other -> other.raw(other.offsetOf(event.id()).orElseThrow())).orElse(event));
            simulation.count("bit flip mended");
        }
        for (var chunk : storage.damagedChunks()) {
            storage.mend(chunk);
            simulation.count("chunk mended");
        }
        if (wasUp) node.start();
    }

    private void restore(RandomGenerator random) {
        any(random, this::mayFail).ifPresent(node -> {
            var taken = images.computeIfAbsent(node, _ -> new ArrayList<>());
            if (taken.isEmpty() || random.nextInt(3) == 0) {
                node.image().ifPresent(taken::add);
                return;
            }
            if (!node.isUp() || !simulation.mayRestore(node)) return;
            var image = taken.get(random.nextInt(taken.size()));
            boolean noticed = random.nextInt(3) > 0;
            boolean peersToo = !noticed || random.nextBoolean();
            down(node, random, () -> {
                node.restore(image, noticed, peersToo);
                simulation.cursors.forget(node);
                simulation.ledger.diskLost(node);
                simulation.count(noticed ? "restore" : "restore unseen");
            });
        });
    }

    /// The folder is copied to another machine, or the machine is cloned with all that could tell. Not while the space has no other honest member: a copy that knows of
    /// none takes everybody for a stranger, or hears what a cheat lets it hear, and agrees with the others no sooner than its owner invites them anew.
    private void copy(RandomGenerator random) {
        if (twins == TWINS_MAX) return;
        any(random, node -> node.isHonest() && node.isUp() && node.log() != null && knowsAnHonestMember(node)).ifPresent(node -> node.image().ifPresent(image -> {
            twins++;
            boolean noticed = random.nextInt(3) == 0;
            // Copies of two machines make two pairs of the same names. Each node is content with the peer it found; nobody can tell that there are others.
            if (copied != null && !copied.equals(node.id())) return;
            copied = node.id();
            simulation.count(noticed ? "copied folder" : "clone unseen");
            simulation.twin(node, image, noticed);
        }));
    }

    private boolean knowsAnHonestMember(SimNode node) {
        var members = node.log().state().members().keySet();
        return simulation.nodes().stream().anyMatch(other -> other.isHonest() && !other.id().equals(node.id()) && members.contains(other.id()));
    }

    // clocks

    private interface Wrong {
        void make(SimClock clock, RandomGenerator random);
    }

    private void clock(RandomGenerator random, Wrong wrong, String what) {
        any(random, this::mayFail).ifPresent(node -> {
            simulation.count(what);
            simulation.clocksWereWrong();
            wrong.make(node.clock, random);
            simulation.schedule.after(random.nextLong(5_000, 120_000), () -> {
                if (random.nextBoolean()) node.clock.thaw();
                else node.clock.setRight();
            });
        });
    }

    // the end

    /// Faults stop for the honest: everybody is up, links are whole, clocks are right, disks have room.
    void stop() {
        hostile = false;
        simulation.network.calmDown();
        for (var node : simulation.nodes()) {
            node.diskFull = false;
            node.clock.setRight();
        }
        for (var node : simulation.nodes()) {
            doctor(node);
            node.start();
        }
    }
}
