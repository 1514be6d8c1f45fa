package dev.waggle.store.postgres;

import org.postgresql.PGConnection;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/// LISTEN and NOTIFY of the database itself. What is told is told outside the transaction that it is about: a transaction that notifies keeps all others that do from
/// committing at the same time, which would undo group commit.
final class DatabaseFanout implements Fanout {
    private static final String CHANNEL = "waggle_logs";
    private static final int QUIET_MS = 10_000;
    private static final long RETRY_MS = 500;
    private final DatabaseAddress address;
    private final DataSource pool;
    private final Ears ears;
    private final Thread thread;
    private volatile boolean closed;
    private volatile Connection listening;       // null while there is none

    DatabaseFanout(DatabaseAddress address, DataSource pool, Ears ears) {
        this.address = address;
        this.pool = pool;
        this.ears = ears;
        this.thread = Thread.ofPlatform().daemon().name("hub-ears").start(this::listen);
    }

    @Override public void tell(String message) throws IOException {
        try (var connection = pool.getConnection(); var statement = connection.prepareStatement("SELECT pg_notify('" + CHANNEL + "', ?)")) {
            statement.setString(1, message);
            statement.execute();
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    private void listen() {
        while (!closed) {
            try (var connection = connect()) {
                listening = connection;
                try (var statement = connection.createStatement()) {
                    statement.execute("LISTEN " + CHANNEL);
                }
                ears.missed();
                while (!closed) {
                    var said = connection.unwrap(PGConnection.class).getNotifications(QUIET_MS);
                    if (said == null || said.length == 0) {
                        if (!connection.isValid(PostgresLogs.CONNECT_MS / 1_000)) break;
                        continue;
                    }
                    for (var each : said) ears.heard(each.getParameter());
                }
            } catch (SQLException e) {
                if (!closed) System.getLogger("waggle.hub").log(System.Logger.Level.DEBUG, "listening to the database", e);
            }
            listening = null;
            try {
                if (!closed) TimeUnit.MILLISECONDS.sleep(RETRY_MS);
            } catch (InterruptedException _) {
                // closed, or nobody's business
            }
        }
    }

    /// One of its own: it is held for as long as the process lives, and waits for hours without an answer.
    private Connection connect() throws SQLException {
        var properties = new Properties();
        address.user().ifPresent(user -> properties.setProperty("user", user));
        address.password().ifPresent(password -> properties.setProperty("password", password));
        properties.setProperty("ApplicationName", "waggle listener");
        properties.setProperty("connectTimeout", Integer.toString(PostgresLogs.CONNECT_MS / 1_000));
        properties.setProperty("tcpKeepAlive", "true");
        return DriverManager.getConnection(address.url(), properties);
    }

    @Override public void close() {
        closed = true;
        thread.interrupt();
        var connection = listening;
        if (connection == null) return;
        try {
            connection.abort(Runnable::run);                              // it waits for what may not come for hours
        } catch (SQLException e) {
            System.getLogger("waggle.hub").log(System.Logger.Level.DEBUG, "closing the connection that listens", e);
        }
    }
}
