package dev.waggle.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.store.sql.Database;
import dev.waggle.store.sql.LogConnection;
import dev.waggle.store.sql.SqlEventLog;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The logs of a hub's spaces in a PostgreSQL database (14 or newer), in a schema `waggle` of their own. Thread-safe. A database serves one node, in one process or several:
/// their appends keep one order, and each sees what another has written at once ([#watch]).
///
/// While the database is away every call fails with [LogUnavailable] after [#CONNECT_MS]; what was acknowledged is there when it is back.
public final class PostgresLogs implements AutoCloseable {
    public static final String SCHEMA = "waggle";
    /// Nobody waits longer for a connection.
    public static final int CONNECT_MS = 5_000;
    private static final int CONNECTIONS_MAX = 16;
    private static final int VERSION_MIN = 14;

    private final DatabaseAddress address;
    private final HikariDataSource pool;
    private final Incarnation incarnation;
    private final String process;
    private final Visits visits;
    private final Map<Long, SqlEventLog> open = new ConcurrentHashMap<>();
    private final Map<Long, Long> versions = new ConcurrentHashMap<>();
    private volatile Neighbours neighbours;      // null until somebody watches

    private PostgresLogs(DatabaseAddress address, HikariDataSource pool, Incarnation incarnation, String process) {
        this.address = address;
        this.pool = pool;
        this.incarnation = incarnation;
        this.process = process;
        this.visits = new Visits(process, pool);
    }

