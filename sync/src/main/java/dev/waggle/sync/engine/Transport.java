package dev.waggle.sync.engine;

import dev.waggle.sync.protocol.Frame;

import java.util.concurrent.CompletableFuture;

/// Carries frames between nodes. WebSocket, QUIC and the simulator each implement it; one handler serves all.
public interface Transport extends AutoCloseable {
    /// What the engine does with connections. Called on the transport's threads; must return at once. `received` answers false when the engine is
    /// full: the transport then stops reading that connection until [Connection#resume] is called.
    interface Handler {
        void opened(Connection connection);

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

        /// Queues a frame. Never blocks.
        ///
        /// @return false when the connection's outbound buffer (1 MiB beyond one frame) is full or it is closed: nothing was queued
        boolean send(Frame frame);

        /// Called when a full outbound buffer has room again.
        void onDrain(Runnable callback);

        void resume();

        void close(String why);
    }

    /// Dials `address` (`host:port`). The future completes when the handler was told `opened`, or fails with the reason.
    CompletableFuture<Connection> dial(String address);

    @Override void close();
}
