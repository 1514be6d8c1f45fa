package dev.waggle.store.sql;

import dev.waggle.core.event.SpaceId;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/// A database whose commits fail, wait, or find a full disk, and beside whose readers something happens, when a test says so.
final class FaultyDatabase implements Database {
    volatile boolean failCommits;
    volatile boolean exhausted;
    volatile CountDownLatch holdCommits;
    volatile int commits;
    private final AtomicReference<Runnable> beforeChanges = new AtomicReference<>();
    private volatile boolean full;
    private final Database real;

    FaultyDatabase(Database real) {
        this.real = real;
    }

    /// A full disk lets the file grow by a few pages yet: this is what SQLite sees when it asks for more.
    void disk(boolean isFull) {
        full = isFull;
    }

    /// Happens once, when a reader asks for changes of verdicts next: it has read entries before.
    void beforeChangesAreRead(Runnable deed) {
        beforeChanges.set(deed);
    }

    @Override public LogConnection writer(SpaceId space) throws SQLException {
        var connection = real.writer(space);
        if (full) {
            int limit;
            try (var statement = connection.prepare("PRAGMA page_count"); var pages = statement.executeQuery()) {
                pages.next();
                limit = pages.getInt(1) + 20;
            }
            try (var statement = connection.prepare("PRAGMA max_page_count = " + limit)) {
                statement.execute();
            }
        }
        return new Through(connection) {
            @Override public void commit(boolean wrote) throws SQLException {
                beforeCommit();
                connection.commit(wrote);
            }
        };
    }

    private void beforeCommit() throws SQLException {
        commits++;
        var hold = holdCommits;
        if (hold != null) {
            try {
                hold.await();
            } catch (InterruptedException e) {
                throw new SQLException(e);
            }
        }
        if (exhausted) throw new StackOverflowError();
        if (failCommits) throw new SQLException("the power went off");
    }

    @Override public void boundJournal(LogConnection writer) throws SQLException {
        // the real one knows its own connections only
    }

    @Override public LogConnection mender() throws SQLException {
        return real.mender();
    }

    @Override public List<String> damages() throws SQLException {
        return real.damages();
    }

    @Override public LogConnection reader() throws SQLException {
        var connection = real.reader();
        return new Through(connection) {
            @Override public PreparedStatement kept(String sql) throws SQLException {
                if (sql.contains("verdict_changes")) {
                    var deed = beforeChanges.getAndSet(null);
                    if (deed != null) deed.run();
                }
                return connection.kept(sql);
            }
        };
    }

    private static class Through implements LogConnection {
        private final LogConnection connection;

        Through(LogConnection connection) {
            this.connection = connection;
        }

        @Override public boolean begin() throws SQLException {
            return connection.begin();
        }

        @Override public void commit(boolean wrote) throws SQLException {
            connection.commit(wrote);
        }

        @Override public PreparedStatement prepare(String sql) throws SQLException {
            return connection.prepare(sql);
        }

        @Override public PreparedStatement kept(String sql) throws SQLException {
            return connection.kept(sql);
        }

        @Override public void rest() throws SQLException {
            connection.rest();
        }

        @Override public void close() throws SQLException {
            connection.close();
        }
    }
}
