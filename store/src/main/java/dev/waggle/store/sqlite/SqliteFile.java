package dev.waggle.store.sqlite;

import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Set;

/// A SQLite file that belongs to the node: what is committed to it survives a power cut. Never for a user's own file.
///
/// WAL with `synchronous=FULL`: with NORMAL a power cut takes back acknowledged commits, and a node that forgot what it sent forks its own
/// chain. Checkpoints are rare (20,000 pages, 80 MiB), because they decide the speed of bulk appends, and the WAL is cut back after each.
public final class SqliteFile {
    public static final int PAGE_BYTES = 4096;
    public static final int CHECKPOINT_PAGES = 20_000;
    /// Before it, a WAL could be corrupted when it was reset while another connection began to write.
    public static final String VERSION_MIN = "3.51.3";
    private static final int BUSY_MS = 10_000;
    private static final int READERS_MS = 200;
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");

    private final Path path;
    private final int applicationId;
    private final String schema;
    private final int schemaVersion;
    private final int checkpointPages;
    private long journalBytesNext;               // touched by the writer's thread only
    private Connection prepared;                 // what it was opened with, until the first writer takes it; null when that was closed

    /// Brings a file up to what this version writes.
    public interface Upgrade {
        void on(Connection connection) throws SQLException;
    }

    private SqliteFile(Path path, int applicationId, String schema, int schemaVersion, int checkpointPages) {
        this.path = path;
        this.applicationId = applicationId;
        this.schema = schema;
        this.schemaVersion = schemaVersion;
        this.checkpointPages = checkpointPages;
        journalBytesNext = 2L * checkpointPages * PAGE_BYTES;
    }

    /// Opens the file, and makes it when there is none: mode 0600, with the given schema.
    ///
    /// @param applicationId says which kind of file this is (`PRAGMA application_id`)
    /// @param schema        statements for an empty file
    /// @param schemaVersion `PRAGMA user_version` of that schema
    /// @throws UnusableFile when it is something else
    /// @throws SQLException when the disk or the database failed
    public static SqliteFile open(Path path, int applicationId, String schema, int schemaVersion) throws SQLException {
        var file = openToWrite(path, applicationId, schema, schemaVersion, CHECKPOINT_PAGES, _ -> { });
        file.leave();
        return file;
    }

    /// The same for whoever asks for a writer at once: it gets the connection with which the file was looked at. An open connection costs as much as reading a small file.
    ///
    /// @param checkpointPages after so many pages the journal is copied into the file
    /// @param upgrade         what is to be done to a file that an older version made
    public static SqliteFile openToWrite(Path path, int applicationId, String schema, int schemaVersion, int checkpointPages, Upgrade upgrade) throws SQLException {
        createPrivate(path);
        var file = new SqliteFile(path, applicationId, schema, schemaVersion, checkpointPages);
        try {
            file.prepare(upgrade);
        } catch (SQLiteException e) {
            if (e.getResultCode() == SQLiteErrorCode.SQLITE_NOTADB)
                throw new UnusableFile(path + " is no SQLite database, or it is encrypted", e);
            if (e.getResultCode() == SQLiteErrorCode.SQLITE_CORRUPT) throw new UnusableFile(path + " is damaged: restore it from a backup", e);
            throw e;
        }
        return file;
    }

    /// Closes the connection that nobody asked for.
    public void leave() throws SQLException {
        var unused = prepared;
        prepared = null;
        if (unused != null) unused.close();
    }

    public Path path() {
        return path;
    }

    /// A connection that writes: every transaction takes the write lock at once, every commit is on the disk when it returns. It comes
    /// with auto-commit on: with it off the driver begins the next transaction at each commit, so an idle writer would hold the lock and
    /// keep the WAL from being reset.
    public Connection writer() throws SQLException {
        return writer(connect(false));
    }

