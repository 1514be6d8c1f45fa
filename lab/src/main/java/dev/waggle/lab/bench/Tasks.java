package dev.waggle.lab.bench;

import dev.waggle.apps.table.ChangeSetCodec;
import dev.waggle.apps.table.RowChange;
import dev.waggle.core.log.Draft;
import dev.waggle.core.record.Value;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// The load: a table of tasks, about 300 bytes a row, as a program would fill it.
public final class Tasks {
    static final int ROW_BYTES = 300;
    private static final String DESCRIPTION = "What has to be done, by whom and until when, in about as many words as people use for it in a tracker: "
        + "look at the log, find the place, change it, see that the tests pass, and tell the others. ";

    private Tasks() {}

    /// A connection as a program has one: WAL, every commit fsynced.
    public static Connection open(Path file) throws SQLException {
        var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA busy_timeout = 10000");
        }
        return connection;
    }

    /// @param key the type of the primary key: `INTEGER` or `TEXT`
    public static void create(Connection connection, String key) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE TABLE task (id " + (key.equals("TEXT") ? "TEXT NOT NULL" : "INTEGER") + " PRIMARY KEY, title TEXT NOT NULL, description TEXT, "
                + "status TEXT, assignee TEXT, priority INTEGER, created_at INTEGER)");
        }
    }

    static Object key(String type, int number) {
        return type.equals("TEXT") ? "task-%08d".formatted(number) : Integer.valueOf(number);
    }

    /// Inserts rows `from` … `to` - 1, a thousand a transaction or fewer.
    public static void insert(Connection connection, String key, int from, int to, int rowsATransaction) throws SQLException {
        connection.setAutoCommit(false);
        try (var insert = connection.prepareStatement("INSERT INTO task VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            for (int i = from; i < to; i++) {
                insert.setObject(1, key(key, i));
                insert.setString(2, title(i));
                insert.setString(3, description(i));
                insert.setString(4, "open");
                insert.setString(5, "worker-" + i % 7);
                insert.setInt(6, i % 5);
                insert.setLong(7, 1_800_000_000_000L + i);
                insert.addBatch();
                if ((i - from) % rowsATransaction == rowsATransaction - 1) {
                    insert.executeBatch();
                    connection.commit();
                }
            }
            insert.executeBatch();
            connection.commit();
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private static String title(int i) {
        return "Something that has to be done, number " + i;
    }

    private static String description(int i) {
        return DESCRIPTION.substring(0, 100 + i * 31 % (DESCRIPTION.length() - 100));
    }

    /// One event for each of the rows `from` … `to` - 1, as a node would write it for a transaction of one insert.
    public static List<Draft> drafts(int from, int to) {
        var drafts = new ArrayList<Draft>(to - from);
        for (int i = from; i < to; i++) {
            var row = new TreeMap<String, Value>();
            row.put("id", new Value.Int(i));
            row.put("title", Value.Text.of(title(i)));
            row.put("description", Value.Text.of(description(i)));
            row.put("status", Value.Text.of("open"));
            row.put("assignee", Value.Text.of("worker-" + i % 7));
            row.put("priority", new Value.Int(i % 5));
            row.put("created_at", new Value.Int(1_800_000_000_000L + i));
            var change = new RowChange(RowChange.Kind.INSERT, "task", Optional.empty(), List.of(), row, new TreeMap<>());
            drafts.add(ChangeSetCodec.encode(List.of(change)).draft());
        }
        return drafts;
    }
}
