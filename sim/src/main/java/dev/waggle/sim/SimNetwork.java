package dev.waggle.sim;

import dev.waggle.sync.engine.Transport;
import dev.waggle.sync.protocol.Frame;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// Links between nodes that are slow, cut, half-open or behind a broken proxy. A connection is a [SimStream], as with TCP: frames arrive in
/// order or the stream ends; only a proxy that is broken on purpose repeats and reorders.
final class SimNetwork {
    /// Who answers at an address.
    record Listener(Transport.Handler handler, Runnable turn) {}

    /// What one direction of a link is like.
    static final class Direction {
        final String from;
        final String to;
        final long latencyMs;
        final long jitterMs;
        /// 0 for as fast as it goes.
        final int bytesASecond;
        int blocked;

        Direction(String from, String to, long latencyMs, long jitterMs, int bytesASecond) {
            this.from = from;
            this.to = to;
            this.latencyMs = latencyMs;
            this.jitterMs = jitterMs;
            this.bytesASecond = bytesASecond;
        }
    }

    /// What a hostile node makes of what its engine says.
    interface Tamper {
        List<Frame> sent(String to, Frame frame);
    }

    /// Sees every frame that is handed to the network.
    interface Watch {
        void sent(String from, String to, Frame frame);
    }

    final Schedule schedule;
    final RandomGenerator random;
    final Faults faults;
    final Wire wire;                                   // null: frames are handed over as they are
    final Trace trace;
    final Consumer<String> count;
    private final TreeMap<String, Listener> listeners = new TreeMap<>();
    private final Map<String, Direction> directions = new LinkedHashMap<>();
    private final Map<String, Tamper> tampers = new LinkedHashMap<>();
    private final List<SimStream> streams = new ArrayList<>();
    private Watch watch = (_, _, _) -> { };
    private long connections;
    private boolean calm;

    SimNetwork(Schedule schedule, RandomGenerator random, Faults faults, Wire wire, Trace trace, Consumer<String> count) {
        this.schedule = schedule;
        this.random = random;
        this.faults = faults;
        this.wire = wire;
        this.trace = trace;
        this.count = count;
    }

    Transport transport(String address, Transport.Handler handler, Runnable turn) {
        var self = new Listener(handler, turn);
        listeners.put(address, self);
        return new Transport() {
            @Override public CompletableFuture<Connection> dial(String to) {
                var dialled = new CompletableFuture<Connection>();
                schedule.after(latency(direction(address, to)) + latency(direction(to, address)), () -> {
                    if (listeners.get(address) != self) return;                  // we crashed meanwhile
                    var there = listeners.get(to);
                    boolean through = direction(address, to).blocked == 0 && direction(to, address).blocked == 0;
                    if (there == null || !through) dialled.completeExceptionally(new IllegalStateException("no answer from " + to));
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

    void watch(Watch newWatch) {
        watch = newWatch;
    }

    void tamper(String address, Tamper tamper) {
        tampers.put(address, tamper);
    }

    List<Frame> tampered(String from, String to, Frame frame) {
        var tamper = tampers.get(from);
        var frames = tamper == null ? List.of(frame) : tamper.sent(to, frame);
        for (var each : frames) watch.sent(from, to, each);
        return frames;
    }

    boolean answers(String address, Listener listener) {
        return listeners.get(address) == listener;
    }

    void ended(SimStream stream) {
        streams.remove(stream);
    }

    private void connect(String from, Listener dialler, String to, Listener there, CompletableFuture<Transport.Connection> dialled) {
        var stream = new SimStream(this, direction(from, to), dialler, direction(to, from), there, connections += 2);
        streams.add(stream);
        dialler.handler.opened(stream.dialler());
        there.handler.opened(stream.listener());
        dialled.complete(stream.dialler());
        there.turn.run();
    }

    // what happens to links

    Direction direction(String from, String to) {
        var name = from + " " + to;
        var known = directions.get(name);
        if (known != null) return known;
        long latency = random.nextLong(1, faults.latencyMsMax + 1L);
        boolean slow = faults.slowBytes > 0 && random.nextInt(3) == 0;
        var made = new Direction(from, to, latency, random.nextLong(0, latency + 1), slow ? faults.slowBytes : 0);
        directions.put(name, made);
        return made;
    }

    long latency(Direction direction) {
        if (calm) return Math.min(20, direction.latencyMs);
        return direction.latencyMs + (direction.jitterMs == 0 ? 0 : random.nextLong(direction.jitterMs + 1));
    }

    /// The process at `address` is gone: its streams end, and the other ends notice or do not.
    void vanish(String address) {
        listeners.remove(address);
        for (var stream : List.copyOf(streams)) if (stream.touches(address)) stream.reset(noticed());
    }

    private boolean noticed() {
        return random.nextDouble() >= faults.halfOpen;
    }

    /// Nothing passes in this direction until [#unblock]; calls add up. What was sent waits, as TCP would send it again.
    void block(String from, String to) {
        direction(from, to).blocked++;
    }

    void unblock(String from, String to) {
        var direction = direction(from, to);
        if (direction.blocked > 0) direction.blocked--;
        if (direction.blocked == 0) for (var stream : List.copyOf(streams)) stream.unblocked(direction);
    }

    void cut(String a, String b) {
        block(a, b);
        block(b, a);
        for (var stream : List.copyOf(streams)) if (stream.touches(a) && stream.touches(b)) stream.reset(noticed());
    }

    void heal(String a, String b) {
        unblock(a, b);
        unblock(b, a);
    }

    /// A connection dies and neither end is told.
    void silenceOne() {
        if (!streams.isEmpty()) streams.get(random.nextInt(streams.size())).reset(false);
    }

    boolean isCalm() {
        return calm;
    }

    /// From now on nothing goes wrong by itself: hostile nodes stay hostile, links are good.
    void calmDown() {
        calm = true;
        for (var direction : List.copyOf(directions.values())) {
            direction.blocked = 0;
            for (var stream : List.copyOf(streams)) stream.unblocked(direction);
        }
    }
}
