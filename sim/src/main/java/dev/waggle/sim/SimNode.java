package dev.waggle.sim;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.DamagedLog;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.Tip;
import dev.waggle.core.log.Verdict;
import dev.waggle.core.log.WaitingLimits;
import dev.waggle.core.log.WriteRefused;
import dev.waggle.sync.engine.Clock;
import dev.waggle.sync.engine.LogTickets;
import dev.waggle.sync.engine.Readiness;
import dev.waggle.sync.engine.Spaces;
import dev.waggle.sync.engine.StampDoubt;
import dev.waggle.sync.engine.Sync;
import dev.waggle.sync.engine.SyncFull;
import dev.waggle.sync.protocol.Cursor;
import dev.waggle.sync.protocol.Notice;
import dev.waggle.sync.protocol.SyncSettings;
import dev.waggle.sync.protocol.SyncStatus;
import dev.waggle.sync.protocol.Ticket;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/// One node: a disk that survives, and a process that does not. What the shipped node does around the engine (new epochs, red clocks, repaired
/// stamps) is done here the same way.
final class SimNode {
    enum Kind {
        /// Does what Waggle does; everything is demanded of it.
        HONEST,
        /// A member whose engine is honest and whose frames and events are not.
        HOSTILE,
        /// No member.
        STRANGER
    }

    /// Drawn for a node once; survives its crashes.
    record Character(Kind kind, SyncSettings settings, WaitingLimits waiting, int inboxMax) {}

    private static final long JUDGE_MS = 5_000;
    static final long NEVER = Long.MAX_VALUE;

    private final Simulation simulation;
    final int index;
    final Signer signer;
    final Character character;
    final SimClock clock;
    private final Verifier verifier;
    private final RandomGenerator random;
    String address;
    // what survives a crash
    SimPeerStore peers = new SimPeerStore(() -> this.diskFull, this::cursorSaved);
    private DiskLog log;
    private SimFile file;
    private Epoch epoch;
    /// An older image was put back at least once: what it had acknowledged may be gone.
    boolean restored;
    /// The user's file was lost or died with the process in the middle of a commit: it is made anew from the log.
    private boolean fileLost;
    // what does not
    private Sync sync;
    private long life;
    private boolean turning;
    private boolean again;
    private long wakeAtMs = Long.MAX_VALUE;
    private boolean clockRed;
    private StampDoubt stampDoubt = new StampDoubt();
    private long heldBefore;
    boolean diskFull;
    private boolean refused;
    private Readiness readiness = new Readiness();
    private boolean trouble;                                      // the engine told of some, and nothing was stored since
    private long refusedSinceMs = NEVER;
    private Audit audit;

    SimNode(Simulation simulation, int index, Signer signer, Verifier verifier, RandomGenerator random, Character character) {
        this.simulation = simulation;
        this.index = index;
        this.address = address(0);
        this.signer = signer;
        this.verifier = verifier;
        this.random = random;
        this.character = character;
        this.clock = new SimClock(simulation.schedule);
        this.epoch = freshEpoch();
    }

    NodeId id() {
        return signer.node();
    }

    DiskLog log() {
        return log;
    }

    SimFile file() {
        return file;
    }

    boolean isUp() {
        return sync != null;
    }

    boolean isHonest() {
        return character.kind == Kind.HONEST;
    }

    long wallMs() {
        return clock.wallMs();
    }

    private String address(int move) {
        return "10." + move + ".0." + (index + 1) + ":7117";
    }

    /// The machine gets another address; the next process listens there.
    void move() {
        int moves = Integer.parseInt(address.split("\\.")[1]) + 1;
        address = address(moves);
        simulation.people.moved(this);
    }

    // who writes

    Author author() {
        return new Author(signer, epoch);
    }

    /// @throws WriteRefused while most peers' clocks differ from this one: nothing is stamped then
    private Author stamping() {
        if (clockRed) throw new WriteRefused("the clock differs from most peers'");
        return author();
    }

    /// Durable at once, as in the shipped node: also when the log opens an epoch by itself.
    private Epoch freshEpoch() {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        epoch = Epoch.of(bytes);
        return epoch;
    }

    // the disk

    void found(Event genesis) {
        adopt(genesis.space(), new DiskStorage());
        log.append(List.of(genesis), wallMs());
    }

    /// A stranger that knows the space's name has a log for it, with nothing in it.
    void claim(SpaceId space) {
        adopt(space, new DiskStorage());
    }

