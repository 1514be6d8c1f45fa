package dev.waggle.store.sql;

import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.PayloadTooLarge;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.LogCore;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.StateBoard;
import dev.waggle.core.log.WriteRefused;
import dev.waggle.store.sqlite.Resting;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// One thread that owns a log's state and its writing connection, as long as somebody calls now and then. It takes all calls that wait, runs them in one transaction, and answers
/// after one commit: with many callers one fsync serves them all, and one signature all writes of one author.
///
/// A call that is refused before it wrote anything fails alone. When the database fails, all of the group fail with [LogUnavailable],
/// nothing of it is kept, and the state is loaded from the disk before the next group: so the log works again as soon as the disk does.
final class GroupWriter implements AutoCloseable {
    /// Callers beyond these wait for room: the sender slows down (I9).
    private static final int CALLS_MAX = 1_024;
    private static final int GROUP_CALLS_MAX = 256;
    private static final int DRAFTS_TOGETHER_MAX = 1_000;

    /// What a caller wants done, on the writer's thread.
    interface Work<T> {
        T run(LogCore core, SqlStorage storage);
    }

    private static class Call<T> {
        final String doing;
        final Work<T> work;
        final CompletableFuture<T> answer = new CompletableFuture<>();
        private T result;
        private boolean done;

        Call(String doing, Work<T> work) {
            this.doing = doing;
            this.work = work;
        }

        void run(LogCore core, SqlStorage storage) {
            result(work.run(core, storage));
        }

        final void result(T value) {
            result = value;
            done = true;
        }

        void answer() {
            if (done) answer.complete(result);
        }
    }

    /// A local write.
    private static final class Write extends Call<List<Entry.Admitted>> {
        final Author author;
        final List<Draft> drafts;
        final List<Chunk> chunks;
        final Map<String, byte[]> marks;
        final long nowMs;

        Write(Author author, List<Draft> drafts, List<Chunk> chunks, Map<String, byte[]> marks, long nowMs) {
            super("write " + drafts.size() + " events", (core, _) -> core.write(author, drafts, chunks, marks, nowMs));
            this.author = author;
            this.drafts = drafts;
            this.chunks = chunks;
            this.marks = marks;
            this.nowMs = nowMs;
        }
    }

    private final SpaceId space;
    private final Verifier verifier;
    private final Supplier<Epoch> fresh;
    private final Database database;
    private final StateBoard board;
    private final BlockingQueue<Call<?>> calls = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(CALLS_MAX, true);
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Object closing = new Object();
    private boolean closed;                     // these two are guarded by `closing`
    private Thread thread;                      // null while nothing was called for long
    private SqlStorage storage;                 // these two are touched by `thread` only, or under `closing` while there is none, and are null until the database can be read
    private LogCore core;

    GroupWriter(SpaceId space, Verifier verifier, Supplier<Epoch> fresh, Database database, StateBoard board) throws SQLException {
        this.space = space;
        this.verifier = verifier;
        this.fresh = fresh;
        this.database = database;
        this.board = board;
        load();
        synchronized (closing) {
            thread = begin();                   // whoever opens a log writes to it: it begins with a mark
        }
    }

    /// Waits until the call is durable. Not interruptible: a caller that went away could not know whether its change was kept.
    ///
    /// @throws LogUnavailable when the database failed or the log is closed; nothing was changed
    <T> T call(String doing, Work<T> work) {
        return call(new Call<>(doing, work));
    }

    /// See [dev.waggle.core.log.EventLog#write].
    List<Entry.Admitted> write(Author author, List<Draft> drafts, List<Chunk> chunks, Map<String, byte[]> marks, long nowMs) {
        return call(new Write(author, drafts, chunks, marks, nowMs));
    }

