package dev.waggle.sim;

import dev.waggle.core.event.NodeId;
import dev.waggle.sync.engine.Transport;
import dev.waggle.sync.protocol.Frame;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Optional;

/// One connection between two nodes: two ends, two directions.
final class SimStream {
    private static final long REORDERED_MS = 100;

    private final SimNetwork network;
    private final End dialler;
    private final End listener;
    private boolean silent;                    // half-open: what is sent vanishes

    SimStream(SimNetwork network, SimNetwork.Direction there, SimNetwork.Listener dialling, SimNetwork.Direction back, SimNetwork.Listener answering, long id) {
        this.network = network;
        dialler = new End(id, true, there, dialling);
        listener = new End(id + 1, false, back, answering);
        dialler.other = listener;
        listener.other = dialler;
    }

    Transport.Connection dialler() {
        return dialler;
    }

    Transport.Connection listener() {
        return listener;
    }

    boolean touches(String address) {
        return dialler.out.from.equals(address) || dialler.out.to.equals(address);
    }

    void reset(boolean told) {
        silent = true;
        if (told) {
            dialler.closeSoon("reset");
            listener.closeSoon("reset");
        } else {
            network.ended(this);
        }
    }

    void unblocked(SimNetwork.Direction direction) {
        dialler.unblocked(direction);
        listener.unblocked(direction);
    }

    /// A frame on its way: bytes when there is a codec.
    private record Carried(Frame frame, byte[] bytes) {}

    private final class End implements Transport.Connection {
        private final long id;
        private final boolean initiator;
        private final SimNetwork.Direction out;
        private final SimNetwork.Listener owner;
        private final ArrayDeque<Frame> arrived = new ArrayDeque<>();
        private final ArrayDeque<Carried> blocked = new ArrayDeque<>();      // sent by us, not passed on yet
        private End other;
        private boolean paused;
        private boolean closed;
        private boolean full;
        private Runnable drained = () -> { };
        private long lastArrivalMs;
        private int underWay;
        private Frame late;                                                   // held back by a proxy that reorders

        End(long id, boolean initiator, SimNetwork.Direction out, SimNetwork.Listener owner) {
            this.id = id;
            this.initiator = initiator;
            this.out = out;
            this.owner = owner;
        }

        @Override public long id() {
            return id;
        }

        @Override public boolean initiator() {
            return initiator;
        }

        @Override public String remote() {
            return out.to;
        }

        @Override public byte[] channelBinding() {
            return new byte[0];
        }

        @Override public Optional<NodeId> provenNode() {
            return Optional.empty();
        }

        @Override public boolean send(Frame frame) {
            if (closed) return false;
            if (underWay >= network.faults.frameCredit && !network.isCalm()) {
                full = true;
                network.count.accept("back-pressure");
                return false;
            }
            for (var each : network.tampered(out.from, out.to, frame)) put(each);
            return true;
        }

        private void put(Frame frame) {
            underWay++;
            var carried = new Carried(frame, network.wire == null ? null : network.wire.encode(frame));
            long onTheLine = out.bytesASecond == 0 || network.isCalm() ? 0 : 1_000L * size(carried) / out.bytesASecond;
            long now = network.schedule.nowMs();
            lastArrivalMs = Math.max(lastArrivalMs, now + network.latency(out)) + onTheLine;
            network.schedule.after(lastArrivalMs - now, () -> {
                if (out.blocked > 0 || !blocked.isEmpty()) blocked.addLast(carried);
                else pass(carried);
            });
        }

        /// About as many bytes as the codec would make: the same with and without one, so that a run is the same, too.
        private static int size(Carried carried) {
            return carried.frame instanceof Frame.Events events ? events.events().stream().mapToInt(event -> event.payload().length + 100).sum() : 200;
        }

        void unblocked(SimNetwork.Direction direction) {
            if (direction != out) return;
            while (!blocked.isEmpty() && out.blocked == 0) pass(blocked.pollFirst());
        }

        private void pass(Carried carried) {
            underWay--;
            if (silent || other.closed || !network.answers(out.to, other.owner)) network.count.accept("frame lost");
            else arrive(carried);
            if (full && !closed && network.answers(out.from, owner)) {
                full = false;
                drained.run();
                owner.turn().run();
            }
        }

        private void arrive(Carried carried) {
            boolean calm = network.isCalm();
            var faults = network.faults;
            if (!calm && happens(faults.midFrame)) {
                breakInside(carried);
                return;
            }
            var frame = carried.bytes == null ? carried.frame : network.wire.decode(carried.bytes);
            network.trace.add(network.schedule.nowMs());
            network.trace.add(id);
            network.trace.add(frame.getClass().getSimpleName());
            if (!calm && late == null && happens(faults.reorder)) {
                network.count.accept("frame reordered");
                late = frame;
                network.schedule.after(REORDERED_MS, this::catchUp);
                return;
            }
            other.deliver(frame);
            if (!calm && happens(faults.duplicate)) {
                network.count.accept("frame repeated");
                other.deliver(frame);
            }
            catchUp();
            other.owner.turn().run();
            if (!calm && happens(faults.replyLost)) {
                network.count.accept("reply lost");
                reset(true);
            }
        }

        private void catchUp() {
            if (late == null) return;
            var frame = late;
            late = null;
            if (silent || other.closed || !network.answers(out.to, other.owner)) return;
            other.deliver(frame);
            other.owner.turn().run();
        }

        private boolean happens(double chance) {
            return chance > 0 && network.random.nextDouble() < chance;
        }

        /// The other end gets a part of the bytes, and the connection ends. A part must never read as a whole.
        private void breakInside(Carried carried) {
            network.count.accept("cut in a frame");
            double where = network.random.nextDouble();
            if (carried.bytes != null) {
                var part = Arrays.copyOf(carried.bytes, (int) (where * carried.bytes.length));
                try {
                    throw new AssertionError("I3 the first " + part.length + " of " + carried.bytes.length + " bytes read as a whole frame: " + network.wire.decode(part));
                } catch (RuntimeException _) {
                    // refused, as it has to be
                }
            }
            reset(true);
        }

        private void deliver(Frame frame) {
            arrived.addLast(frame);
            handOver();
        }

        private void handOver() {
            while (!paused && !closed && !arrived.isEmpty()) paused = !owner.handler().received(this, arrived.pollFirst());
        }

        @Override public void onDrain(Runnable callback) {
            drained = callback;
        }

        @Override public void resume() {
            paused = false;
            network.schedule.after(0, () -> {
                if (!network.answers(out.from, owner)) return;
                handOver();
                owner.turn().run();
            });
        }

        @Override public void close(String why) {
            closeSoon(why);
            network.schedule.after(network.latency(out), () -> {
                if (!silent) other.closeSoon(why);
            });
        }

        private void closeSoon(String why) {
            if (closed) return;
            closed = true;
            network.ended(SimStream.this);
            network.schedule.after(0, () -> {
                if (!network.answers(out.from, owner)) return;
                owner.handler().closed(this, why);
                owner.turn().run();
            });
        }
    }
}
