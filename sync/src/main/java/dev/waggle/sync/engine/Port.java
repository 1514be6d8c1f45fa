package dev.waggle.sync.engine;

import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.Input;

import java.util.ArrayDeque;

/// The engine's end of one connection: what could not be sent yet, and what could not be taken in yet. Both are bounded (I9): the protocol
/// stops reading from the log while a connection is congested, and the transport stops reading the connection while the inbox is full.
final class Port {
    static final long UNSENT_BYTES_MAX = 16L << 20;
    static final int UNTAKEN_FRAMES_MAX = 16;

    private final Transport.Connection connection;
    private final Inbox inbox;
    private final ArrayDeque<Frame> unsent = new ArrayDeque<>();
    private final ArrayDeque<Frame> untaken = new ArrayDeque<>();
    private long unsentBytes;
    private boolean closed;

    Port(Transport.Connection connection, Inbox inbox) {
        this.connection = connection;
        this.inbox = inbox;
        connection.onDrain(this::drained);
    }

    Transport.Connection connection() {
        return connection;
    }

    // outbound

    void send(Frame frame) {
        boolean tooSlow;
        synchronized (this) {
            if (closed) return;
            if (unsent.isEmpty() && connection.send(frame)) return;
            if (unsent.isEmpty()) inbox.answer(new Input.Congested(connection.id(), true));
            unsent.addLast(frame);
            unsentBytes += weight(frame);
            tooSlow = unsentBytes > UNSENT_BYTES_MAX;
        }
        // Nothing is lost: what to send is found again from the log when the peer comes back.
        if (tooSlow) close("slow_peer", "more than " + UNSENT_BYTES_MAX + " bytes wait to be sent");
        else drained();                                      // the buffer may have drained between the two calls above
    }

    private void drained() {
        synchronized (this) {
            if (closed || unsent.isEmpty()) return;
            while (!unsent.isEmpty() && connection.send(unsent.peekFirst())) unsentBytes -= weight(unsent.removeFirst());
            if (!unsent.isEmpty()) return;
        }
        inbox.answer(new Input.Congested(connection.id(), false));
    }

    void close(String code, String message) {
        synchronized (this) {
            if (closed) return;
            closed = true;
            unsent.clear();
        }
        connection.send(Frame.Bye.of(code, message));      // best effort: a full buffer says nothing
        connection.close(code + ": " + message);
    }

    // inbound

    /// @return false when the transport must wait
    boolean received(Frame frame) {
        synchronized (this) {
            if (untaken.isEmpty() && inbox.offer(new Input.Received(connection.id(), frame))) return true;
            if (untaken.size() < UNTAKEN_FRAMES_MAX) {
                untaken.addLast(frame);
                inbox.stalled(this);
                return false;
            }
        }
        close("not_waiting", "sent on although this node is full");
        return false;
    }

    /// The oldest frame that waits here, taken out; null when none does, and the transport reads on.
    Frame take() {
        Frame frame;
        synchronized (this) {
            frame = untaken.pollFirst();
        }
        if (frame == null) connection.resume();
        return frame;
    }

    private static long weight(Frame frame) {
        return switch (frame) {
            case Frame.Events events -> events.events().stream().mapToLong(event -> event.payload().length + 128L).sum();
            case Frame.Chunks chunks -> chunks.chunks().stream().mapToLong(chunk -> chunk.bytes().length + 64L).sum();
            case Frame.Tips tips -> 16L * tips.tips().size();       // the tips themselves are the log's, held anyway
            default -> 1_024;
        };
    }
}
