package dev.waggle.store.capture;

import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.WriteRefused;
import dev.waggle.store.view.ViewUnavailable;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/// The thread that owns a followed file, and what makes it look: touches of the file, entries of the log, and retries.
final class Owner {
    private static final long RETRY_MS_FIRST = 100;
    private static final long RETRY_MS_MAX = 5_000;
    private static final long STATUS_WAIT_MS = 500;

    private final ScheduledThreadPoolExecutor thread;
    private volatile boolean ended;
    private final AtomicBoolean passQueued = new AtomicBoolean();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile long touchedNs;
    private volatile boolean closed;
    private Notice notice;
    private AutoCloseable subscription;

    // touched by `thread` only
    private long seenVersion = -1;
    private long retryMs = RETRY_MS_FIRST;

    // told by `thread` to who asks for the status
    private volatile FollowStatus.State state = FollowStatus.State.WORKING;
    private volatile String failure = "";
    private volatile Optional<String> lastError = Optional.empty();
    /// The last answer that came in time; whoever got it puts it here.
    private volatile FollowStatus lastStatus = new FollowStatus(FollowStatus.State.WORKING, "starting", 0, 0, 0, 0, 0, 0, List.of(), List.of(), Optional.empty());

    Owner(String name) {
        thread = new ScheduledThreadPoolExecutor(1, task -> Thread.ofPlatform().daemon().name("waggle-follow-" + name).unstarted(task));
        thread.setRemoveOnCancelPolicy(true);
    }

    /// Runs `work` on the owning thread and waits for it.
    <T> T call(Callable<T> work) {
        try {
            return get(thread.submit(work), Long.MAX_VALUE);
        } catch (TimeoutException e) {
            throw new IllegalStateException("waited for ever", e);
        } catch (RejectedExecutionException e) {
            throw new FollowerClosed(e);
        }
    }

