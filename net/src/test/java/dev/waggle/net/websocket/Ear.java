package dev.waggle.net.websocket;

import dev.waggle.sync.engine.Transport;
import dev.waggle.sync.protocol.Frame;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

import static org.assertj.core.api.Assertions.assertThat;

/// Listens to a transport and remembers what it heard.
final class Ear implements Transport.Handler {
    private final List<Transport.Connection> opened = new ArrayList<>();
    private final List<Frame> frames = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();
    private volatile boolean full;

    @Override public synchronized void opened(Transport.Connection connection) {
        opened.add(connection);
    }

    @Override public synchronized boolean received(Transport.Connection connection, Frame frame) {
        frames.add(frame);
        return !full;
    }

    @Override public synchronized void closed(Transport.Connection connection, String why) {
        closed.add(why);
    }

    /// From now on the engine is full, or is not any more.
    void full(boolean isFull) {
        full = isFull;
    }

    synchronized List<Frame> frames() {
        return List.copyOf(frames);
    }

    synchronized List<String> closings() {
        return List.copyOf(closed);
    }

    synchronized List<Transport.Connection> openings() {
        return List.copyOf(opened);
    }

    WebSocketConnection connection(int index) {
        await("connection " + index + " is open", () -> openings().size() > index);
        return (WebSocketConnection) openings().get(index);
    }

    Frame frame(int index) {
        await("frame " + index + " arrives", () -> frames().size() > index);
        return frames().get(index);
    }

    String closing(int index) {
        await("closing " + index, () -> closings().size() > index);
        return closings().get(index);
    }

    /// Looks again and again until it is so, 10 s at most.
    static void await(String what, BooleanSupplier isSo) {
        await(what, Duration.ofSeconds(10), isSo);
    }

    static void await(String what, Duration atMost, BooleanSupplier isSo) {
        long until = System.nanoTime() + atMost.toNanos();
        while (!isSo.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within " + atMost + ": " + what).isLessThan(until);
            Thread.onSpinWait();
            try {
                Thread.sleep(2);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted while waiting: " + what, e);
            }
        }
    }
}
