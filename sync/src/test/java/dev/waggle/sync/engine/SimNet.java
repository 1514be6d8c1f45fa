package dev.waggle.sync.engine;

import dev.waggle.sync.protocol.Frame;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// Virtual time and the network between simulated nodes. One seed, one history. A connection is a stream: frames arrive in order or the
/// connection ends, at any point; between connections anything may overtake anything. A cut link refuses and ends connections; a black hole
/// swallows frames and says nothing.
final class SimNet {
    static final int BUFFER_BYTES = 1 << 20;

    interface Watcher {
        void sent(SimNode from, SimNode to, Frame frame);
    }

    private record Task(long atMs, long order, SimNode node, int life, Runnable run) {}

    final RandomGenerator random;
    final Map<String, SimNode> listening = new TreeMap<>();
    final List<SimNode> nodes = new ArrayList<>();
    final List<Watcher> watchers = new ArrayList<>();
    /// What hostile nodes say instead of what their engine says.
    final Map<SimNode, Function<Frame, List<Frame>>> tampers = new HashMap<>();
    final Set<String> dialled = new TreeSet<>();
    private final Set<Set<SimNode>> cut = new HashSet<>();
    private final Set<Set<SimNode>> blackHole = new HashSet<>();
    private final Set<List<SimNode>> oneWay = new HashSet<>();
    private final PriorityQueue<Task> tasks = new PriorityQueue<>((a, b) -> a.atMs != b.atMs ? Long.compare(a.atMs, b.atMs) : Long.compare(a.order, b.order));
    private final List<Pipe> pipes = new ArrayList<>();
    private long nowMs;
    private long order;
    private long connections;
    int latencyMsMax = 20;

    SimNet(RandomGenerator random) {
        this.random = random;
    }

    long nowMs() {
        return nowMs;
    }

    /// Runs on behalf of `node`, unless it crashed in between.
    void schedule(SimNode node, long delayMs, Runnable run) {
        tasks.add(new Task(nowMs + delayMs, order++, node, node.life, run));
    }

    void run(long forMs) {
        long until = nowMs + forMs;
        while (!tasks.isEmpty() && tasks.peek().atMs <= until) {
            var task = tasks.poll();
            nowMs = task.atMs;
            if (!task.node.up || task.node.life != task.life) continue;
            task.run.run();
            task.node.turn();
        }
        nowMs = until;
    }

    // links

    void cut(SimNode a, SimNode b) {
        cut.add(Set.of(a, b));
        for (var pipe : List.copyOf(pipes)) if (pipe.joins(a, b)) pipe.end("cut");
    }

    /// Ends the connections between two nodes; new ones may be made at once.
    void drop(SimNode a, SimNode b) {
        for (var pipe : List.copyOf(pipes)) if (pipe.joins(a, b)) pipe.end("dropped");
    }

    void swallow(SimNode a, SimNode b) {
        blackHole.add(Set.of(a, b));
    }

    /// What `from` sends to `to` is lost; the other way all is well.
    void swallowOneWay(SimNode from, SimNode to) {
        oneWay.add(List.of(from, to));
    }

    void heal() {
        cut.clear();
        blackHole.clear();
        oneWay.clear();
    }

    void crashed(SimNode node) {
        for (var pipe : List.copyOf(pipes)) if (pipe.a.node == node || pipe.b.node == node) pipe.end("reset");
    }

    int connections(SimNode a, SimNode b) {
        return (int) pipes.stream().filter(pipe -> pipe.joins(a, b)).count();
    }

    int connections() {
        return pipes.size();
    }

    Transport transport(SimNode node, Transport.Handler handler) {
        return new Transport() {
            @Override public CompletableFuture<Connection> dial(String address) {
                var future = new CompletableFuture<Connection>();
                dialled.add(address);
                schedule(node, 1 + random.nextInt(latencyMsMax), () -> {
                    var other = listening.get(address);
                    if (other == null || !other.up || other == node || cut.contains(Set.of(node, other))) {
                        future.completeExceptionally(new java.io.IOException("connection refused"));
                        return;
                    }
                    var pipe = new Pipe(node, handler, other, other.handler);
                    pipes.add(pipe);
                    handler.opened(pipe.a);
                    other.handler.opened(pipe.b);
                    other.turn();
                    future.complete(pipe.a);
                });
                return future;
            }

            @Override public void close() {
                crashed(node);
            }
        };
    }

