package dev.waggle.node.mirror;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.net.http.FeedClient;
import dev.waggle.node.Node;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.node.MirrorQueries;
import dev.waggle.store.node.MirrorStore;
import dev.waggle.store.node.Subscription;
import dev.waggle.store.node.Subscription.Status;
import dev.waggle.store.node.SubscriptionStore;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/// The subscriptions of this node: polls each when its time has come, at most [#AT_ONCE] at the same time, for as long as the node runs. Thread-safe.
public final class Mirrors implements AutoCloseable {
    public static final long INTERVAL_MS_MIN = 1_000;
    public static final long INTERVAL_MS_MAX = 24 * 3_600_000L;
    static final int SUBSCRIPTIONS_MAX = 256;
    static final int AT_ONCE = 4;
    private static final System.Logger LOG = System.getLogger("waggle.mirror");
    private static final int ID_BYTES = 8;
    private static final int NAME_CHARS_MAX = 200;
    private static final long TRIGGER_MS_MAX = 30_000;

    private final Node node;
    private final SubscriptionStore subscriptions;
    private final MirrorStore mirror;
    private final MirrorQueries queries;
    private final Poll.Room room;
    private final Map<String, Work> works = new HashMap<>();           // guarded by this, like all of each but its poll
    private Thread clock;                                              // null while nothing is polled by itself
    private int running;
    private boolean closed;

    /// What is known of a subscription while the node runs.
    private static final class Work {
        final Poll poll;
        long dueNanos = System.nanoTime();
        int failures;
        boolean running;
        Thread thread;

        Work(Poll poll, int failures) {
            this.poll = poll;
            this.failures = failures;
        }
    }

    public Mirrors(Node node) {
        this(node, Poll.Room.DEFAULT);
    }

    Mirrors(Node node, Poll.Room room) {
        this.node = node;
        this.room = room;
        this.subscriptions = new SubscriptionStore(node.store());
        this.mirror = new MirrorStore(node.store());
        this.queries = new MirrorQueries(node.store());
    }

    /// Begins to poll.
    public synchronized Mirrors start() {
        for (var each : subscriptions.list()) work(each);
        clock = Thread.ofVirtual().name("subscriptions").start(this::run);
        return this;
    }

    private Work work(Subscription of) {
        return works.computeIfAbsent(of.id(), _ -> new Work(new Poll(node, subscriptions, mirror, room), of.failures()));
    }

    public MirrorQueries queries() {
        return queries;
    }

    // what people do

    public List<Subscription> list() {
        return subscriptions.list();
    }

    /// @param asked an id, or what the mirror is called here
    public Subscription find(String asked) {
        return subscriptions.byId(asked).or(() -> subscriptions.named(asked))
            .orElseThrow(() -> new Problem(ErrorCode.NOT_FOUND, "There is no such subscription.", "`waggle hive subscriptions` names them."));
    }

    /// @param url        `http(s)://host:port`
    /// @param remoteHive its name there; may be left out when that node has one public hive
    /// @param localName  what to call the mirror; otherwise as there, or with a number behind it
    public Subscription subscribe(String url, Optional<String> remoteHive, Optional<String> localName, Optional<Long> intervalMs) {
        var source = Source.parse(url);
        long everyMs = interval(intervalMs.orElse(node.settings().sync().subscriptionMs()));
        if (subscriptions.list().size() >= SUBSCRIPTIONS_MAX) throw new Problem(ErrorCode.TOO_MANY, "At most " + SUBSCRIPTIONS_MAX + " subscriptions are kept.", "Unsubscribe from some.");
        var hive = name(remoteHive.isPresent() ? remoteHive.get() : onlyHive(source));
        var id = "sub_" + Hex.of(node.random(ID_BYTES));
        if (subscriptions.list().stream().anyMatch(each -> each.url().equals(source.url()) && each.remoteHive().equals(hive)))
            throw new Problem(ErrorCode.BAD_REQUEST, "This node is subscribed to that hive already.", "`waggle hive subscriptions` names them.");
        if (!subscriptions.add(id, source.url(), hive, free(localName.map(Mirrors::name), hive), everyMs, node.nowMs()))
            throw new Problem(ErrorCode.BAD_REQUEST, "There is a subscription of that name.", "Choose another name.");
        var made = find(id);
        synchronized (this) {
            work(made);
            notifyAll();
        }
        return made;
    }

