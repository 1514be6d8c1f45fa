package dev.waggle.sim;

import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.MemoryEventLog;
import dev.waggle.core.log.WriteRefused;
import dev.waggle.sync.engine.Clock;
import dev.waggle.sync.engine.LogTickets;
import dev.waggle.sync.engine.Spaces;
import dev.waggle.sync.engine.Sync;
import dev.waggle.sync.protocol.Notice;
import dev.waggle.sync.protocol.SyncSettings;
import dev.waggle.sync.protocol.Ticket;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// One node: a store that survives, and an engine that does not.
final class SimNode {
    private final Simulation simulation;
    final int index;
    final String address;
    final Signer signer;
    private final Verifier verifier;
    private final RandomGenerator random;
    private final long skewMs;
    private final SyncSettings settings;
    // what survives a crash
    final SimPeerStore peers = new SimPeerStore();
    private EventLog log;
    private SimFile file;
    private Epoch epoch;
    // what does not
    private Sync sync;
    private long life;
    private boolean turning;
    private boolean again;
    boolean diskFull;

    SimNode(Simulation simulation, int index, Signer signer, Verifier verifier, RandomGenerator random, long skewMs, SyncSettings settings) {
        this.simulation = simulation;
        this.index = index;
        this.address = "node" + index + ":1";
        this.signer = signer;
        this.verifier = verifier;
        this.random = random;
        this.skewMs = skewMs;
        this.settings = settings;
        this.epoch = freshEpoch();
    }

    NodeId id() {
        return signer.node();
    }

    EventLog log() {
        return log;
    }

    SimFile file() {
        return file;
    }

    boolean isUp() {
        return sync != null;
    }

    long wallMs() {
        return Simulation.START_WALL_MS + simulation.schedule.nowMs() + skewMs;
    }

    Author author() {
        return new Author(signer, epoch);
    }

    private Epoch freshEpoch() {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        return Epoch.of(bytes);
    }

    void found(Event genesis) {
        adopt(MemoryEventLog.create(genesis, verifier, this::freshEpoch, wallMs()));
    }

    private void adopt(EventLog newLog) {
        log = newLog;
        file = simulation.fileOf(newLog);
    }

    /// A process starts on what the store holds.
    void start() {
        life++;
        long thisLife = life;
        var clock = new Clock() {
            @Override public long monotonicMs() {
                return simulation.schedule.nowMs();
            }

            @Override public long wallMs() {
                return SimNode.this.wallMs();
            }
        };
        var spaces = new Spaces() {
            @Override public SortedMap<SpaceId, EventLog> open() {
                return log == null ? new TreeMap<>() : new TreeMap<>(java.util.Map.of(log.space(), guarded(log)));
            }

            @Override public EventLog welcome(SpaceId space, String name) {
                if (log == null) adopt(new MemoryEventLog(space, verifier, SimNode.this::freshEpoch));
                return guarded(log);
            }
        };
        var parts = new Sync.Parts(signer, verifier, settings, List.of(), spaces, peers,
            new LogTickets(space -> log != null && log.space().equals(space) ? Optional.of(log) : Optional.empty(), _ -> author()),
            clock, random::nextBytes, task -> simulation.schedule.after(random.nextLong(1, simulation.faults.diskMsMax() + 1L), () -> {
                if (life != thisLife) return;                     // the process died before the commit
                task.run();
                if (simulation.crashAfterCommit(this)) crash();   // … or after it, before anybody was told
                else turn();
            }), random.nextInt(8, 1_024), bug -> simulation.fail("node " + index + " stopped: " + bug, bug));
        sync = new Sync(parts, handler -> simulation.network.transport(address, handler, () -> {
            if (life == thisLife) turn();
        }));
        sync.listen(this::heard);
        turn();
    }

    private EventLog guarded(EventLog guarded) {
        return new FaultyLog(guarded, () -> {
            if (diskFull) throw new LogUnavailable("append", new IllegalStateException("the simulated disk is full"));
        });
    }

    private void heard(Notice notice) {
        switch (notice) {
            case Notice.BehindOnSelf _ -> epoch = freshEpoch();       // design: doubt resolves towards a new epoch
            case Notice.Rejected(var peer, _, var event, var reason) -> simulation.rejected(this, peer, event.hex(), reason);
            case Notice.Joined(_, _, var problem) when problem != null -> simulation.fail("node " + index + " could not join: " + problem, null);
            default -> { }
        }
        simulation.count(notice.getClass().getSimpleName());
    }

