package dev.waggle.node;

import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// Work that takes longer than a request: it goes on when the caller goes away, and anybody may ask how far it is. The last
/// [#KEPT_MAX] are remembered until the node stops; at most [#RUNNING_MAX] run at once.
public final class Jobs<T> implements AutoCloseable {
    static final int KEPT_MAX = 200;
    static final int RUNNING_MAX = 16;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Job<T>> jobs = new LinkedHashMap<>();
    private long last;

    /// How far a job is. Written by the job, read by anybody.
    public static final class Job<T> {
        private final String id;
        private final String what;
        private long done;
        private long total;
        private boolean ended;
        private T result;
        private RuntimeException failure;

        Job(String id, String what) {
            this.id = id;
            this.what = what;
        }

        public String id() {
            return id;
        }

        /// @param ofTotal 0 when it is not known
        public synchronized void progress(long doneNow, long ofTotal) {
            done = doneNow;
            total = ofTotal;
        }

        private synchronized void end(T value, RuntimeException problem) {
            result = value;
            failure = problem;
            ended = true;
            notifyAll();
        }

        public synchronized State<T> state() {
            return new State<>(id, what, done, total, ended, Optional.ofNullable(result), Optional.ofNullable(failure));
        }

        /// The state when the job has ended or `waitMs` have passed.
        public synchronized State<T> await(long waitMs) throws InterruptedException {
            var until = System.nanoTime() + waitMs * 1_000_000;
            for (long left = waitMs; !ended && left > 0; left = (until - System.nanoTime()) / 1_000_000) wait(left);
            return state();
        }
    }

    /// @param failure why it ended without a result; a [Problem], or a bug
    public record State<T>(String id, String what, long done, long total, boolean ended, Optional<T> result, Optional<RuntimeException> failure) {}

    public synchronized Job<T> start(String what, Function<Job<T>, T> work) {
        if (jobs.values().stream().filter(job -> !job.state().ended()).count() >= RUNNING_MAX)
            throw new Problem(ErrorCode.TOO_MANY, "This node does " + RUNNING_MAX + " long things already.", "Wait until one has ended.");
        var job = new Job<T>("job-" + ++last, what);
        jobs.put(job.id(), job);
        for (var old = jobs.values().iterator(); jobs.size() > KEPT_MAX && old.hasNext();) if (old.next().state().ended()) old.remove();
        threads.submit(() -> {
            try {
                job.end(work.apply(job), null);
            } catch (RuntimeException e) {
                job.end(null, e);                        // whoever asks is told, and the REST layer logs bugs
            } catch (Error e) {
                job.end(null, new IllegalStateException(e));
                throw e;
            }
        });
        return job;
    }

    public synchronized Job<T> job(String id) {
        var job = jobs.get(id);
        if (job == null) throw new Problem(ErrorCode.NOT_FOUND, "There is no such job.", "Jobs are forgotten when the node restarts.");
        return job;
    }

    @Override public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
