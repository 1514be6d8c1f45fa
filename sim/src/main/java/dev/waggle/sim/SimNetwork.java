package dev.waggle.sim;

import dev.waggle.sync.engine.Transport;
import dev.waggle.sync.protocol.Frame;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/// Links between nodes that are slow, cut, or half-open. A connection is a stream, as TCP is: frames arrive in order or the stream ends.
final class SimNetwork {
    private static final int UNDELIVERED_FRAMES_MAX = 64;
    private final Schedule schedule;
    private final RandomGenerator random;
    private final Faults faults;
    private final UnaryOperator<Frame> wire;
    private final TreeMap<String, Listener> listeners = new TreeMap<>();
    private final TreeSet<String> cuts = new TreeSet<>();
    private final List<Stream> streams = new ArrayList<>();
    private long connections;
    long framesDelivered;
    long framesLost;

    /// Who answers at an address.
    record Listener(Transport.Handler handler, Runnable turn) {}

    /// @param wire what a frame looks like after it was encoded and decoded
    SimNetwork(Schedule schedule, RandomGenerator random, Faults faults, UnaryOperator<Frame> wire) {
        this.schedule = schedule;
        this.random = random;
        this.faults = faults;
        this.wire = wire;
    }

    Transport transport(String address, Transport.Handler handler, Runnable turn) {
        var self = new Listener(handler, turn);
        listeners.put(address, self);
        return new Transport() {
            @Override public CompletableFuture<Connection> dial(String to) {
                var dialled = new CompletableFuture<Connection>();
                schedule.after(latency() * 2, () -> {
                    var there = listeners.get(to);
                    if (listeners.get(address) != self) return;                  // we crashed meanwhile
                    if (there == null || isCut(address, to)) dialled.completeExceptionally(new IllegalStateException("no answer from " + to));
                    else connect(address, self, to, there, dialled);
                    turn.run();
                });
                return dialled;
            }

            @Override public void close() {
                listeners.remove(address, self);
            }
        };
    }

    /// The process at `address` is gone: its streams end, and the other ends notice or do not.
    void vanish(String address) {
        listeners.remove(address);
        for (var stream : List.copyOf(streams)) if (stream.touches(address)) stream.reset(random.nextDouble() >= faults.halfOpen());
    }

    void cut(String a, String b) {
        cuts.add(link(a, b));
        for (var stream : List.copyOf(streams))
            if (stream.touches(a) && stream.touches(b)) stream.reset(random.nextDouble() >= faults.halfOpen());
    }

    void heal(String a, String b) {
        cuts.remove(link(a, b));
    }

    void healAll() {
        cuts.clear();
    }

    private boolean isCut(String a, String b) {
        return cuts.contains(link(a, b));
    }

    private static String link(String a, String b) {
        return a.compareTo(b) < 0 ? a + " " + b : b + " " + a;
    }

    private long latency() {
        return random.nextLong(1, faults.latencyMsMax() + 1L);
    }

    private void connect(String from, Listener dialler, String to, Listener there, CompletableFuture<Transport.Connection> dialled) {
        var stream = new Stream();
        var left = new End(stream, ++connections, true, from, dialler, to);
        var right = new End(stream, ++connections, false, to, there, from);
        left.other = right;
        right.other = left;
        stream.ends = List.of(left, right);
        streams.add(stream);
        dialler.handler.opened(left);
        there.handler.opened(right);
        dialled.complete(left);
        there.turn.run();
    }

    private final class Stream {
        private List<End> ends;
        private boolean silent;                    // half-open: what is sent vanishes

        boolean touches(String address) {
            return ends.stream().anyMatch(end -> end.here.equals(address));
        }

        void reset(boolean told) {
            silent = true;
            if (told) for (var end : ends) end.closeSoon("reset");
        }
    }

    private final class End implements Transport.Connection {
        private final Stream stream;
        private final long id;
        private final boolean initiator;
        private final String here;
        private final Listener owner;
        private final String remote;
        private final ArrayDeque<Frame> arrived = new ArrayDeque<>();
        private End other;
        private boolean paused;
        private boolean closed;
        private boolean full;
        private Runnable drained = () -> { };
        private long lastArrivalMs;
        private int underWay;

        End(Stream stream, long id, boolean initiator, String here, Listener owner, String remote) {
            this.stream = stream;
            this.id = id;
            this.initiator = initiator;
            this.here = here;
            this.owner = owner;
            this.remote = remote;
        }

        @Override public long id() {
            return id;
        }

        @Override public boolean initiator() {
            return initiator;
        }

        @Override public String remote() {
            return remote;
        }

        @Override public byte[] channelBinding() {
            return new byte[0];
        }

        @Override public Optional<dev.waggle.core.event.NodeId> provenNode() {
            return Optional.empty();
        }

        @Override public boolean send(Frame frame) {
            if (closed) return false;
            if (underWay >= UNDELIVERED_FRAMES_MAX) {
                full = true;
                return false;
            }
            underWay++;
            var carried = wire.apply(frame);
            lastArrivalMs = Math.max(lastArrivalMs, schedule.nowMs() + latency());
            schedule.after(lastArrivalMs - schedule.nowMs(), () -> {
                underWay--;
                if (stream.silent || other.closed || listeners.get(other.here) != other.owner) framesLost++;
                else {
                    framesDelivered++;
                    other.arrived.addLast(carried);
                    other.handOver();
                    other.owner.turn.run();
                }
                if (full && !closed && listeners.get(here) == owner) {
                    full = false;
                    drained.run();
                    owner.turn.run();
                }
            });
            return true;
        }

        private void handOver() {
            while (!paused && !closed && !arrived.isEmpty()) paused = !owner.handler.received(this, arrived.pollFirst());
        }

        @Override public void onDrain(Runnable callback) {
            drained = callback;
        }

        @Override public void resume() {
            paused = false;
            schedule.after(0, () -> {
                if (listeners.get(here) != owner) return;
                handOver();
                owner.turn.run();
            });
        }

        @Override public void close(String why) {
            closeSoon(why);
            schedule.after(latency(), () -> {
                if (!stream.silent) other.closeSoon(why);
            });
        }

        private void closeSoon(String why) {
            if (closed) return;
            closed = true;
            streams.remove(stream);
            schedule.after(0, () -> {
                if (listeners.get(here) != owner) return;
                owner.handler.closed(this, why);
                owner.turn.run();
            });
        }
    }
}
