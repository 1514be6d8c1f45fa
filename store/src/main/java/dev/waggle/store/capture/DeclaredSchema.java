package dev.waggle.store.capture;

import dev.waggle.apps.table.TableSchema;
import dev.waggle.core.record.Value;
import org.sqlite.SQLiteConfig;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The tables of a database or of a text of CREATE statements, for whoever wants to try their rules: nothing is tracked, no row is read.
///
/// @param refused tables that could not be tracked either, and why
public record DeclaredSchema(List<Declared> tables, List<Refusal> refused) {
    public DeclaredSchema {
        tables = List.copyOf(tables);
        refused = List.copyOf(refused);
    }

    /// @param actions  what happens to rows when their parent goes or changes its key, by the number of the foreign key
    /// @param defaults of columns whose default is a constant
    public record Declared(TableSchema schema, SortedMap<Integer, Actions> actions, SortedMap<String, Value> defaults) {}

    /// As `PRAGMA foreign_key_list` spells them.
    public record Actions(String onDelete, String onUpdate) {}

    /// @throws FileRefused when it cannot be read as one
    public static DeclaredSchema ofDatabase(Path path) {
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        try (var connection = config.createConnection("jdbc:sqlite:" + path.toAbsolutePath())) {
            return of(connection);
        } catch (SQLException e) {
            throw new FileRefused(path + ": " + e.getMessage());
        }
    }

    /// @param path where the text comes from, for the messages: nothing is opened here, since a tracked file must not be
    /// @throws FileRefused when it is no SQL text, with the line where it ends being SQL
    public static DeclaredSchema ofText(Path path, String text) {
        if (text.indexOf('\0') >= 0) throw new FileRefused(path + " is neither a SQLite database nor SQL text (or it is encrypted)");
        try (var scratch = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            for (var statement : SqlStatements.of(text)) {
                if (!statement.declares()) continue;         // a dump's INSERTs and PRAGMAs: rows are not asked for
                try {
                    Rows.run(scratch, statement.text());
                } catch (SQLException e) {
                    throw new FileRefused(path + ":" + statement.line() + ": " + e.getMessage());
                }
            }
            return of(scratch);
        } catch (SqlStatements.Unclosed unclosed) {
            throw new FileRefused(path + ":" + unclosed.line() + ": " + unclosed.getMessage());
        } catch (SQLException e) {
            throw new FileRefused(path + ": " + e.getMessage());
        }
    }

    private static DeclaredSchema of(Connection connection) throws SQLException {
        var schema = FileSchema.read(connection);
        var tables = new ArrayList<Declared>();
        for (var table : schema.tables().values()) tables.add(new Declared(table.schema(), actions(connection, table.name()), defaults(connection, table.name())));
        return new DeclaredSchema(tables, schema.refused());
    }

    private static SortedMap<Integer, Actions> actions(Connection connection, String table) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT id, on_delete, on_update FROM pragma_foreign_key_list(?) ORDER BY id, seq")) {
            statement.setString(1, table);
            try (var rows = statement.executeQuery()) {
                var actions = new TreeMap<Integer, Actions>();
                while (rows.next()) actions.put(rows.getInt(1), new Actions(rows.getString(2), rows.getString(3)));
                return actions;
            }
        }
    }

    /// Literals only: an expression may say something else each time.
    private static SortedMap<String, Value> defaults(Connection connection, String table) throws SQLException {
        var expressions = new TreeMap<String, String>();
        try (var statement = connection.prepareStatement("SELECT name, dflt_value FROM pragma_table_info(?) WHERE dflt_value IS NOT NULL")) {
            statement.setString(1, table);
            try (var rows = statement.executeQuery()) {
                while (rows.next()) expressions.put(rows.getString(1), rows.getString(2));
            }
        }
        var defaults = new TreeMap<String, Value>();
        for (var entry : expressions.entrySet()) {
            if (!isLiteral(entry.getValue())) continue;
            try (var statement = connection.prepareStatement("SELECT " + entry.getValue()); var rows = statement.executeQuery()) {
                if (rows.next()) defaults.put(entry.getKey(), Rows.value(statement, rows, 1, TextForm.UTF_8));
            }
        }
        return defaults;
    }

    private static boolean isLiteral(String expression) {
        return expression.matches("(?s)'([^']|'')*'") || expression.matches("[+-]?[0-9]+(\\.[0-9]*)?") || expression.matches("(?i)TRUE|FALSE|x'[0-9a-f]*'");
    }
}
