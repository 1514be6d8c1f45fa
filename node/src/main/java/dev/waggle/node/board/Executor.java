package dev.waggle.node.board;

import dev.waggle.apps.board.BoardCommand;
import dev.waggle.apps.board.ClaimRef;
import dev.waggle.apps.board.TaskRow;
import dev.waggle.apps.board.TaskStatus;
import dev.waggle.core.event.EventId;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.WriteRefused;
import dev.waggle.node.board.Boards.Board;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.board.Project;
import dev.waggle.store.board.ProjectStore;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Carries tasks out: claims what waits, lets a [Worker] do it, renews the lease meanwhile, and reports. At most so many at once as the settings say.
///
/// Several nodes choose among the same tasks: each tries them in an order of its own, and waits a moment between claim and start, so that two seldom begin
/// the same one. When they do, one claim counts, and the other's work ends as soon as that is known here.
public final class Executor implements Linking.Work, AutoCloseable {
    private static final System.Logger LOG = System.getLogger("waggle.executor");
    private static final long LOOK_MS = 500;
    private static final long STEP_MS = 100;
    private static final long LATE_MS = 1_000;
    private static final int CANDIDATES_MAX = 200;

    private final Boards boards;
    private final BoardOptions options;
    private final Worker worker;
    private final Map<EventId, Run> runs = new ConcurrentHashMap<>();
    private final FirstChoices firstChoices = new FirstChoices();
    private final Set<String> paused = ConcurrentHashMap.newKeySet();
    private final Object choosing = new Object();                         // held while a task of a project is claimed
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().name("executor").daemon().factory());

    Executor(Boards boards, Worker worker) {
        this.boards = boards;
        this.options = boards.options();
        this.worker = worker;
    }

    void start() {
        if (options.executes()) watch.scheduleWithFixedDelay(this::look, 0, LOOK_MS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            giveBack();
            for (var project : boards.store().list()) if (options.projects().isEmpty() || options.projects().contains(project.name())) look(project);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "tasks are looked at again: " + e);
        }
    }

    /// What ran when the node was killed runs no more.
    private void giveBack() {
        for (var run : boards.store().runs()) {
            if (runs.containsKey(new EventId(run.claim()))) continue;
            var board = boards.open(run.space());
            if (board.isEmpty() && boards.node().space(run.space()).isPresent()) continue;          // not open yet
            board.ifPresent(open -> release(open, run.task(), new ClaimRef(new EventId(run.claim()), run.token()), "the node was restarted"));
            boards.store().ended(run.claim());
        }
    }

    private void release(Board board, String task, ClaimRef claim, String why) {
        try {
            boards.act(board, new BoardCommand.Release(task, claim, Optional.of(why)));
        } catch (Problem | WriteRefused | LogUnavailable no) {
            LOG.log(System.Logger.Level.INFO, "task=" + task + " is not given back: " + no.getMessage());
        }
    }

    private void look(Project project) {
        var board = boards.open(project.space());
        if (board.isEmpty() || runs.size() >= options.slots()) return;
        var space = board.get().space().id();
        var firsts = board.get().queries().firsts(boards.self());
        if (!firsts.isEmpty()) boards.node().peers().presence().refresh(space);
        var here = firstChoices.leftTheirs(space, firsts, each -> Standing.of(boards.node(), space, each) == Standing.ONLINE, boards.nowMs(), options.leaseMs());
        var waiting = board.get().queries().claimable(boards.self(), here, worker.wanted(), boards.nowMs(), CANDIDATES_MAX).stream()
            .sorted(Comparator.comparing(TaskRow::priority).thenComparing(task -> Uuids.named(boards.self().hex(), task.id()))).toList();
        for (var task : waiting) {
            if (runs.size() >= options.slots()) return;
            synchronized (choosing) {
                if (!paused.contains(project.id())) claim(project, board.get(), task);
            }
        }
    }

    private void claim(Project project, Board board, TaskRow task) {
        if (task.holder().filter(boards.self()::equals).isPresent() && runs.containsKey(task.claim().orElseThrow().id())) return;
        try {
            boards.act(board, new BoardCommand.Claim(task.id(), options.leaseMs()));
        } catch (Problem | WriteRefused no) {
            return;                                                       // somebody was faster, or it changed, or this machine's clock is wrong
        }
        board.queries().task(task.id()).filter(row -> row.holder().filter(boards.self()::equals).isPresent()).ifPresent(row -> begin(project, board, row));
    }

    private void begin(Project project, Board board, TaskRow task) {
        var claim = task.claim().orElseThrow();
        boards.store().running(new ProjectStore.Running(claim.id().hex(), claim.token(), board.space().id(), task.id()));
        var run = new Run(project, board, task, claim);
        runs.put(claim.id(), run);
        run.thread = Thread.ofVirtual().name("task-" + task.id()).start(run);
    }

    /// One task that is carried out here.
    private final class Run implements Runnable {
        private final Project project;
        private final Board board;
        private final TaskRow task;
        private final ClaimRef claim;
        private volatile String stopped = "";
        private Thread thread;

        Run(Project project, Board board, TaskRow task, ClaimRef claim) {
            this.project = project;
            this.board = board;
            this.task = task;
            this.claim = claim;
        }

        @Override public void run() {
            try {
                if (!settled()) return;
                var work = worker.begin(project, task, boards.store().visible(project.id(), task.id()), this::say);
                try {
                    follow(work);
                } finally {
                    work.kill();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "task=" + task.id() + " ended without a result: " + e);
            } finally {
                try {
                    if (!stopped.isEmpty()) release(board, task.id(), claim, stopped);
                    boards.store().ended(claim.id().hex());
                } finally {
                    runs.remove(claim.id());                              // its place is free; what could not be written is given back at the next look
                }
            }
        }

        private boolean settled() throws InterruptedException {
            for (long until = System.nanoTime() + options.settleMs() * 1_000_000; System.nanoTime() < until; Thread.sleep(STEP_MS)) if (!stopped.isEmpty()) return false;
            return isMine();
        }

        private boolean isMine() {
            return board.queries().task(task.id()).flatMap(TaskRow::claim).filter(claim::equals).isPresent();
        }

        /// A result is written whatever became of the claim: without effect if another one followed, and then everybody sees that it came too late.
        private void follow(Worker.Work work) throws InterruptedException {
            long renewedMs = boards.nowMs();
            for (;;) {
                var exit = work.await(STEP_MS);
                if (exit.isPresent()) {
                    finish(exit.get());
                    return;
                }
                if (!stopped.isEmpty()) return;
                if (!isMine()) {
                    var late = work.await(LATE_MS);
                    if (late.isPresent()) finish(late.get());             // a node that was stopped hears of the other claim before it sees that its command ended
                    LOG.log(System.Logger.Level.INFO, "task=" + task.id() + " went to another node: the command is ended");
                    return;
                }
                if (boards.nowMs() - renewedMs < options.leaseMs() / 3) continue;
                try {
                    boards.act(board, new BoardCommand.Renew(task.id(), claim, options.leaseMs()));
                    renewedMs = boards.nowMs();
                } catch (LogUnavailable | WriteRefused away) {
                    LOG.log(System.Logger.Level.DEBUG, "task=" + task.id() + " its lease is renewed later", away);
                }
            }
        }

        /// Again while the disk or the database is away, or this machine's clock is wrong: work that is done is not done in vain for that, while the claim is this node's.
        private void finish(int exit) throws InterruptedException {
            var result = new BoardCommand.Finish(task.id(), claim, exit == 0 ? TaskStatus.DONE : TaskStatus.INREVIEW, OptionalInt.of(exit), Optional.empty());
            for (boolean told = false;; Thread.sleep(STEP_MS)) {
                try {
                    boards.act(board, result);
                    return;
                } catch (LogUnavailable | WriteRefused away) {
                    if (!stopped.isEmpty() || !isMine()) throw away;
                    if (!told) LOG.log(System.Logger.Level.WARNING, "task=" + task.id() + " its result is written when that is possible: " + away.getMessage());
                    told = true;
                }
            }
        }

        /// Again for as long as a result would be tried again; the command waits at its pipe meanwhile.
        private void say(List<String> lines) {
            for (boolean told = false;;) {
                try {
                    boards.act(board, new BoardCommand.Work(task.id(), claim, lines));
                    return;
                } catch (RuntimeException e) {
                    boolean again = (e instanceof LogUnavailable || e instanceof WriteRefused) && stopped.isEmpty() && isMine();
                    if (!told) LOG.log(System.Logger.Level.WARNING, "task=" + task.id() + (again ? " lines are written when that is possible: " : " lines were not written: ") + e.getMessage());
                    if (!again) return;
                    told = true;
                    LockSupport.parkNanos(STEP_MS * 1_000_000);
                }
            }
        }
    }

    @Override public void stop(Project project) {
        synchronized (choosing) {
            paused.add(project.id());
        }
        for (var run : runs.values()) if (run.project.id().equals(project.id())) stop(run, "the project is being linked or unlinked");
    }

    @Override public void goOn(Project project) {
        paused.remove(project.id());
    }

    private static void stop(Run run, String why) {
        run.stopped = why;
        try {
            if (run.thread != null) run.thread.join(10_000);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override public void close() {
        watch.shutdownNow();
        runs.values().forEach(run -> run.stopped = "the node stops");
        runs.values().forEach(run -> stop(run, "the node stops"));
    }
}
