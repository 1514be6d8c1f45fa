package dev.waggle.node;

import dev.waggle.store.postgres.Fanout;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener.Events;
import io.nats.client.Nats;
import io.nats.client.Options;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// The processes of a hub tell each other by way of a NATS server (docs.nats.io, core publish and subscribe): for hubs whose database has enough to do. While the server is away
/// they look into the database.
final class NatsFanout implements Fanout {
    private static final Duration RETRY = Duration.ofMillis(500);
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final System.Logger LOG = System.getLogger("waggle.hub");
    private final String subject;
    private final Ears ears;
    private final Thread opening;
    private volatile Connection connection;      // null until it was reached for the first time
    private volatile boolean closed;

    /// @param url `nats://[USER:PASSWORD@]HOST:PORT`
    NatsFanout(String url, String hub, Ears ears) {
        this.subject = "waggle." + hub;
        this.ears = ears;
        var options = Options.builder().server(url).connectionName("waggle").maxReconnects(-1).reconnectWait(RETRY).connectionListener((_, event) -> {
            if (event == Events.CONNECTED || event == Events.RECONNECTED) ears.missed();
            LOG.log(System.Logger.Level.DEBUG, "NATS: " + event);
        }).errorListener(new Quiet()).build();
        this.opening = Thread.ofVirtual().name("nats").start(() -> open(options));
    }

    /// Goes on trying by itself, also the first time.
    private void open(Options options) {
        while (!closed) {
            try {
                var open = Nats.connect(options);
                open.createDispatcher(message -> ears.heard(new String(message.getData(), StandardCharsets.US_ASCII))).subscribe(subject);
                connection = open;
                ears.missed();
                if (closed) open.close();
                return;
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "NATS is tried again", e);
            } catch (InterruptedException _) {
                return;
            }
            try {
                Thread.sleep(RETRY);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    @Override public void tell(String message) throws IOException {
        var open = connection;
        if (open == null || open.getStatus() != Connection.Status.CONNECTED) throw new IOException("NATS is not connected");
        try {
            open.publish(subject, message.getBytes(StandardCharsets.US_ASCII));
        } catch (IllegalStateException e) {
            throw new IOException(e);
        }
    }

    @Override public void close() {
        closed = true;
        opening.interrupt();
        var open = connection;
        if (open == null) return;
        try {
            open.flush(CLOSE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.TimeoutException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "what was not told is looked for", e);
        }
        try {
            open.close();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Its trouble is nobody's but the next look's.
    private static final class Quiet implements io.nats.client.ErrorListener {
        @Override public void exceptionOccurred(Connection connection, Exception e) {
            LOG.log(System.Logger.Level.DEBUG, "NATS", e);
        }

        @Override public void errorOccurred(Connection connection, String error) {
            LOG.log(System.Logger.Level.WARNING, "NATS: " + error);
        }
    }
}