    /// Connects, and brings the schema up to date; several processes may do so at once.
    ///
    /// @param node  whose logs they are, its id in hexadecimal: a database serves one node
    /// @param fresh 128 random bits in hexadecimal, for this process, and for a database that is new or came back from a dump
    /// @throws UnusableDatabase when it cannot be reached, refuses, is too old, or was written by a newer Waggle; the message is for people
    public static PostgresLogs open(DatabaseAddress address, String node, Supplier<String> fresh) {
        HikariDataSource pool;
        try {
            pool = pool(address);
        } catch (RuntimeException e) {
            throw new UnusableDatabase(address + " cannot be reached: " + rootMessage(e), e);
        }
        try {
            requireServer(address, pool);
            migrate(address, pool);
            return new PostgresLogs(address, pool, incarnation(address, pool, node, fresh.get()), fresh.get());
        } catch (SQLException e) {
            pool.close();
            throw new UnusableDatabase(address + " cannot be used: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    private static HikariDataSource pool(DatabaseAddress address) {
        var config = new HikariConfig();
        config.setPoolName("waggle");
        config.setJdbcUrl(address.url());
        address.user().ifPresent(config::setUsername);
        address.password().ifPresent(config::setPassword);
        config.setSchema(SCHEMA);
        config.setMaximumPoolSize(CONNECTIONS_MAX);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECT_MS);
        config.setInitializationFailTimeout(CONNECT_MS);
        config.setConnectionInitSql("SET synchronous_commit = on");             // an acknowledged commit is on the disk, whatever the server's default is
        config.addDataSourceProperty("ApplicationName", "waggle");
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("connectTimeout", CONNECT_MS / 1_000);
        config.addDataSourceProperty("socketTimeout", 60);
        config.addDataSourceProperty("tcpKeepAlive", "true");
        return new HikariDataSource(config);
    }

    private static void requireServer(DatabaseAddress address, HikariDataSource pool) throws SQLException {
        try (var connection = pool.getConnection()) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < VERSION_MIN) throw new UnusableDatabase(address + " is PostgreSQL " + version + ": at least " + VERSION_MIN + " is needed", null);
            try (var statement = connection.createStatement(); var row = statement.executeQuery("SHOW fsync")) {
                row.next();
                if (!row.getString(1).equals("on"))
                    throw new UnusableDatabase(address + " runs with fsync = off, so a power cut could take back what was acknowledged: switch it on", null);
            }
        }
    }

    private static void migrate(DatabaseAddress address, HikariDataSource pool) {
        try {
            Flyway.configure(PostgresLogs.class.getClassLoader()).dataSource(pool).schemas(SCHEMA).defaultSchema(SCHEMA).table("migrations")
                .locations("classpath:dev/waggle/store/postgres").ignoreMigrationPatterns(new String[0]).load().migrate();
        } catch (FlywayValidateException e) {
            throw new UnusableDatabase(address + " was written by a newer Waggle, or its schema was changed by hand: " + e.getMessage().strip().lines().findFirst().orElse("")
                + " Update this node.", e);
        } catch (FlywayException e) {
            throw new UnusableDatabase(address + " could not be given Waggle's tables: " + rootMessage(e), e);
        }
    }

    /// After a dump was restored nothing in it proves what this node has signed since: without the mark of its lineage each log gets a new epoch.
    private static Incarnation incarnation(DatabaseAddress address, HikariDataSource pool, String node, String fresh) throws SQLException {
        try (var connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            var incarnation = Incarnation.look(connection, node, fresh);
            if (incarnation.isNew())
                try (var statement = connection.createStatement()) {
                    statement.executeUpdate("DELETE FROM marks WHERE name LIKE 'lineage%'");
                    statement.executeUpdate("UPDATE log SET version = version + 1");
                }
            connection.commit();
            return incarnation;
        } catch (UnusableDatabase e) {
            throw new UnusableDatabase(address + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static String rootMessage(Throwable e) {
        var root = e;
        while (root.getCause() != null && root.getCause() != root) root = root.getCause();
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage().strip();
    }

    public DatabaseAddress address() {
        return address;
    }

    /// Which life of the database this is.
    public String incarnation() {
        return incarnation.id();
    }

    /// True when the database came back from a dump, or was set back, since it was opened before.
    public boolean isRestored() {
        return incarnation.isNew();
    }

    /// Opens the log of a space, and makes an empty one when there is none.
    ///
    /// @throws LogUnavailable when the database is away; a retry is safe
    public EventLog open(SpaceId space, Verifier verifier, Supplier<Epoch> fresh) {
        try {
            long number = number(space);
            var log = SqlEventLog.open(database(number), space, verifier, fresh);
            open.put(number, log);
            return log;
        } catch (SQLException e) {
            throw new LogUnavailable("open the log of space " + space.brief(), e);
        }
    }

    /// Where the log of a space is: for what looks at a log without opening it.
    public Database database(SpaceId space) throws SQLException {
        return database(number(space));
    }

    private Database database(long number) {
        var sql = new SpaceSql(number);
        return new Database() {
            @Override public LogConnection writer(SpaceId id) {
                return new SpaceConnection(pool, number, sql, PostgresLogs.this::committed);
            }

            @Override public void boundJournal(LogConnection writer) {
                // the server looks after its own
            }

            @Override public LogConnection reader() {
                return new SpaceConnection(pool, number, sql, null);
            }

            @Override public LogConnection mender() {
                return new SpaceConnection(pool, number, sql, PostgresLogs.this::committed);
            }

            @Override public List<String> damages() {
                return List.of();                    // the server checks its pages when it reads them
            }
        };
    }

    private long number(SpaceId space) throws SQLException {
        try (var connection = pool.getConnection();
             var insert = connection.prepareStatement("INSERT INTO log (id) VALUES (?) ON CONFLICT DO NOTHING");
             var select = connection.prepareStatement("SELECT space FROM log WHERE id = ?")) {
            select.setBytes(1, space.bytes());
            try (var row = select.executeQuery()) {
                if (row.next()) return row.getLong(1);
            }
            insert.setBytes(1, space.bytes());
            insert.executeUpdate();
            try (var row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private void committed(long log, long version, boolean wrote) {
        versions.merge(log, version, Math::max);
        var others = neighbours;
        if (wrote && others != null) others.committed(log);
    }

    // Other processes of the same hub

    /// From now on the logs that are open here notice what other processes write to them, and others are told what this one writes. Once.
    ///
    /// @param fanout  how they tell each other; empty for the database's own way
    /// @param unknown is told, on a thread of its own, of logs that are not open here, whenever they grow
    public void watch(Optional<Fanout.Opener> fanout, Consumer<SpaceId> unknown) {
        watch(fanout, unknown, Neighbours.LOOK_MS);
    }

    void watch(Optional<Fanout.Opener> fanout, Consumer<SpaceId> unknown, long lookMs) {
        neighbours = new Neighbours(process, incarnation.id(), pool, fanout.orElse((_, ears) -> new DatabaseFanout(address, pool, ears)), open, versions, unknown, lookMs);
    }

    /// Nodes that are connected to this process: to be said again at least every [Visits#SILENCE_SECONDS] seconds.
    ///
    /// @throws LogUnavailable when the database is away
    public void here(Collection<NodeId> nodes) {
        visits.here(nodes);
    }

    /// Nodes that are connected to another process.
    ///
    /// @throws LogUnavailable when the database is away
    public Set<NodeId> elsewhere() {
        return visits.elsewhere();
    }

    @Override public void close() {
        var others = neighbours;
        if (others != null) others.close();
        pool.close();
    }
}