    private void adopt(SpaceId space, DiskStorage storage) {
        log = new DiskLog(space, verifier, this::freshEpoch, storage, character.waiting, () -> simulation.chaos.fate(this), this::committed, this::refused);
        audit = new Audit(simulation, this, storage.size());
        file = simulation.newFile(log);
        fileLost = false;
    }

    private void committed() {
        if (refused) simulation.count("disk full recovered");
        refused = false;
        trouble = false;
        refusedSinceMs = NEVER;
        simulation.dirty(this);
    }

    private void refused() {
        if (refusedSinceMs == NEVER) refusedSinceMs = simulation.schedule.nowMs();
    }

    /// What a backup or a copied folder holds.
    record Image(SpaceId space, DiskStorage storage, SimPeerStore peers, Epoch epoch, long takenMs) {}

    Optional<Image> image() {
        if (log == null || log.state().lastOffset() == 0) return Optional.empty();
        return Optional.of(new Image(log.space(), log.storage().copy(), peers.copy(() -> false, _ -> { }), epoch, simulation.schedule.nowMs()));
    }

    /// The disk becomes what it was. The process is down.
    ///
    /// @param noticed the state folder stayed, so the start sees it and opens a new epoch; otherwise the whole machine went back and nothing can
    ///     be seen
    /// @param peersToo node.sqlite went back with the log
    void restore(Image image, boolean noticed, boolean peersToo) {
        restored = true;
        if (peersToo) peers = image.peers.copy(() -> diskFull, this::cursorSaved);
        epoch = image.epoch;
        adopt(image.space, image.storage.copy());
        if (noticed) freshEpoch();
    }

    // the process

    void start() {
        if (sync != null) return;
        life++;
        long thisLife = life;
        wakeAtMs = Long.MAX_VALUE;
        clockRed = false;
        stampDoubt = new StampDoubt();
        trouble = false;
        refusedSinceMs = NEVER;
        readiness = new Readiness();
        simulation.claims.started(this);
        if (log != null) {
            log.reopen();
            if (fileLost) file = simulation.newFile(log);
            fileLost = false;
        }
        var clocks = new Clock() {
            @Override public long monotonicMs() {
                return simulation.schedule.nowMs();
            }

            @Override public long wallMs() {
                return SimNode.this.wallMs();
            }
        };
        var spaces = new Spaces() {
            @Override public SortedMap<SpaceId, EventLog> open() {
                return log == null ? new TreeMap<>() : new TreeMap<>(Map.of(log.space(), log));
            }

            @Override public EventLog welcome(SpaceId space, String name) {
                if (log == null) adopt(space, new DiskStorage());
                return log;
            }
        };
        var parts = new Sync.Parts(signer, verifier, character.settings, List.of(), spaces, peers,
            new LogTickets(space -> log != null && log.space().equals(space) ? Optional.of(log) : Optional.empty(), _ -> stamping()),
            clocks, random::nextBytes, task -> simulation.schedule.after(random.nextLong(1, simulation.faults.diskMsMax + 1L), () -> {
                if (life != thisLife) return;                     // the process died before the commit
                task.run();
                if (life == thisLife) turn();
            }), character.inboxMax, this::broken);
        sync = new Sync(parts, handler -> simulation.network.transport(address, handler, () -> {
            if (life == thisLife) turn();
        }));
        sync.listen(this::heard);
        sync.listening(List.of(address));
        turn();
        simulation.schedule.after(random.nextLong(1, JUDGE_MS), () -> judge(thisLife));
    }

    private void broken(Throwable why) {
        if (why instanceof DiskLog.Died died) died(died);
        else simulation.fail("node " + index + " stopped: " + Simulation.where(why), why);
    }

    /// The process died in a transaction. A program's write that was committed with it is in the log and in no answer; where the capture
    /// cursor stands is the file's business, so the file is made anew.
    void died(DiskLog.Died death) {
        simulation.count(death.committed() ? "crash after commit" : "crash before commit");
        if (death.committed()) fileLost = true;
        crash();
        simulation.chaos.comeBackSoon(this);
    }

    void crash() {
        if (sync == null) return;
        sync = null;                                              // never closed: a killed process tidies nothing up
        life++;
        turning = false;
        simulation.network.vanish(address);
        simulation.count("crash");
        if (log == null) return;
        log.reopen();                                             // whoever looks from outside sees what is on the disk
        simulation.dirty(this);                                   // what was committed when the process died is looked at, too
    }