    private Connection writer(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_autocheckpoint = " + checkpointPages);
            statement.execute("PRAGMA journal_size_limit = " + (long) checkpointPages * PAGE_BYTES);
            statement.execute("PRAGMA cache_size = -16384");
            require(connection, "PRAGMA synchronous", "2");
            require(connection, "PRAGMA journal_mode", "wal");
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /// SQLite begins its journal anew only at a moment in which no reader needs it. Beside readers that never pause there is no such moment, and the
    /// journal grows for ever. When it is twice as large as it should be, this waits for those who read now; those who come later read the file itself,
    /// so it is a short wait. For a reader that stays longer than [#READERS_MS] nobody waits: it is tried again when the journal has grown as much again.
    ///
    /// @param writer a connection of [#writer], between transactions
    public void boundJournal(Connection writer) throws SQLException {
        var journal = path.resolveSibling(path.getFileName() + "-wal");
        if (size(journal) <= journalBytesNext) return;
        try (var statement = writer.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + READERS_MS);
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            statement.execute("PRAGMA busy_timeout = " + BUSY_MS);
        }
        long step = (long) checkpointPages * PAGE_BYTES;
        journalBytesNext = size(journal) + 2 * step;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException _) {
            return 0;                            // the last connection that closed it took it away
        }
    }

    /// A [#writer] for a file that may have been through a failed fsync.
    ///
    /// What an fsync failed to write counts as clean in the system's memory: later fsyncs succeed without writing it. SQLite reads such frames back
    /// when it opens the file, takes them for committed, and appends behind them what after a power cut is out of reach. So the WAL is written once
    /// more, byte by byte, before anything is copied from it or built upon it; and an fsync that fails here is not repeated either: the next
    /// try begins with writing.
    public Connection settledWriter() throws SQLException {
        var settled = prepared;
        prepared = null;
        if (settled != null) return writer(settled);
        var connection = writer();
        try {
            settle(connection);
            return connection;
        } catch (SQLException | RuntimeException e) {
            closeAsItIs(connection, e);
            throw e;
        }
    }

    private void settle(Connection connection) throws SQLException {
        connection.setAutoCommit(false);                        // the first statement takes the write lock: nobody else appends meanwhile
        try (var statement = connection.createStatement()) {
            statement.execute("SELECT 1");
            writeAgain(Path.of(path + "-wal"));
        } finally {
            connection.setAutoCommit(true);
        }
    }

    /// Whoever closes a file last copies the WAL into it. Here nobody does: what lies in the WAL may not be on the disk. A connection that cannot write
    /// is the last.
    private void closeAsItIs(Connection connection, Exception why) {
        try (var last = connect(true)) {
            query(last, "SELECT count(*) FROM sqlite_schema");
            connection.close();
        } catch (SQLException e) {
            why.addSuppressed(e);
            close(connection, why);
        }
    }

    private static void close(Connection connection, Exception why) {
        try {
            connection.close();
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }

    private static void writeAgain(Path wal) throws SQLException {
        try (var channel = FileChannel.open(wal, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() == 0) return;
            var some = ByteBuffer.allocate(1 << 20);
            for (long at = 0; channel.read(some.clear(), at) > 0; ) {
                some.flip();
                while (some.hasRemaining()) at += channel.write(some, at);
            }
            channel.force(false);
        } catch (NoSuchFileException _) {
            // there is none yet
        } catch (IOException e) {
            throw new SQLException("write " + wal + " again: " + e.getMessage(), e);
        }
    }

    /// A connection that cannot write, and does not stop those who do.
    public Connection reader() throws SQLException {
        var connection = connect(false);
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only = ON");
            statement.execute("PRAGMA cache_size = -4096");
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /// True when `e` says that the disk is full: the rest of the node goes on, and the write works again when there is space.
    public static boolean isDiskFull(SQLException e) {
        return e instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_FULL;
    }

    private Connection connect(boolean readOnly) throws SQLException {
        var config = new SQLiteConfig();
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        config.setReadOnly(readOnly);
        config.setBusyTimeout(BUSY_MS);
        config.setPageSize(PAGE_BYTES);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setGetGeneratedKeys(false);                      // else the driver prepares a SELECT of its own after every insert
        return DriverManager.getConnection("jdbc:sqlite:" + path.toAbsolutePath(), config.toProperties());
    }

    private void prepare(Upgrade upgrade) throws SQLException {
        var connection = connect(false);
        try {
            prepare(connection);
            upgrade.on(connection);
        } catch (SQLException | RuntimeException e) {
            closeAsItIs(connection, e);
            throw e;
        }
        prepared = connection;
    }

    private void prepare(Connection connection) throws SQLException {
        var version = query(connection, "SELECT sqlite_version()");
        if (!isAtLeast(version, VERSION_MIN)) throw new UnusableFile("SQLite " + version + " is too old: at least " + VERSION_MIN);
        int found = Integer.parseInt(query(connection, "PRAGMA user_version"));
        int kind = Integer.parseInt(query(connection, "PRAGMA application_id"));
        boolean empty = query(connection, "SELECT count(*) FROM sqlite_schema").equals("0");
        if (!empty && kind != applicationId) throw new UnusableFile(path + " is a database of another program");
        if (found > schemaVersion)
            throw new UnusableFile(path + " was written by a newer Waggle (schema " + found + ", this one knows " + schemaVersion
                + "): update this node");
        require(connection, "PRAGMA journal_mode = WAL", "wal");
        settle(connection);
        if (!empty) return;
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.executeUpdate(schema);
            statement.executeUpdate("PRAGMA application_id = " + applicationId);
            statement.executeUpdate("PRAGMA user_version = " + schemaVersion);
            connection.setAutoCommit(true);          // commits
        }
    }

    /// Makes an empty file, mode 0600, when there is none: what SQLite makes others may read.
    public static void createPrivate(Path path) {
        if (Files.exists(path)) return;              // opened below; its mode is its owner's choice
        try {
            boolean posix = Files.getFileStore(path.toAbsolutePath().getParent()).supportsFileAttributeView("posix");
            if (posix) Files.createFile(path, PosixFilePermissions.asFileAttribute(PRIVATE));
            else Files.createFile(path);
        } catch (FileAlreadyExistsException _) {
            // somebody else was faster
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + path, e);
        }
    }

    private static void require(Connection connection, String pragma, String value) throws SQLException {
        var found = query(connection, pragma);
        if (!value.equals(found))
            throw new UnusableFile(pragma + " is " + found + ", not " + value + ": this file system does not support what a log needs");
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement(); var rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "";
        }
    }

    static boolean isAtLeast(String version, String least) {
        var found = version.split("\\.");
        var wanted = least.split("\\.");
        for (int i = 0; i < wanted.length; i++) {
            int part = i < found.length ? Integer.parseInt(found[i]) : 0;
            if (part != Integer.parseInt(wanted[i])) return part > Integer.parseInt(wanted[i]);
        }
        return true;
    }

    /// Reads a schema from the class path.
    public static String resource(Class<?> beside, String name) {
        try (var in = beside.getResourceAsStream(name)) {
            if (in == null) throw new IllegalStateException(name + " is not packaged with " + beside.getName());
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
