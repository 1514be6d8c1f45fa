package dev.waggle.store.postgres;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.LogUnavailable;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import javax.sql.DataSource;

/// Which nodes are connected to which process of a hub. Only what changes is written. Thread-safe.
final class Visits {
    /// A process that has said nothing for so long is not counted.
    static final int SILENCE_SECONDS = 15;
    private static final String UNTIL = "now() + interval '" + SILENCE_SECONDS + " seconds'";
    private final String self;
    private final DataSource pool;
    private Set<NodeId> told = Set.of();

    Visits(String self, DataSource pool) {
        this.self = self;
        this.pool = pool;
    }

    /// All that are connected to this process now. To be repeated before [#SILENCE_SECONDS] are over.
    synchronized void here(Collection<NodeId> nodes) {
        var now = Set.copyOf(nodes);
        try (var connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            var known = lives(connection) ? told : Set.<NodeId>of();
            write(connection, "DELETE FROM visits WHERE process = ? AND node = ?", known, now);
            write(connection, "INSERT INTO visits (process, node) VALUES (?, ?)", now, known);
            connection.commit();
            told = now;
        } catch (SQLException e) {
            throw new LogUnavailable("say which nodes are here", e);
        }
    }

    /// @return false when nothing is known of this process: it is new, was silent for too long, or the server crashed
    private boolean lives(Connection connection) throws SQLException {
        try (var silent = connection.createStatement(); var update = connection.prepareStatement("UPDATE processes SET until = " + UNTIL + " WHERE id = ?");
             var insert = connection.prepareStatement("INSERT INTO processes (id, until) VALUES (?, " + UNTIL + ")")) {
            silent.execute("SET LOCAL synchronous_commit = off");         // nothing here has to outlive a crash
            silent.executeUpdate("DELETE FROM processes WHERE until < now()");
            update.setString(1, self);
            if (update.executeUpdate() == 1) return true;
            insert.setString(1, self);
            insert.executeUpdate();
            return false;
        }
    }

    private void write(Connection connection, String sql, Set<NodeId> nodes, Set<NodeId> butNot) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (var node : nodes) {
                if (butNot.contains(node)) continue;
                statement.setString(1, self);
                statement.setBytes(2, node.bytes());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    /// Those that are connected to another one.
    Set<NodeId> elsewhere() {
        try (var connection = pool.getConnection();
             var select = connection.prepareStatement("SELECT DISTINCT node FROM visits JOIN processes ON id = process WHERE process <> ? AND until >= now()")) {
            select.setString(1, self);
            var nodes = new HashSet<NodeId>();
            try (var row = select.executeQuery()) {
                while (row.next()) nodes.add(NodeId.of(row.getBytes(1)));
            }
            return nodes;
        } catch (SQLException e) {
            throw new LogUnavailable("ask which nodes are at other processes", e);
        }
    }
}