    private static <T> T get(java.util.concurrent.Future<T> future, long waitMs) throws TimeoutException {
        try {
            return future.get(waitMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FileUnavailable("interrupted while waiting", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case SQLException cause -> throw new FileUnavailable(String.valueOf(cause.getMessage()), cause);
                default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    // ---- following -------------------------------------------------------------------------------------------------------------

    synchronized void follow(FollowedFile followed, EventLog log) {
        if (notice != null || closed) return;
        schedule(followed::expect, 0);
        notice = new Notice(followed.path(), () -> touched(followed), () -> glance(followed));
        subscription = log.onAppend(() -> queuePass(followed, 0));
        notice.start();
        queuePass(followed, 0);
    }

    /// Called by the notice thread. Looks begin anew with every touch.
    private void touched(FollowedFile followed) {
        touchedNs = System.nanoTime();
        if (looking.compareAndSet(false, true)) scheduleLook(followed, 0, touchedNs);
    }

    /// One look, without a touch. A touch that comes meanwhile gets all of its own.
    private void glance(FollowedFile followed) {
        long began = touchedNs;
        if (!looking.compareAndSet(false, true)) return;
        schedule(() -> {
            try {
                if (isChanged(followed)) pass(followed);
            } finally {
                looking.set(false);               // whatever happened: who looks no more sees nothing for ever
            }
            if (touchedNs != began) touchedAgain(followed);
        }, 0);
    }

    /// @param known the last touch that the look before saw: one that came since begins the looks anew
    private void scheduleLook(FollowedFile followed, int index, long known) {
        long delayNs = index == 0 ? 0 : Notice.LOOKS_NS[index - 1];
        schedule(() -> look(followed, index, known), delayNs);
    }

    private void look(FollowedFile followed, int index, long known) {
        long began = touchedNs;
        int now = began == known ? index : 0;
        boolean goOn = false;
        try {
            boolean changed = isChanged(followed);
            if (changed) pass(followed);
            goOn = !(changed && began == known) && now < Notice.LOOKS_NS.length;       // a commit is told before it can be seen
        } finally {
            if (!goOn) looking.set(false);
        }
        if (goOn) scheduleLook(followed, now + 1, began);
        else if (touchedNs != began) touchedAgain(followed);
    }

    private boolean isChanged(FollowedFile followed) {
        try {
            return followed.changedOnDisk(seenVersion);
        } catch (RuntimeException e) {
            failed(e);
            return true;                      // the pass meets the same failure, and retries
        }
    }

    private void touchedAgain(FollowedFile followed) {
        if (looking.compareAndSet(false, true)) scheduleLook(followed, 0, touchedNs);
    }

    private void queuePass(FollowedFile followed, long delayMs) {
        if (passQueued.compareAndSet(false, true)) schedule(() -> {
            passQueued.set(false);
            pass(followed);
        }, TimeUnit.MILLISECONDS.toNanos(delayMs));
    }

    private void schedule(Runnable task, long delayNs) {
        if (closed) return;
        try {
            thread.schedule(() -> {
                if (!ended) task.run();           // a retry that was due later must not open again what close has closed
            }, delayNs, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            if (!closed) throw e;             // closed meanwhile: nothing to do any more
        }
    }

    private void pass(FollowedFile followed) {
        try {
            seenVersion = followed.dataVersion();
            boolean more = followed.pass();
            state = more ? FollowStatus.State.WORKING : FollowStatus.State.IN_SYNC;
            retryMs = RETRY_MS_FIRST;
            if (more) queuePass(followed, 0);
        } catch (SQLException e) {
            failed(UserFile.problem(followed.path(), e));
            retryLater(followed);
        } catch (RuntimeException e) {
            failed(e);
            retryLater(followed);
        }
    }

    /// Retrying never ends: what is behind is derived from log and file, nothing is kept in memory that could be lost.
    private void retryLater(FollowedFile followed) {
        long delay = retryMs;
        retryMs = Math.min(RETRY_MS_MAX, retryMs * 2);
        queuePass(followed, delay);
    }

    private void failed(RuntimeException e) {
        boolean passing = e instanceof FileUnavailable || e instanceof LogUnavailable || e instanceof ViewUnavailable || e instanceof WriteRefused;
        state = passing ? FollowStatus.State.WAITING : FollowStatus.State.FAILED;
        failure = e.getMessage() == null ? e.toString() : e.getMessage();
        lastError = Optional.of(failure);
    }

    // ---- status ----------------------------------------------------------------------------------------------------------------

    /// Asks the owner, but not for long: a file that is locked, or is none that can be read any more, must not hide its status.
    FollowStatus status(FollowedFile followed, EventLog log) {
        try {
            if (!closed) lastStatus = fresh(thread.submit(() -> followed.status(log)));
        } catch (RejectedExecutionException | FileUnavailable | FileRefused _) {
            // the last known numbers, with the state of now
        } catch (ViewUnavailable e) {
            failed(e);                        // until the next pass
        }
        var known = lastStatus;
        long logOffset = log.state().lastOffset();
        var now = stateNow(known, logOffset);
        return new FollowStatus(now, sentence(now, known, logOffset), known.queueDepth(), known.captured(), known.appliedOffset(), logOffset, known.conflicts(),
            known.keylessRows(), known.refusedRows(), known.missingTables(), lastError);
    }

    private FollowStatus fresh(Future<FollowStatus> asked) {
        try {
            return get(asked, STATUS_WAIT_MS);
        } catch (TimeoutException _) {
            asked.cancel(false);              // nobody waits for the answer: a busy owner must not find one for each time somebody asked
            return lastStatus;
        }
    }

    private FollowStatus.State stateNow(FollowStatus known, long logOffset) {
        if (closed) return FollowStatus.State.CLOSED;
        if (state == FollowStatus.State.WAITING || state == FollowStatus.State.FAILED) return state;
        if (known.state() == FollowStatus.State.NOT_TRACKED) return known.state();
        return known.queueDepth() == 0 && known.appliedOffset() >= logOffset ? FollowStatus.State.IN_SYNC : FollowStatus.State.WORKING;
    }

    private String sentence(FollowStatus.State now, FollowStatus known, long logOffset) {
        return switch (now) {
            case NOT_TRACKED -> "the file is not tracked; track it, or join it to a space";
            case IN_SYNC -> known.conflicts() == 0 ? "in sync" : "in sync, " + known.conflicts() + (known.conflicts() == 1 ? " open conflict" : " open conflicts");
            case WORKING -> "working: rows to read: " + known.queueDepth() + ", log entries to apply: " + (logOffset - known.appliedOffset());
            case WAITING -> "waiting: " + failure;
            case FAILED -> "failed, tried again every " + RETRY_MS_MAX / 1_000 + " s: " + failure;
            case CLOSED -> "closed";
        };
    }

    // ---- end -------------------------------------------------------------------------------------------------------------------

    void close() {
        close(() -> { });
    }

    void close(Runnable last) {
        synchronized (this) {
            if (closed) return;
            closed = true;
            if (notice != null) notice.close();
        }
        try {
            if (subscription != null) subscription.close();
        } catch (Exception e) {
            throw new IllegalStateException("the log did not let go", e);
        }
        var done = thread.submit(() -> {
            ended = true;
            last.run();
        });
        thread.shutdown();
        try {
            get(done, UserFile.LOCK_WAIT_MS * 2);
        } catch (TimeoutException e) {
            throw new FileUnavailable("the file did not come free while closing", e);
        }
    }
}
