package dev.waggle.store.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/// Notices a database that came back from a dump, or a server that was set back in time: what was acknowledged since is gone, and this node may have signed
/// events that it does not know any more. The dump holds the names that the server had given to its objects; a restored object has another one.
///
/// @param isNew the database is not what it was when it was last opened
record Incarnation(String id, boolean isNew) {
    /// The cluster, its history (it changes when a server is set back or another takes over), the database, the table.
    private static final String OBJECTS = """
        SELECT (SELECT system_identifier FROM pg_control_system()) || ' ' || (SELECT timeline_id FROM pg_control_checkpoint()) || ' '
            || (SELECT oid FROM pg_database WHERE datname = current_database()) || ' ' || 'log'::regclass::oid
        """;

    /// Looks, and remembers what it saw. In one transaction with what follows from it.
    ///
    /// @param node  whose logs are there; a new database becomes this node's
    /// @param fresh used when it is a new one
    /// @throws UnusableDatabase when it is another node's
    static Incarnation look(Connection connection, String node, String fresh) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("LOCK TABLE incarnation");
            String objects;
            try (var row = statement.executeQuery(OBJECTS)) {
                row.next();
                objects = row.getString(1);
            }
            String known = null;
            try (var row = statement.executeQuery("SELECT id, objects, node FROM incarnation")) {
                if (row.next()) {
                    if (!row.getString(3).equals(node))
                        throw new UnusableDatabase("it holds the logs of node " + row.getString(3).substring(0, 8) + ", and those of one node only: give each node a database of its own", null);
                    if (row.getString(2).equals(objects)) return new Incarnation(row.getString(1), false);
                    known = row.getString(1);
                }
            }
            try (var put = connection.prepareStatement("""
                INSERT INTO incarnation (one, id, objects, node) VALUES (1, ?, ?, ?)
                ON CONFLICT (one) DO UPDATE SET id = excluded.id, objects = excluded.objects
                """)) {
                put.setString(1, fresh);
                put.setString(2, objects);
                put.setString(3, node);
                put.executeUpdate();
            }
            return new Incarnation(fresh, known != null);
        }
    }
}
