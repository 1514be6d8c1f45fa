package dev.waggle.sync.engine;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Genesis;
import dev.waggle.core.log.MemoryEventLog;
import dev.waggle.core.log.Role;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.Notice;
import dev.waggle.sync.protocol.SyncSettings;
import dev.waggle.sync.protocol.Ticket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import static org.assertj.core.api.Assertions.assertThat;

/// The same engine on real threads and the real clock: nothing hangs, nothing is lost between threads.
class SyncLoopTest {
    private static final Ed25519 VERIFIER = new Ed25519();
    private static final AtomicLong IDS = new AtomicLong();
    private final Map<String, Transport.Handler> listening = new ConcurrentHashMap<>();
    private final List<Node> nodes = new ArrayList<>();

    private final class Node {
        final Signer signer = Ed25519.signer(Entropy.system().bytes(32));
        final String address = "10.0.0.1:" + IDS.incrementAndGet();
        final Epoch epoch = Epoch.of(Entropy.system().bytes(16));
        final SortedMap<SpaceId, EventLog> logs = new ConcurrentSkipListMap<>();
        final List<Throwable> broken = new CopyOnWriteArrayList<>();
        final List<Notice> notices = new CopyOnWriteArrayList<>();
        final Sync sync;

        Node() {
            this(SyncSettings.defaults());
        }

        Node(SyncSettings settings) {
            var spaces = new Spaces() {
                @Override public SortedMap<SpaceId, EventLog> open() {
                    return logs;
                }

                @Override public EventLog welcome(SpaceId space, String name) {
                    return logs.computeIfAbsent(space, _ -> new MemoryEventLog(space, VERIFIER, () -> Epoch.of(Entropy.system().bytes(16))));
                }
            };
            sync = new Sync(new Sync.Parts(signer, VERIFIER, settings, List.of(), spaces, new MemoryPeerStore(),
                new LogTickets(space -> Optional.ofNullable(logs.get(space)), _ -> new Author(signer, epoch)), Clock.system(), Entropy.system(),
                Executors.newVirtualThreadPerTaskExecutor(), 64, broken::add), handler -> {
                    listening.put(address, handler);
                    return transport(handler);
                });
            sync.listen(notices::add);
            nodes.add(this);
        }
    }

    private Transport transport(Transport.Handler handler) {
        return new Transport() {
            @Override public CompletableFuture<Connection> dial(String address) {
                var other = listening.get(address);
                if (other == null) return CompletableFuture.failedFuture(new java.io.IOException("refused"));
                var here = new End(true, handler);
                var there = new End(false, other);
                here.other = there;
                there.other = here;
                handler.opened(here);
                other.opened(there);
                there.start();
                return CompletableFuture.<Connection>completedFuture(here).whenComplete((_, _) -> here.start());
            }

            @Override public void close() {
                // connections end with the test's nodes
            }
        };
    }

    private static final class End implements Transport.Connection {
        private final long id = IDS.incrementAndGet();
        private final boolean initiator;
        private final Transport.Handler handler;
        private final LinkedBlockingQueue<Runnable> inbound = new LinkedBlockingQueue<>();
        private final java.util.concurrent.Semaphore mayRead = new java.util.concurrent.Semaphore(1);
        private final java.util.concurrent.atomic.AtomicBoolean closed = new java.util.concurrent.atomic.AtomicBoolean();
        private End other;

        End(boolean initiator, Transport.Handler handler) {
            this.initiator = initiator;
            this.handler = handler;
        }

        void start() {
            Thread.ofVirtual().start(() -> {
                try {
                    while (!closed.get()) inbound.take().run();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            });
        }

        @Override public long id() {
            return id;
        }

        @Override public boolean initiator() {
            return initiator;
        }

        @Override public String remote() {
            return "127.0.0.1:1";
        }

        @Override public byte[] channelBinding() {
            return new byte[0];
        }

        @Override public boolean send(Frame frame) {
            if (closed.get()) return false;
            var to = other;
            return to.inbound.add(() -> {
                to.mayRead.acquireUninterruptibly();
                if (to.handler.received(to, frame)) to.mayRead.release();
            });
        }

        @Override public void onDrain(Runnable callback) {
            // never full
        }

        @Override public void resume() {
            mayRead.drainPermits();
            mayRead.release();
        }

        @Override public void close(String why) {
            for (var end : List.of(this, other))
                if (end.closed.compareAndSet(false, true)) {
                    end.inbound.add(() -> {});
                    end.handler.closed(end, why);
                }
        }
    }