    private static long interval(long ms) {
        if (ms < INTERVAL_MS_MIN || ms > INTERVAL_MS_MAX) throw new Problem(ErrorCode.BAD_REQUEST, "An interval is from " + INTERVAL_MS_MIN + " to " + INTERVAL_MS_MAX + " ms.", "Choose one in that range.");
        return ms;
    }

    private static String name(String name) {
        if (name.isBlank() || name.length() > NAME_CHARS_MAX || name.chars().anyMatch(c -> c < ' ' || c == 0x7f)) throw new Problem(ErrorCode.BAD_REQUEST, "That is no name of a hive.", "Choose another.");
        return name;
    }

    private String free(Optional<String> wanted, String otherwise) {
        var taken = new TreeSet<String>();
        node.spaces().forEach(space -> taken.add(space.name()));
        subscriptions.list().forEach(each -> taken.add(each.localName()));
        if (wanted.isPresent()) {
            if (taken.contains(wanted.get())) throw new Problem(ErrorCode.BAD_REQUEST, "There is something of the name \"" + wanted.get() + "\" here.", "Choose another name.");
            return wanted.get();
        }
        var name = otherwise;
        for (int i = 2; taken.contains(name); i++) name = otherwise + "-" + i;
        return name;
    }

    private String onlyHive(Source source) {
        try (var client = source.client(node, Optional.empty())) {
            var names = client.hives().json().array("hives").stream().map(Json::asObject).map(hive -> hive.text("name")).filter(name -> name.length() <= NAME_CHARS_MAX).toList();
            if (names.size() == 1) return names.getFirst();
            throw new Problem(ErrorCode.BAD_REQUEST, names.isEmpty() ? "That node has no public hive." : "That node has " + names.size() + " public hives.",
                names.isEmpty() ? "Its moderators make one public: `waggle hive set is_public true`." : "Say which one: " + String.join(", ", names.subList(0, Math.min(10, names.size()))) + ".");
        } catch (IOException | MalformedPayload e) {
            throw new Problem(ErrorCode.PEER_UNREACHABLE, "The node there could not be asked for its hives: " + sentence(e) + ".", "See that it runs and can be reached, or say which hive it is.", e);
        }
    }

    /// @param paused   empty for as it is
    public Subscription change(Subscription of, Optional<Boolean> paused, Optional<Long> intervalMs) {
        var status = paused.map(pause -> pause ? Status.PAUSED : of.status() == Status.PAUSED ? Status.ACTIVE : of.status()).orElse(of.status());
        subscriptions.change(of.id(), status, interval(intervalMs.orElse(of.intervalMs())), node.nowMs());
        synchronized (this) {
            work(of).dueNanos = System.nanoTime();                     // now, and from then on as it says
            notifyAll();
        }
        return find(of.id());
    }

    /// Forgets the subscription and what it brought.
    public void unsubscribe(Subscription of) {
        subscriptions.remove(of.id());
        synchronized (this) {
            var work = works.remove(of.id());
            if (work != null && work.thread != null) work.thread.interrupt();
        }
        try {
            mirror.removeOrphans();
        } catch (LogUnavailable e) {
            LOG.log(System.Logger.Level.WARNING, "what a mirror held is removed later: " + e.getMessage());
        }
    }

    /// Polls now, paused or not, and waits until it is done.
    public Subscription trigger(Subscription of) {
        Work work;
        synchronized (this) {
            work = work(of);
            try {
                for (var until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TRIGGER_MS_MAX); work.running; ) {
                    long leftMs = (until - System.nanoTime()) / 1_000_000;
                    if (leftMs <= 0) throw new Problem(ErrorCode.NOT_READY, "It is being polled, which takes long.", "Look at the subscription in a while.");
                    wait(leftMs);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new Problem(ErrorCode.NOT_READY, "The node is stopping.", "Ask again when it is up.");
            }
            begin(work);
        }
        for (var until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(TRIGGER_MS_MAX); poll(of.id(), work) == 0 && System.nanoTime() < until; ) {
            synchronized (this) {
                if (work.running) break;                               // the rest comes by itself
                begin(work);
            }
        }
        return find(of.id());
    }

    // polling

