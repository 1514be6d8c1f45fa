package dev.waggle.node;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.EpochSource;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Genesis;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.WriteRefused;
import dev.waggle.node.identity.Identity;
import dev.waggle.node.type.SpaceView;
import dev.waggle.store.capture.TableFollower;
import dev.waggle.store.node.SpaceRow;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// One space while the node runs: its log, the epoch this node writes under, and the file that follows it. Thread-safe.
public final class SpaceRuntime {
    private static final System.Logger LOG = System.getLogger("waggle.space");
    private final Identity identity;
    private final EventLog log;
    private final Supplier<Optional<String>> clockProblem;
    private final SpaceCompaction compaction = new SpaceCompaction(this);
    private SpaceRow row;
    private TableFollower follower;           // null while no file follows the log
    private SpaceView view;                   // null while nothing shows it: a space of tables, or of a kind not known (yet)
    private String type;                      // null while the genesis has not come
    private long ownerGoneMs;                 // of no meaning while there is no type
    private boolean closed;
    private long heldBefore;
    private String trouble = "";

    /// @param lineageMark  under which name the log says who goes on writing it
    /// @param clockProblem why nothing may be stamped now, if so
    SpaceRuntime(Identity identity, SpaceRow row, String lineageMark, Supplier<Optional<String>> clockProblem, Opener opener) {
        this.identity = identity;
        this.clockProblem = clockProblem;
        this.row = row;
        this.log = opener.open(this::freshEpoch);
        continueOrBegin(lineageMark);
    }

    /// Opens the log; `epochs` gives it a new epoch whenever it needs one.
    interface Opener {
        EventLog open(EpochSource epochs);
    }

    /// A log that was restored or replaced by itself does not carry the mark of this node's last start: then its chain there may be
    /// older than what others have seen.
    private void continueOrBegin(String lineageMark) {
        var mark = log.mark(lineageMark).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        if (log.state().lastOffset() > 0 && (mark.isEmpty() || !mark.equals(identity.lineageBefore()) && !mark.get().equals(identity.lineage()))) freshEpoch();
        log.marks(Map.of(lineageMark, identity.lineage().getBytes(StandardCharsets.UTF_8)));
    }

    /// Opens a new epoch, durably, and returns it.
    synchronized Epoch freshEpoch() {
        var epoch = identity.freshEpoch();
        identity.store().epoch(row.id(), epoch);
        row = row.withEpoch(epoch);
        return epoch;
    }

    public SpaceId id() {
        return log.space();
    }

    public EventLog log() {
        return log;
    }

    public SpaceCompaction compaction() {
        return compaction;
    }

    public synchronized SpaceRow row() {
        return row;
    }

    public synchronized String name() {
        return row.name();
    }

    /// Who writes here now.
    ///
    /// @throws WriteRefused while this machine's clock is wrong: nothing is stamped then
    public synchronized Author author() {
        clockProblem.get().ifPresent(problem -> {
            throw new WriteRefused(problem);
        });
        return new Author(identity.signer(), row.epoch());
    }

    /// A peer holds more of this node's own chain than this node. If that chain is the one it would go on writing, it begins another.
    void behind(ChainId chain) {
        synchronized (this) {
            if (!chain.epoch().equals(row.epoch())) return;
        }
        freshEpoch();
    }

    /// If this node's own chain ends in stamps that lie too far ahead of its clock, writes what others hold for it again, under a new epoch (the
    /// log does that before the next event: here nobody has one to write). So it does with what it has lost itself, and holds since others gave it back.
    ///
    /// @return false when it could not be done now
    boolean repairStamps(long nowMs) {
        var self = identity.signer().node();
        boolean maybe = log.counts().held() > 0             // most logs rest, and asking one wakes it
            || log.state().tips().stream().anyMatch(tip -> tip.chain().origin().equals(self) && tip.ts().wallMs() > nowMs);
        if (!maybe) return true;
        try {
            if (!log.hasWrongStamps(self, nowMs)) return true;
            log.write(author(), List.of(new Draft(ControlType.EPOCH_OPENED, Json.object())), List.of(), Map.of(), nowMs);
            return true;
        } catch (WriteRefused | LogUnavailable e) {
            LOG.log(System.Logger.Level.WARNING, "space " + row.id().brief() + ": events with wrong stamps are not written anew yet: " + e.getMessage());
            return false;
        }
    }

    /// True once whenever more events are held here than at the last look.
    synchronized boolean holdsMore() {
        long before = heldBefore;
        heldBefore = log.counts().held();
        return heldBefore > before;
    }

    /// Who is a member here, and changes of that.
    public SpaceMembers members() {
        return new SpaceMembers(this, identity.signer().node());
    }

    /// By which rules its rows are chosen, and changes of that.
    public SpacePolicies policies() {
        return new SpacePolicies(this);
    }

    /// What kind of space it is; empty while its genesis has not come.
    public synchronized Optional<String> type() {
        if (type == null) log.atOffset(1).map(first -> ((Entry.Admitted) first).event()).ifPresent(this::born);
        return Optional.ofNullable(type);
    }

    /// What the genesis says for ever: asked every few seconds, of thousands of spaces, and then no log is read.
    private void born(Event genesis) {
        type = genesis.body().text("space_type");
        ownerGoneMs = Genesis.ownerGoneMs(genesis);
    }

    /// How long nothing is seen of an owner before the heir may claim the space.
    public synchronized long ownerGoneMs() {
        return type().isPresent() ? ownerGoneMs : Genesis.OWNER_GONE_MS;
    }

    /// What shows it, for kinds that have a view.
    public synchronized Optional<SpaceView> view() {
        return Optional.ofNullable(view);
    }

    synchronized void show(Supplier<SpaceView> opened) {
        if (view != null || closed) return;
        view = opened.get();
        trouble = "";
    }

    /// This node's role; empty for one that is no member (any more).
    public Optional<Role> role() {
        return Optional.ofNullable(log.state().members().get(identity.signer().node()));
    }

    public synchronized Optional<TableFollower> follower() {
        return Optional.ofNullable(follower);
    }

    public synchronized Optional<Path> file() {
        return row.file().map(Path::of);
    }

    /// Why the file does not follow although it should; empty when it does.
    public synchronized String trouble() {
        return trouble;
    }

    synchronized void trouble(String sentence) {
        trouble = sentence;
    }

    synchronized void follow(TableFollower newFollower) {
        follower = newFollower;
        trouble = "";
    }

    synchronized void record(SpaceRow newRow) {
        identity.store().put(newRow);
        row = newRow;
    }

    /// Stops following the file, and leaves it as it is.
    void stopFollowing() {
        Optional<TableFollower> old;
        synchronized (this) {
            old = Optional.ofNullable(follower);
            follower = null;
        }
        old.ifPresent(TableFollower::close);
    }

    void close() {
        stopFollowing();
        Optional<SpaceView> old;
        synchronized (this) {
            closed = true;
            old = Optional.ofNullable(view);
            view = null;
        }
        old.ifPresent(SpaceView::close);
        log.close();
    }
}
