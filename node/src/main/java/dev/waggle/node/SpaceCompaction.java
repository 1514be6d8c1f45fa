package dev.waggle.node;

import dev.waggle.core.event.EventId;
import dev.waggle.core.log.Checkpoint;
import dev.waggle.core.log.Compaction;
import dev.waggle.core.log.DamagedLog;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.WriteRefused;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/// Makes the log of one space small: the owner's node, or the one that he named, writes checkpoints, and every node condenses what lies below one after finding the same in its own log.
/// Nothing that anybody can read changes. Thread-safe; one at a time.
public final class SpaceCompaction {
    private static final System.Logger LOG = System.getLogger("waggle.compaction");
    private final SpaceRuntime space;
    private final ReentrantLock running = new ReentrantLock();
    private EventId differing;                  // guarded by `running`: a checkpoint that says something else than this log

    /// @param written    this node wrote a checkpoint now
    /// @param checkpoint up to which the log is condensed
    /// @param condensed  the log was condensed further than it was before
    public record Report(boolean written, Optional<EventId> checkpoint, boolean condensed) {}

    SpaceCompaction(SpaceRuntime space) {
        this.space = space;
    }

    private EventLog log() {
        return space.log();
    }

    private boolean writesCheckpoints() {
        return log().state().checkpointer().filter(space.author().signer().node()::equals).isPresent();
    }

    /// A person asks: writes a checkpoint when that is this node's to do, and condenses all that the last checkpoint covers, whatever its age.
    ///
    /// @throws Problem when there is no checkpoint, it names what is not here yet, or it says something else than this log
    public Report now(long nowMs, LongConsumer progress) {
        if (!running.tryLock()) throw new Problem(ErrorCode.NOT_CONDENSED, "The log of \"" + space.name() + "\" is being condensed.", "Wait until that has ended.");
        try {
            var compaction = new Compaction(log(), progress);
            boolean written = writesCheckpoints() && compaction.write(space.author(), nowMs).isPresent();
            var checkpoint = log().state().checkpoint().orElseThrow(() -> new Problem(ErrorCode.NOT_CONDENSED, "There is no checkpoint of \"" + space.name() + "\" yet.",
                log().state().checkpointer().map(who -> "Run this on node " + who.brief() + " first: it writes them.").orElse("Who was named to write them is no member: the owner names another with `waggle log coordinator`.")));
            var before = Compaction.condensed(log());
            outcome(compaction, checkpoint);
            return new Report(written, Compaction.condensed(log()), !before.equals(Compaction.condensed(log())));
        } catch (DamagedLog e) {
            throw new Problem(ErrorCode.DATA_DAMAGED, "The log of \"" + space.name() + "\" is damaged: " + e.getMessage() + ". It was not condensed.", "Run `waggle doctor`.", e);
        } finally {
            running.unlock();
        }
    }

    private void outcome(Compaction compaction, EventId checkpoint) {
        switch (compaction.condense(checkpoint)) {
            case DONE -> { }
            case NOT_ALL_HERE -> throw new Problem(ErrorCode.NOT_CONDENSED, "The checkpoint " + checkpoint.brief() + " names events that are not here yet.",
                "Wait until this node is in sync, then try again.");
            case INCOMPARABLE -> throw new Problem(ErrorCode.NOT_CONDENSED, "The checkpoint " + checkpoint.brief() + " does not continue the one by which this log was condensed: two machines wrote "
                + "checkpoints at the same time.", "The log stays as it is.");
            case DIFFERS -> {
                differing = checkpoint;
                throw new Problem(ErrorCode.NOT_CONDENSED, "The checkpoint " + checkpoint.brief() + " says something else than this node's log: nothing was condensed.",
                    "Run `waggle log verify` here and on the node that wrote it.");
            }
        }
    }

    /// What is due by itself: a checkpoint of who writes them, and condensing below those that are old enough. Does nothing while one runs.
    void due(CompactionOptions options, long nowMs) {
        if (!options.automatic() || !running.tryLock()) return;
        try {
            var compaction = new Compaction(log(), _ -> { });
            if (writesCheckpoints() && newEntries(nowMs - options.checkpointMs()) > options.checkpointFrom()) compaction.write(space.author(), nowMs);
            var old = oldEnough(nowMs - options.retentionMs());
            if (old.isEmpty() || old.get().equals(differing) || Compaction.isCondensed(log(), old.get())) return;
            outcome(compaction, old.get());
        } catch (Problem | WriteRefused | LogUnavailable | DamagedLog e) {
            if (!Thread.currentThread().isInterrupted()) LOG.log(System.Logger.Level.WARNING, "space \"" + space.name() + "\" was not condensed: " + e.getMessage());
        } finally {
            running.unlock();
        }
    }

    /// Entries since the last checkpoint; none when that is younger than `sinceMs`.
    private long newEntries(long sinceMs) {
        var last = log().state().checkpoint().flatMap(log()::find);
        if (last.isEmpty()) return log().state().lastOffset();
        return last.get().event().envelope().ts().wallMs() > sinceMs ? 0 : log().state().lastOffset() - last.get().offset();
    }

    /// The newest checkpoint that was written before `untilMs`.
    private Optional<EventId> oldEnough(long untilMs) {
        for (var id = log().state().checkpoint(); id.isPresent(); ) {
            var entry = log().find(id.get());
            if (entry.isEmpty()) return Optional.empty();
            if (entry.get().event().envelope().ts().wallMs() <= untilMs) return id;
            id = Checkpoint.of(entry.get().event()).before();
        }
        return Optional.empty();
    }
}