    private <T> T call(Call<T> call) {
        enqueue(call);
        try {
            return call.answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                cause.addSuppressed(new IllegalStateException("called here"));        // the writer's stack alone would not say by whom
                throw cause;
            }
            throw e;
        }
    }

    private void enqueue(Call<?> call) {
        room.acquireUninterruptibly();
        synchronized (closing) {
            if (!closed) {
                calls.add(call);
                if (thread == null) thread = begin();
                return;
            }
        }
        room.release();
        throw new LogUnavailable(call.doing, new IllegalStateException("the log is closed"));
    }

    private Thread begin() {
        return Thread.ofPlatform().daemon().name("log-writer-" + space.brief()).start(() -> {
            Resting.awake(1);
            try {
                serve();
            } finally {
                Resting.awake(-1);
            }
        });
    }

    boolean isOpen() {
        synchronized (closing) {
            return !closed;
        }
    }

    AutoCloseable onAppend(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private void serve() {
        var group = new ArrayList<Call<?>>();
        while (true) {
            group.clear();
            try {
                var call = calls.poll(Resting.afterMs(), TimeUnit.MILLISECONDS);
                if (call == null) {
                    if (isResting()) return;
                    continue;
                }
                group.add(call);
            } catch (InterruptedException _) {
                continue;                       // nobody interrupts this thread on purpose; it ends by the closing call
            }
            calls.drainTo(group, GROUP_CALLS_MAX - 1);
            boolean last = group.removeIf(call -> call == END);
            if (!group.isEmpty()) run(group);
            room.release(group.size());
            if (last) break;
        }
        discard();
    }

    /// Nobody called for long: the thread ends, and its connection is closed. What it knows of the log stays, and the next call begins another.
    private boolean isResting() {
        synchronized (closing) {
            if (!calls.isEmpty()) return false;
            sleep();
            thread = null;
            return true;
        }
    }

    private void sleep() {
        try {
            if (storage != null) storage.connection().sleep();
        } catch (SQLException _) {
            discard();                          // the next group opens it anew, and fails by itself if the disk does
        }
    }

    private void run(List<Call<?>> group) {
        long before = board.lastOffset();
        try {
            if (core == null) load();
            if (!storage.begin()) core = loaded();
            for (int from = 0; from < group.size(); ) {
                int to = together(group, from);
                if (to - from < 2 || !runAsOne(group.subList(from, to))) for (var call : group.subList(from, to)) run(call);
                from = to;
            }
            storage.commit();
        } catch (SQLException | RuntimeException e) {
            discard();
            for (var call : group) call.answer.completeExceptionally(new LogUnavailable(call.doing, cause(e)));
            return;
        }
        core.publish();
        if (board.lastOffset() > before) listeners.forEach(GroupWriter::tell);
        group.forEach(Call::answer);
        boundJournal();
    }

    /// Nobody waits for this: what was called is durable and answered.
    private void boundJournal() {
        try {
            database.boundJournal(storage.connection());
        } catch (SQLException _) {
            discard();                          // the next group opens the file anew, and fails by itself if the disk does
        }
    }

    /// A listener's mistake is reported and harms neither the log nor its callers: what they called is durable.
    private static void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            var thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    /// Writes of one author that stand one after the other are one run of his chain: a signature costs more than all else that an event does.
    private static int together(List<Call<?>> group, int from) {
        int to = from + 1;
        if (!(group.get(from) instanceof Write first)) return to;
        int drafts = first.drafts.size();
        while (to < group.size() && group.get(to) instanceof Write next && next.author.equals(first.author) && drafts + next.drafts.size() <= DRAFTS_TOGETHER_MAX) {
            drafts += next.drafts.size();
            to++;
        }
        return to;
    }

    /// @return false when one of them is refused, which changed nothing: then each has to be asked for itself
    private boolean runAsOne(List<Call<?>> writes) {
        var drafts = new ArrayList<Draft>();
        var chunks = new ArrayList<Chunk>();
        var marks = new LinkedHashMap<String, byte[]>();
        long nowMs = Long.MIN_VALUE;
        for (var call : writes) {
            var write = (Write) call;
            drafts.addAll(write.drafts);
            chunks.addAll(write.chunks);
            marks.putAll(write.marks);
            nowMs = Math.max(nowMs, write.nowMs);
        }
        long written = storage.writes();
        List<Entry.Admitted> entries;
        try {
            entries = core.write(((Write) writes.getFirst()).author, drafts, chunks, marks, nowMs);
        } catch (WriteRefused | PayloadTooLarge | MalformedPayload | IllegalArgumentException refused) {
            if (storage.writes() != written) throw refused;
            return false;
        }
        int at = 0;
        for (var call : writes) {
            var write = (Write) call;
            write.result(List.copyOf(entries.subList(at, at += write.drafts.size())));
        }
        return true;
    }

    /// A refused call changed nothing and fails alone; anything else is a broken database or a bug and takes the group with it.
    private void run(Call<?> call) {
        long written = storage.writes();
        try {
            call.run(core, storage);
        } catch (WriteRefused | PayloadTooLarge | MalformedPayload | IllegalArgumentException refused) {
            call.answer.completeExceptionally(refused);
            if (storage.writes() != written) throw refused;
        }
    }

    private static Throwable cause(Exception e) {
        return e instanceof SqlStorage.Failed ? e.getCause() : e;
    }

    private void load() throws SQLException {
        var connection = database.writer(space);
        try {
            storage = new SqlStorage(space, connection);
            storage.begin();
            core = loaded();
            connection.commit(true);
        } catch (SQLException | RuntimeException e) {
            storage = null;
            core = null;
            try {
                connection.close();
            } catch (SQLException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private LogCore loaded() throws SQLException {
        return new LogCore(space, verifier, fresh, storage, new LogLoader(storage.connection()).load(), board);
    }

    /// Closing a connection rolls back, also where a rollback itself fails.
    private void discard() {
        if (storage == null) return;
        try {
            storage.close();
        } catch (SQLException _) {
            // the state is loaded anew from what was committed, whatever this connection still holds
        }
        storage = null;
        core = null;
    }

    private static final Call<Void> END = new Call<>("close", (_, _) -> null);

    /// Finishes what was called before and ends.
    @Override public void close() {
        Thread last;
        synchronized (closing) {
            last = thread;
            if (last == null) discard();
            else if (!closed) calls.add(END);
            closed = true;
        }
        boolean interrupted = false;
        while (last != null && last.isAlive()) {
            try {
                last.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
