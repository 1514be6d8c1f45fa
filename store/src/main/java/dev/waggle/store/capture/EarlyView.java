package dev.waggle.store.capture;

import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.store.view.ViewUnavailable;

import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Folds a log into the view of a file that does not follow it yet, while the log still arrives: who joins waits for the slower of the two, not for both.
///
/// Use it before [TableFollower#open], which takes up the view where this left it. What goes wrong here goes wrong there again, and is told there.
public final class EarlyView implements AutoCloseable {
    /// What comes in small steps is settled in whole pieces; when nothing came for so long, what there is.
    private static final long PAUSE_MS = 100;
    private final EventLog log;
    private final FileView.Opener views;
    private final Semaphore more = new Semaphore(1);
    private final Thread thread;
    private volatile boolean closed;
    private volatile long folded;
    private long at;                                        // folded up to here, and not yet committed

    private EarlyView(Path viewFile, EventLog log) {
        this.log = log;
        this.views = new FileViews(viewFile, log);
        this.thread = Thread.ofPlatform().daemon().name("waggle-early-view").unstarted(this::run);
    }

    /// @param viewFile as given to [TableFollower#open] afterwards
    public static EarlyView start(Path viewFile, EventLog log) {
        var early = new EarlyView(viewFile, log);
        early.thread.start();
        return early;
    }

    private void run() {
        try (var view = views.open(); var _ = log.onAppend(more::release)) {
            folded = at = view.committed();
            while (!closed) {
                if (more.tryAcquire(PAUSE_MS, TimeUnit.MILLISECONDS)) {
                    more.drainPermits();
                    fold(view);
                } else if (at > folded) {
                    settle(view);
                }
            }
            settle(view);
        } catch (LogUnavailable | ViewUnavailable _) {
            // the follower meets it again
        } catch (Exception e) {
            throw new IllegalStateException("the log did not let go", e);
        }
    }

    private void fold(FileView view) {
        for (var entries = Follower.readLog(log, at); !entries.isEmpty(); entries = Follower.readLog(log, at))
            for (var entry : entries) {
                view.fold(entry);
                at = entry.offset();
                if (!Follower.isPiece(view, entry)) continue;
                settle(view);
                if (closed) return;
            }
    }

    private void settle(FileView view) {
        view.table().settle();
        view.commit(at);
        folded = at;
    }

    /// Entries up to this offset are in the view, for good.
    long folded() {
        return folded;
    }

    /// Waits for the piece that is being folded.
    @Override public void close() {
        closed = true;
        more.release();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