    private void heard(Notice notice) {
        switch (notice) {
            case Notice.BehindOnSelf(var _, var _, var chain, var _) -> {
                if (chain.epoch().equals(epoch)) freshEpoch();        // design: doubt resolves towards a new epoch
            }
            case Notice.ClockJudged(var red, var _) -> clockRed = red;
            case Notice.HeldThere _ -> stampDoubt.raise();
            case Notice.Rejected(var peer, var _, var event, var reason) -> simulation.rejected(this, peer, event, reason);
            case Notice.Joined(_, _, var problem) when problem != null -> simulation.notJoined(this, problem);
            case Notice.CursorReset(var peer, var _, var _) -> simulation.cursors.reset(this, peer);
            case Notice.PeerForgotten(var peer, var _) -> simulation.cursors.forgotten(this, peer);
            case Notice.TroubleHere _ -> {
                refused = true;
                trouble = true;
            }
            case Notice.Agreed(var peer, var _, var offset) -> simulation.agreed(this, peer, offset);
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
        } while (life == thisLife && sync != null && (again || next <= simulation.schedule.nowMs()));
        if (life != thisLife || sync == null) return;
        turning = false;
        if (next >= wakeAtMs) return;
        wakeAtMs = next;
        long at = next;
        simulation.schedule.after(next - simulation.schedule.nowMs(), () -> {
            if (life != thisLife || wakeAtMs != at) return;         // an earlier one was set meanwhile
            wakeAtMs = Long.MAX_VALUE;
            turn();
        });
    }

    /// Every few seconds: is the clock right again, and is there something to apply?
    private void judge(long thisLife) {
        if (life != thisLife || sync == null) return;
        if (log != null && character.kind != Kind.STRANGER) {
            simulation.claims.look(this);
            repairStamps();
            if (life == thisLife && random.nextBoolean()) follow();
        }
        if (life == thisLife) simulation.schedule.after(JUDGE_MS, () -> judge(thisLife));
    }

    /// As the shipped node does: once a peer agrees with this clock, what was stamped with a wrong one is written anew.
    private void repairStamps() {
        long before = heldBefore;
        heldBefore = log.counts().held();
        if (heldBefore > before) stampDoubt.raise();
        var status = sync.status();
        boolean doubted = status.clockDoubtMs(character.settings.clockMsMax()).isPresent();
        boolean confirmed = status.peers().stream().anyMatch(peer -> peer.clockAheadMs().isPresent());
        if (!stampDoubt.isDue(wallMs(), simulation.schedule.nowMs(), doubted, confirmed)) return;
        try {
            if (!log.hasWrongStamps(id(), wallMs())) return;
            log.write(stamping(), List.of(new Draft(ControlType.EPOCH_OPENED, Json.object())), List.of(), Map.of(), wallMs());
            simulation.count("stamps repaired");
            turn();
        } catch (WriteRefused | LogUnavailable _) {
            stampDoubt.raise();
        } catch (DiskLog.Died died) {
            died(died);
        }
    }

    // what people and programs do

    /// A program writes, and the follower looks at once or later.
    void program(RandomGenerator programs) {
        if (log == null || file == null || !log.state().members().containsKey(id())) return;
        file.transaction(programs);
        simulation.schedule.after(programs.nextInt(4) == 0 ? programs.nextLong(1, 5_000) : 1, this::follow);
    }

    void follow() {
        if (sync == null || file == null || fileLost) return;
        try {
            for (var entry : file.follow(file.hasUndrained() ? stamping() : author(), wallMs())) simulation.ledger.acknowledged(this, entry);
            file.brokenConstraint().ifPresent(broken -> simulation.fail("I12 node " + index + ": " + broken, null));
        } catch (WriteRefused _) {
            simulation.count("write refused");                     // nothing was written; the queue still has it
        } catch (LogUnavailable _) {
            refused = true;
            simulation.count("write failed");                      // nothing was written either
        } catch (DamagedLog _) {
            fileLost = true;                                       // it stops in the middle; after the doctor it begins anew
            simulation.count("follower stopped");
        } catch (DiskLog.Died died) {
            died(died);
            return;
        }
        turn();
    }

    void join(Ticket ticket) {
        try {
            sync.join(ticket);
        } catch (SyncFull _) {
            simulation.count("inbox full");
        }
        turn();
    }

