package dev.waggle.sync.engine;

import dev.waggle.core.event.NodeId;
import dev.waggle.sync.protocol.Frame;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// Carries frames between nodes. WebSocket, QUIC and the simulator each implement it; one handler serves all.
public interface Transport extends AutoCloseable {
    /// What the engine does with connections. Called on the transport's threads, for one connection one after the other; returns at once.
    interface Handler {
        void opened(Connection connection);

        /// Takes the frame, always.
        ///
        /// @return false when the engine is full: the transport hands over no further frame of this connection (and stops reading it) until
        ///     [Connection#resume] is called
        boolean received(Connection connection, Frame frame);

        void closed(Connection connection, String why);
    }

    /// One connection. Thread-safe.
    interface Connection {
        /// Unique in this process.
        long id();

        /// True on the side that dialled.
        boolean initiator();

        /// For people and for rate limits: the remote address, without a name look-up.
        String remote();

        /// Ties a signed hello to this channel: the TLS exporter's 32 bytes, or an empty array on a plain loopback connection.
        byte[] channelBinding();

        /// The node id that the channel itself proved (the key of the TLS certificate); empty on a plain connection. A hello that names another
        /// node is refused.
        default Optional<NodeId> provenNode() {
            return Optional.empty();
        }

        /// Queues a frame. Never blocks.
        ///
        /// @return false when the connection's outbound buffer (1 MiB beyond one frame) is full or it is closed: nothing was queued
        boolean send(Frame frame);

        /// `callback` is called, on any thread, each time a full outbound buffer has room again. Set once, before anything is sent.
        void onDrain(Runnable callback);

        /// Reads on after [Handler#received] answered false. Harmless otherwise.
        void resume();

        /// Sends what is queued, as far as the other side takes it within a second, and closes. [Handler#closed] follows. Idempotent.
        void close(String why);
    }

    /// Dials `address` (`host:port`). The future completes after the handler was told `opened`, or fails with the reason. No frame of the
    /// connection is handed over before the future has completed.
    CompletableFuture<Connection> dial(String address);

    @Override void close();
}
