package dev.waggle.store.sql;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;

/// A database whose commits fail, wait, or find a full disk, when a test says so.
final class FaultyDatabase implements Database {
    volatile boolean failCommits;
    volatile CountDownLatch holdCommits;
    volatile int commits;
    private volatile boolean full;
    private final Database real;

    FaultyDatabase(Database real) {
        this.real = real;
    }

    /// A full disk lets the file grow by a few pages yet: this is what SQLite sees when it asks for more.
    void disk(boolean isFull) {
        full = isFull;
    }

    @Override public Connection writer() throws SQLException {
        var connection = real.writer();
        if (full) {
            try (var statement = connection.createStatement(); var pages = statement.executeQuery("PRAGMA page_count")) {
                pages.next();
                int limit = pages.getInt(1) + 20;
                pages.close();
                statement.execute("PRAGMA max_page_count = " + limit);
            }
        }
        return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
            if (method.getName().equals("setAutoCommit") && (Boolean) arguments[0]) commit();
            try {
                return method.invoke(connection, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    private void commit() throws SQLException {
        commits++;
        var hold = holdCommits;
        if (hold != null) {
            try {
                hold.await();
            } catch (InterruptedException e) {
                throw new SQLException(e);
            }
        }
        if (failCommits) throw new SQLException("the power went off");
    }

    @Override public void boundJournal(Connection writer) throws SQLException {
        real.boundJournal(writer);
    }

    @Override public Connection reader() throws SQLException {
        return real.reader();
    }
}