    void meet(SimNode other) {
        if (sync == null) return;
        try {
            sync.addPeer(other.id(), "", List.of(other.address));
        } catch (SyncFull | LogUnavailable _) {
            simulation.count("inbox full");
        }
        turn();
    }

    /// Knows the name of a space and would like to be served.
    void pretend(NodeId victim, SpaceId space) {
        peers.saveRelationship(new dev.waggle.sync.protocol.Relationship(victim, space, dev.waggle.sync.protocol.Relationship.Kind.WELCOMED));
    }

    /// Ends when the write is durable on another node: the level `peers(1)`.
    void whenDurableElsewhere(long offset, Runnable then) {
        long thisLife = life;
        sync.awaitDurable(log.space(), offset, 1).thenRun(() -> {
            if (life == thisLife) then.run();
        });
    }

    private void cursorSaved(Cursor cursor) {
        simulation.cursors.saved(this, cursor);
    }

    // what those see who look from outside

    Audit audit() {
        return audit;
    }

    SyncStatus status() {
        return sync == null ? SyncStatus.NOTHING : sync.statusNow();
    }

    /// Why this node is not ready, as the shipped node would say it: empty when it believes to be. To be asked every few seconds.
    List<String> reasons(SyncStatus status) {
        var clock = clockRed ? "differs from most peers'" : status.clockDoubtMs(character.settings.clockMsMax()).map(ms -> ms + " ms from most peers'").orElse("");
        return readiness.judge(List.of(new Readiness.Part("storage", 0, 0, trouble ? "what peers send cannot be stored" : ""), new Readiness.Part("clock", 0, 0, clock),
            new Readiness.Part("file", file.applied(), log.state().lastOffset(), "")), simulation.schedule.nowMs());
    }

    /// Since when this disk has refused all that the engine wanted to store; [#NEVER] when it takes it.
    long refusedSinceMs() {
        return refusedSinceMs;
    }

    /// Equal lists mean equal logs.
    List<EventRef> tips() {
        return log.state().tips().stream().map(Tip::ref).toList();
    }

    boolean holds(Event event) {
        return holds(event.id());
    }

    boolean holds(EventId event) {
        return log != null && log.storage().offsetOf(event).isPresent();
    }

    boolean holds(ChunkId chunk) {
        return log != null && log.storage().hasChunk(chunk);
    }

    /// @param events its predecessor among them
    record Lacks(List<EventId> events, List<ChunkId> chunks) {}

    /// What an event that is kept here without being admitted needs.
    Optional<Lacks> lacks(EventId event) {
        if (log == null || !log.storage().waits(event)) return Optional.empty();
        var needs = new ArrayList<EventId>();
        var chunks = List.<ChunkId>of();
        for (var answer : log.waiting(Integer.MAX_VALUE)) {
            if (!answer.event().id().equals(event)) continue;
            answer.event().envelope().prev().ifPresent(needs::add);
            if (!(answer instanceof Admission.Waiting(_, var parents, var control, var missing))) continue;
            parents.forEach(parent -> needs.add(parent.id()));
            needs.addAll(control);
            chunks = missing;
        }
        return Optional.of(new Lacks(needs, chunks));
    }

    /// Durable here, admitted or not yet.
    boolean keeps(Event event) {
        return log != null && (log.storage().offsetOf(event.id()).isPresent() || log.storage().waits(event.id()));
    }

    /// For a failure's message.
    String describe() {
        if (log == null) return isUp() ? "up, no log" : "down";
        var text = new StringBuilder(id().brief()).append(isUp() ? " up" : " down").append(clockRed ? ", clock red" : "").append(file.hasUndrained() ? ", undrained" : "");
        for (var tip : log.state().tips()) text.append(' ').append(tip.chain()).append('#').append(tip.seq()).append('/').append(tip.id().brief());
        var counts = log.counts();
        for (var guest : log.waiting(3)) text.append(" [").append(guest.event()).append(" at ").append(guest.event().envelope().ts()).append(" merges ").append(guest.event().envelope().merges()).append(']');
        text.append(" waiting ").append(counts.waiting()).append(" held ").append(counts.held());
        for (var peer : status().peers()) text.append("; ").append(peer.node().brief()).append(' ').append(peer.state()).append(peer.agreed() ? " agreed" : "")
            .append(" clock ").append(peer.clockAheadMs().map(ms -> ms / 1000 + " s").orElse("?")).append(' ').append(peer.lastError());
        return text.toString();
    }

    Verdict verdict(long offset) {
        return log.storage().verdict(offset);
    }
}