    /// Turns the engine until it has nothing to do now, and comes back when it asked to.
    void turn() {
        if (sync == null) return;
        if (turning) {
            again = true;
            return;
        }
        turning = true;
        long thisLife = life;
        long next;
        do {
            again = false;
            next = sync.turn();
        } while ((again || next <= simulation.schedule.nowMs()) && life == thisLife && sync != null);
        turning = false;
        if (life != thisLife || sync == null || next == Long.MAX_VALUE) return;
        simulation.schedule.after(Math.max(1, next - simulation.schedule.nowMs()), () -> {
            if (life == thisLife) turn();
        });
    }

    void crash() {
        if (sync == null) return;
        sync = null;                                              // never closed: a killed process tidies nothing up
        life++;
        turning = false;
        simulation.network.vanish(address);
        simulation.count("crash");
    }

    /// The store comes back as it was when the log had `entries` entries; the lineage check opens a new epoch.
    void restoreOlderImage(long entries) {
        var old = log;
        var image = new MemoryEventLog(old.space(), verifier, this::freshEpoch);
        var events = old.read(0, (int) Math.min(Integer.MAX_VALUE, entries), Integer.MAX_VALUE).stream()
            .filter(Entry.Admitted.class::isInstance).map(each -> ((Entry.Admitted) each).event()).toList();
        for (var event : events) image.append(signedAgain(event), wallMs());
        adopt(image);
        epoch = freshEpoch();
        file.follow(author(), wallMs());
        simulation.count("restore");
    }

    /// An image holds what was checked: an inner event of a run comes back with the run's vouching, here by signing again as its author would.
    private List<Event> signedAgain(Event event) {
        return List.of(event.signature().isPresent() ? event : event.withSignature(simulation.signers.get(event.chain().origin()).sign(event.payload())));
    }

    /// A program writes, and the follower looks at once or later.
    void program() {
        if (log == null || file == null || log.state().members().get(id()) == null) return;
        file.transaction(random);
        simulation.schedule.after(random.nextInt(4) == 0 ? random.nextLong(1, 5_000) : 1, this::follow);
    }

    void follow() {
        if (sync == null || file == null) return;
        try {
            for (var entry : file.follow(author(), wallMs())) simulation.acknowledged(this, entry.event());
            file.brokenConstraint().ifPresent(broken -> simulation.fail("I12 node " + index + ": " + broken, null));
        } catch (LogUnavailable | WriteRefused _) {
            simulation.count("write refused");                     // nothing was written; the queue still has it
        }
        turn();
    }

    void join(Ticket ticket) {
        sync.join(ticket);
        turn();
    }

    void syncNow() {
        if (sync == null) return;
        sync.syncAll();
        turn();
    }

    Optional<String> brokenInvariant() {
        if (log == null) return Optional.empty();
        var counts = log.counts();
        var waiting = log.waiting(EventLog.WAITING_EVENTS_MAX + 1).size();
        if (waiting > EventLog.WAITING_EVENTS_MAX) return Optional.of("I9: " + waiting + " events wait");
        long sum = counts.accepted() + counts.voided() + counts.duplicate() + counts.waiting() + counts.held() + counts.rejected() + counts.pushedBack();
        if (sum != counts.received()) return Optional.of("I14: received " + counts.received() + ", in classes " + sum + ": " + counts);
        return Optional.empty();
    }

    /// I5: every chain here is gapless and hash-linked.
    Optional<String> brokenChain() {
        if (log == null) return Optional.empty();
        var tips = new TreeMap<String, ArrayList<Event>>();
        for (var entry : log.read(0, Integer.MAX_VALUE, Integer.MAX_VALUE))
            if (entry instanceof Entry.Admitted(_, var event, _)) {
                var known = tips.computeIfAbsent(event.chain().text(), _ -> new ArrayList<>());
                var prev = event.envelope().prev();
                boolean follows = prev.isEmpty() ? event.seq() == 1
                    : known.stream().anyMatch(each -> each.id().equals(prev.get()) && each.seq() == event.seq() - 1);
                if (!follows) return Optional.of("I5: " + event + " follows nothing here");
                known.add(event);
            }
        return Optional.empty();
    }

    /// For a failure's message.
    String status() {
        return sync == null ? "down" : sync.status().toString();
    }

    boolean holds(Event event) {
        return log != null && log.find(event.id()).isPresent();
    }
}