    @AfterEach void close() {
        for (var node : nodes) node.sync.close();
        for (var node : nodes) assertThat(node.broken).isEmpty();
    }

    private static void eventually(BooleanSupplier holds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!holds.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    @Test void two_nodes_on_real_threads_join_write_at_once_and_agree() throws Exception {
        var a = new Node();
        var b = new Node();
        var genesis = Genesis.write(new Author(a.signer, a.epoch), "x", "table", Json.object(), new byte[32]);
        var log = MemoryEventLog.create(genesis, VERIFIER, () -> Epoch.of(Entropy.system().bytes(16)), System.currentTimeMillis());
        a.logs.put(log.space(), log);
        a.sync.start();
        b.sync.start();
        a.sync.spaceAdded(log);
        var ticket = Ticket.issue(a.signer, log.space(), "x", List.of(a.address), Role.WRITER, Entropy.system().bytes(16),
            System.currentTimeMillis() + 60_000, Optional.empty());
        assertThat(b.sync.join(ticket).get(30, TimeUnit.SECONDS)).isEqualTo(log.space());
        eventually(() -> b.logs.get(log.space()).state().members().containsKey(b.signer.node()));
        var writers = List.of(a, b).stream().map(node -> Thread.ofVirtual().start(() -> {
            for (int i = 0; i < 200; i++)
                node.logs.get(log.space()).write(new Author(node.signer, node.epoch), List.of(new Draft("row", Json.object("n", i))), List.of(),
                    Map.of(), System.currentTimeMillis());
        })).toList();
        for (var writer : writers) writer.join();
        a.sync.awaitDurable(log.space(), log.state().lastOffset(), 1).get(30, TimeUnit.SECONDS);
        eventually(() -> java.util.Arrays.equals(log.state().fingerprint(), b.logs.get(log.space()).state().fingerprint()));
        a.sync.syncWithPeer(b.signer.node()).get(30, TimeUnit.SECONDS);
        assertThat(log.counts().accepted()).isEqualTo(402);
        eventually(() -> a.sync.status().space(log.space()).filter(each -> each.agreeing() == 1).isPresent());      // a status may be a moment old
    }

    /// A log that nobody uses keeps no thread and no file open: what is looked at again and again must not wake all of them.
    @Test void a_log_in_which_nothing_waits_is_not_woken_to_see_whether_something_does() {
        var usual = SyncSettings.defaults();
        var a = new Node(new SyncSettings(usual.heartbeatMs(), usual.periodicMs(), usual.quietMs(), 5, usual.connectionMs(), usual.unreachableMs(), usual.handshakeMs(), usual.answerMs(),
            usual.duplicateMs(), usual.dialMsMax(), usual.creditBatches(), usual.batchEvents(), usual.batchBytes(), usual.connectionsMax(), usual.clockMsMax(), usual.clockPeersMin(), usual.gossip()));
        var genesis = Genesis.write(new Author(a.signer, a.epoch), "x", "table", Json.object(), new byte[32]);
        var log = MemoryEventLog.create(genesis, VERIFIER, () -> Epoch.of(Entropy.system().bytes(16)), System.currentTimeMillis());
        var looked = new AtomicLong();
        var woken = new CopyOnWriteArrayList<String>();
        var watched = (EventLog) java.lang.reflect.Proxy.newProxyInstance(EventLog.class.getClassLoader(), new Class<?>[] {EventLog.class}, (_, method, arguments) -> {
            if (method.getName().equals("counts")) looked.incrementAndGet();
            if (List.of("waiting", "release", "marks", "standing").contains(method.getName())) woken.add(method.getName());
            return method.invoke(log, arguments);
        });
        a.logs.put(log.space(), watched);
        a.sync.start();
        a.sync.spaceAdded(watched);
        eventually(() -> looked.get() + woken.size() >= 5);
        assertThat(woken).isEmpty();
    }

    @Test void a_bug_in_a_step_stops_the_loop_loudly() {
        var broken = new CopyOnWriteArrayList<Throwable>();
        var loop = new SyncLoop(() -> {
            throw new IllegalStateException("a bug");
        }, Clock.system(), broken::add);
        loop.start();
        eventually(() -> !broken.isEmpty());
        assertThat(broken).hasSize(1).allMatch(bug -> bug.getMessage().equals("a bug"));
        loop.close();
    }
}
