package dev.waggle.store.postgres;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// A real PostgreSQL, one for all tests of this JVM, with a database for each that asks.
final class TestPostgres {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    static final String NODE = "ab".repeat(32);
    private static final EmbeddedPostgres SERVER = start();

    private TestPostgres() {}

    static EmbeddedPostgres start() {
        try {
            return EmbeddedPostgres.builder().setServerConfig("fsync", "on").setServerConfig("synchronous_commit", "off").start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A new, empty database.
    static DatabaseAddress database() {
        var name = "test_" + NUMBER.incrementAndGet();
        try (var connection = SERVER.getPostgresDatabase().getConnection(); var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return address(SERVER.getPort(), name);
    }

    static void sql(DatabaseAddress address, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(address.url(), "postgres", ""); var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static DatabaseAddress address(int port, String name) {
        return DatabaseAddress.parse("jdbc:postgresql://postgres@localhost:" + port + "/" + name, Optional.empty());
    }

    /// As another process of the same node.
    static PostgresLogs open(DatabaseAddress address) {
        return PostgresLogs.open(address, NODE, () -> String.format("%032x", NUMBER.incrementAndGet()));
    }
}