    private void run() {
        try {
            removeOrphans();
            while (true) {
                synchronized (this) {
                    if (closed) return;
                    long waitMs = launch();
                    if (waitMs > 0) wait(waitMs);
                    else wait();
                }
            }
        } catch (InterruptedException _) {
            // close() asked us to end
        }
    }

    private void removeOrphans() {
        try {
            mirror.removeOrphans();
        } catch (LogUnavailable e) {
            LOG.log(System.Logger.Level.WARNING, "what former mirrors held is removed at the next start: " + e.getMessage());
        }
    }

    /// Starts what is due.
    ///
    /// @return how long nothing more will be, milliseconds; 0 for until somebody says so
    private long launch() {
        long soonestMs = Long.MAX_VALUE;
        List<Subscription> all;
        try {
            all = pollable();
        } catch (LogUnavailable e) {
            LOG.log(System.Logger.Level.WARNING, "the subscriptions cannot be read now: " + e.getMessage());
            return Pace.RETRY_MS_MIN;
        }
        for (var of : all) {
            var work = work(of);
            if (work.running) continue;
            long leftMs = (work.dueNanos - System.nanoTime()) / 1_000_000;
            if (leftMs > 0) soonestMs = Math.min(soonestMs, leftMs);
            else if (running < AT_ONCE) {
                begin(work);
                work.thread = Thread.ofVirtual().name("poll " + of.id()).start(() -> poll(of.id(), work));
            }
        }
        return soonestMs == Long.MAX_VALUE ? 0 : soonestMs + 1;
    }

    /// Those that wait longest first, so that many never keep one from its turn.
    private List<Subscription> pollable() {
        return subscriptions.list().stream().filter(each -> each.status() != Status.PAUSED).sorted((a, b) -> Long.compare(work(a).dueNanos - work(b).dueNanos, 0)).toList();
    }

    private synchronized void begin(Work work) {
        work.running = true;
        running++;
    }

    /// @return how long until it is asked again; 0 when there is more
    private long poll(String id, Work work) {
        long pauseMs = Pace.RETRY_MS_MAX;
        try {
            pauseMs = polled(id, work);
        } catch (LogUnavailable e) {
            work.failures++;
            pauseMs = Pace.pauseMs(work.failures, 0);
            LOG.log(System.Logger.Level.WARNING, "subscription " + id + ": " + e.getMessage() + "; it is tried again");
        } finally {
            synchronized (this) {
                work.running = false;
                work.thread = null;
                running--;
                work.dueNanos = System.nanoTime() + pauseMs * 1_000_000;
                notifyAll();
            }
        }
        return pauseMs;
    }

    /// @return how long until it is asked again
    private long polled(String id, Work work) {
        long intervalMs = subscriptions.byId(id).map(Subscription::intervalMs).orElse(INTERVAL_MS_MAX);
        try {
            if (!work.poll.turn(id)) return 0;
            if (Pace.isError(work.failures)) LOG.log(System.Logger.Level.INFO, "subscription " + id + " works again");
            work.failures = 0;
            subscriptions.worked(id, node.nowMs());
            return intervalMs;
        } catch (FeedClient.Busy e) {
            return Math.max(e.seconds() * 1_000L, Pace.RETRY_MS_MIN);
        } catch (IOException e) {
            synchronized (this) {
                if (closed) return intervalMs;                         // hung up by us
            }
            work.failures++;
            if (work.failures == Pace.FAILURES_OF_AN_ERROR) LOG.log(System.Logger.Level.WARNING, "subscription " + id + " failed " + work.failures + " times: " + sentence(e) + "; it is tried on");
            subscriptions.failed(id, sentence(e), work.failures, Pace.isError(work.failures));
            return Pace.pauseMs(work.failures, intervalMs);
        }
    }

    private static String sentence(Exception e) {
        return e instanceof MalformedPayload ? "its answer is not what a Waggle node says" : String.valueOf(e.getMessage());
    }

    @Override public void close() {
        List<Thread> polls;
        synchronized (this) {
            closed = true;
            polls = works.values().stream().map(work -> work.thread).filter(java.util.Objects::nonNull).toList();
            notifyAll();
        }
        if (clock != null) clock.interrupt();
        polls.forEach(Thread::interrupt);
        for (var poll : polls) {
            try {
                poll.join(2_000);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