    private final class Pipe {
        final End a;
        final End b;
        boolean ended;
        boolean dead;

        Pipe(SimNode first, Transport.Handler firstHandler, SimNode second, Transport.Handler secondHandler) {
            a = new End(this, first, firstHandler, true);
            b = new End(this, second, secondHandler, false);
        }

        boolean joins(SimNode x, SimNode y) {
            return a.node == x && b.node == y || a.node == y && b.node == x;
        }

        End other(End end) {
            return end == a ? b : a;
        }

        void end(String why) {
            if (ended) return;
            ended = true;
            pipes.remove(this);
            for (var end : List.of(a, b)) schedule(end.node, random.nextInt(latencyMsMax), () -> end.handler.closed(end, why));
        }
    }

    final class End implements Transport.Connection {
        private final Pipe pipe;
        private final SimNode node;
        private final Transport.Handler handler;
        private final boolean initiator;
        private final long id = ++connections;
        private final ArrayDeque<Frame> held = new ArrayDeque<>();
        private Runnable drained = () -> {};
        private long bytes;
        private boolean wasFull;
        private boolean paused;
        private long lastArrivalMs;
        private boolean unheard;

        End(Pipe pipe, SimNode node, Transport.Handler handler, boolean initiator) {
            this.pipe = pipe;
            this.node = node;
            this.handler = handler;
            this.initiator = initiator;
        }

        @Override public long id() {
            return id;
        }

        @Override public boolean initiator() {
            return initiator;
        }

        @Override public String remote() {
            return "127.0.0.1:" + (10_000 + pipe.other(this).node.index);
        }

        @Override public byte[] channelBinding() {
            return new byte[0];
        }

        @Override public Optional<dev.waggle.core.event.NodeId> provenNode() {
            return Optional.empty();
        }

        @Override public boolean send(Frame frame) {
            var tamper = tampers.get(node);
            if (tamper == null) return sendNow(frame);
            boolean sent = false;
            for (var each : tamper.apply(frame)) sent = sendNow(each);
            return sent;
        }

        private boolean sendNow(Frame frame) {
            if (pipe.ended) return false;
            int size = size(frame);
            if (bytes > 0 && bytes + size > BUFFER_BYTES) {
                wasFull = true;
                return false;
            }
            bytes += size;
            var to = pipe.other(this);
            watchers.forEach(watcher -> watcher.sent(node, to.node, frame));
            lastArrivalMs = Math.max(lastArrivalMs, nowMs + 1 + random.nextInt(latencyMsMax) + size / to.node.bytesPerMs);
            pipe.dead |= blackHole.contains(Set.of(node, to.node));     // a stream with a hole never goes on
            unheard |= oneWay.contains(List.of(node, to.node));
            if (pipe.dead || unheard) return true;
            schedule(to.node, lastArrivalMs - nowMs, () -> to.arrived(frame, size));
            return true;
        }

        private void arrived(Frame frame, int size) {
            if (pipe.ended) return;
            var from = pipe.other(this);
            held.add(frame);
            deliver();
            schedule(from.node, 0, () -> {
                from.bytes -= size;
                if (!from.wasFull) return;
                from.wasFull = false;
                from.drained.run();
            });
        }

        private void deliver() {
            while (!paused && !held.isEmpty() && !pipe.ended) paused = !handler.received(this, held.poll());
        }

        @Override public void onDrain(Runnable callback) {
            drained = callback;
        }

        @Override public void resume() {
            if (!paused) return;
            paused = false;
            schedule(node, 0, this::deliver);
        }

        @Override public void close(String why) {
            var last = lastArrivalMs;                      // what was sent arrives, then the end
            schedule(node, Math.max(0, last - nowMs), () -> pipe.end(why));
        }
    }

    static int size(Frame frame) {
        return switch (frame) {
            case Frame.Events events -> 64 + events.events().stream().mapToInt(event -> event.payload().length + 64).sum();
            case Frame.Chunks chunks -> 64 + chunks.chunks().stream().mapToInt(chunk -> chunk.bytes().length + 32).sum();
            case Frame.Tips tips -> 64 + 96 * tips.tips().size();
            default -> 128;
        };
    }
}
