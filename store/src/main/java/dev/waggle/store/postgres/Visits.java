package dev.waggle.store.postgres;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.LogUnavailable;

import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import javax.sql.DataSource;

/// Which nodes are connected to which process of a hub. Thread-safe.
final class Visits {
    /// A process that has said nothing for so long is not counted.
    static final int SILENCE_SECONDS = 15;
    private final String self;
    private final DataSource pool;

    Visits(String self, DataSource pool) {
        this.self = self;
        this.pool = pool;
    }

    /// All that are connected to this process now. To be repeated before [#SILENCE_SECONDS] are over.
    void here(Collection<NodeId> nodes) {
        try (var connection = pool.getConnection();
             var delete = connection.prepareStatement("DELETE FROM visits WHERE process = ? OR until < now()");
             var insert = connection.prepareStatement("INSERT INTO visits (process, node, until) VALUES (?, ?, now() + interval '" + SILENCE_SECONDS + " seconds')")) {
            connection.setAutoCommit(false);
            delete.setString(1, self);
            delete.executeUpdate();
            for (var node : Set.copyOf(nodes)) {
                insert.setString(1, self);
                insert.setBytes(2, node.bytes());
                insert.addBatch();
            }
            insert.executeBatch();
            connection.commit();
        } catch (SQLException e) {
            throw new LogUnavailable("say which nodes are here", e);
        }
    }

    /// Those that are connected to another one.
    Set<NodeId> elsewhere() {
        try (var connection = pool.getConnection(); var select = connection.prepareStatement("SELECT DISTINCT node FROM visits WHERE process <> ? AND until >= now()")) {
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
