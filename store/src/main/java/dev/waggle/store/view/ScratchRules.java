package dev.waggle.store.view;

import dev.waggle.apps.table.RowRules;
import dev.waggle.apps.table.TableSchema;
import dev.waggle.core.record.Value;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Asks an in-memory SQLite with the same CREATE TABLE. The user's file is never asked: what is shown must not depend on what happens to be in it.
///
/// A schema comes from another node, so only its CREATE TABLE is run, after [SchemaSql] found that it is one, in a database that holds nothing else and
/// can attach nothing. What an index is over, and for which rows, is asked only after SQLite has taken it as an index: then it is no query of its own and
/// every node gets the same answer. What a rule may build out of a row is bounded by the row. A table that cannot be made here accepts every row:
/// refusing all of them would hide a whole table. One thread.
public final class ScratchRules implements RowRules, AutoCloseable {
    /// The longest text or blob a rule may build: so much, and a small multiple of the row it judges.
    private static final int BUILT_BYTES_MIN = 128 * 1024;
    private static final long BUILT_BYTES_MAX = 1_000_000_000;              // SQLite's own limit
    private final Connection connection;
    private int builtBytesMax;
    private final Map<TableSchema, Scratch> scratches = new HashMap<>();
    private TableSchema last;
    private Scratch lastScratch;

    /// @param judged    what rows are judged by; empty when nothing beyond NOT NULL
    /// @param needed    columns that are NOT NULL and have no default
    /// @param rowidKey  the key is the rowid
    /// @param indexable which partial indexes and indexes over expressions SQLite takes, of those asked for so far
    private record Scratch(String judged, boolean made, Set<String> needed, boolean rowidKey, Map<TableSchema.Unique, Boolean> indexable, Map<String, PreparedStatement> prepared) {
        Scratch(String judged, boolean made, Set<String> needed, boolean rowidKey) {
            this(judged, made, needed, rowidKey, new HashMap<>(), new HashMap<>());
        }
    }

    public ScratchRules() {
        try {
            connection = DriverManager.getConnection("jdbc:sqlite::memory:");
            execute("PRAGMA foreign_keys=OFF");
            execute("PRAGMA trusted_schema=OFF");
        } catch (SQLException e) {
            throw new ViewUnavailable("open an in-memory database", e);
        }
    }

    @Override public String judged(TableSchema schema) {
        return scratch(schema).judged;
    }

    private Scratch scratch(TableSchema schema) {
        if (schema == last) return lastScratch;      // asked for every row: a schema is costly to compare
        lastScratch = found(schema);
        last = schema;
        return lastScratch;
    }

    private Scratch found(TableSchema schema) {
        var known = scratches.get(schema);
        if (known == null) scratches.put(schema, known = make(schema));
        return known;
    }

    private Scratch make(TableSchema schema) {
        var create = schema.sql().isEmpty() ? "" : schema.sql().getFirst();
        if (!SchemaSql.creates(create, "TABLE")) return unmade(schema);
        boolean needed = (SchemaSql.words(create).contains("CHECK") || SchemaSql.words(create).contains("STRICT")) && !SchemaSql.checksByChance(create);
        try {
            scratches.keySet().stream().filter(other -> other.name().equalsIgnoreCase(schema.name())).toList().forEach(this::drop);
            execute("DROP TABLE IF EXISTS " + SchemaSql.quoted(schema.name()));
            execute(create);
            prepareEmpty(schema).close();                           // fails when the statement made a table of another name
            return new Scratch(needed ? create : "", true, columnsNeeded(schema), hasRowidKey(schema));
        } catch (SQLException _) {
            return unmade(schema);                                  // a function or collation that is not here: the same on every node of this version
        }
    }

    private Scratch unmade(TableSchema schema) {
        return new Scratch("", false, Set.of(), RowRules.super.isRowidKey(schema));
    }

    /// A primary key without an index of its own is the rowid: so SQLite itself says whether INTEGER PRIMARY KEY was spelt as it wants it (DESC is not).
    private boolean hasRowidKey(TableSchema schema) throws SQLException {
        try (var select = connection.prepareStatement("""
                SELECT EXISTS (SELECT 1 FROM pragma_table_info(?1) WHERE pk > 0) AND NOT EXISTS (SELECT 1 FROM pragma_index_list(?1) WHERE origin = 'pk')
                """)) {
            select.setString(1, schema.name());
            try (var rows = select.executeQuery()) {
                return rows.next() && rows.getBoolean(1);
            }
        }
    }

    @Override public boolean isRowidKey(TableSchema schema) {
        return scratch(schema).rowidKey;
    }

    /// Whether SQLite would make such an index: not of a query, nor of a function that is not here or answers by chance. No program has another.
    private boolean isIndexable(TableSchema schema, TableSchema.Unique unique) {
        var expressions = expressions(schema, unique);
        if (expressions.isEmpty()) return false;
        try {
            execute("CREATE INDEX waggle_probe ON " + SchemaSql.quoted(schema.name()) + " (" + String.join(", ", expressions.get()) + ")" + where(unique));
            execute("DROP INDEX waggle_probe");
            return true;
        } catch (SQLException _) {
            return false;
        }
    }

    private static Optional<List<String>> expressions(TableSchema schema, TableSchema.Unique unique) {
        return unique.columns().isEmpty() ? SchemaSql.indexed(schema, unique.name()) : Optional.of(unique.columns().stream().map(SchemaSql::quoted).toList());
    }

    private static String where(TableSchema.Unique unique) {
        return unique.where().map(where -> " WHERE " + where).orElse("");
    }

    private void drop(TableSchema schema) {
        last = null;
        for (var statement : scratches.remove(schema).prepared.values()) {
            try {
                statement.close();
            } catch (SQLException e) {
                throw new ViewUnavailable("close a statement", e);
            }
        }
    }

    @Override public Set<String> needed(TableSchema schema) {
        return scratch(schema).needed;
    }

    /// SQLite itself says which columns have a default.
    private Set<String> columnsNeeded(TableSchema schema) throws SQLException {
        var needed = new TreeSet<String>();
        try (var select = connection.prepareStatement("SELECT name FROM pragma_table_info(?) WHERE \"notnull\" AND dflt_value IS NULL AND pk = 0")) {
            select.setString(1, schema.name());
            try (var rows = select.executeQuery()) {
                while (rows.next()) needed.add(rows.getString(1));
            }
        }
        return needed;
    }

    @Override public Optional<String> violation(TableSchema schema, SortedMap<String, Value> row) {
        var scratch = scratch(schema);
        if (!scratch.made || scratch.judged.isEmpty()) return Optional.empty();
        try {
            insert(schema, scratch, row);
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(e.getMessage());
        } finally {
            empty(schema, scratch);
        }
    }

    @Override public Optional<List<Value>> key(TableSchema schema, TableSchema.Unique unique, SortedMap<String, Value> row) {
        var scratch = scratch(schema);
        if (!scratch.made || !scratch.indexable.computeIfAbsent(unique, each -> isIndexable(schema, each))) return Optional.empty();
        var expressions = expressions(schema, unique).orElseThrow();
        var select = "SELECT " + String.join(", ", expressions) + " FROM " + SchemaSql.quoted(schema.name()) + where(unique);
        try {
            insert(schema, scratch, row);
            try (var rows = prepare(scratch, select).executeQuery()) {
                if (!rows.next()) return Optional.empty();
                var key = new ArrayList<Value>();
                for (int i = 1; i <= expressions.size(); i++) key.add(value(rows, i));
                return Optional.of(key);
            }
        } catch (SQLException _) {
            return Optional.empty();                                // the row breaks a rule: violation() says so, and it wants no key
        } finally {
            empty(schema, scratch);
        }
    }

    private void insert(TableSchema schema, Scratch scratch, SortedMap<String, Value> row) throws SQLException {
        var places = row.values().stream().map(value -> isExactString(value) || !(value instanceof Value.Text) ? "?" : "CAST(? AS TEXT)").collect(Collectors.joining(", "));
        var columns = row.keySet().stream().map(SchemaSql::quoted).collect(Collectors.joining(", "));
        var insert = prepare(scratch, row.isEmpty() ? "INSERT INTO " + SchemaSql.quoted(schema.name()) + " DEFAULT VALUES"
            : "INSERT INTO " + SchemaSql.quoted(schema.name()) + " (" + columns + ") VALUES (" + places + ")");
        int place = 1;
        for (var value : row.values()) bind(insert, place++, value);
        limitBuilt(row);
        insert.executeUpdate();
    }

    private void limitBuilt(SortedMap<String, Value> row) throws SQLException {
        long bytes = BUILT_BYTES_MIN;
        for (var value : row.values()) bytes += 4L * (value instanceof Value.Text(var text) ? text.length : value instanceof Value.Blob(var blob) ? blob.length : 8);
        int max = (int) Math.min(BUILT_BYTES_MAX, Long.highestOneBit(bytes) * 2);
        if (max == builtBytesMax) return;
        connection.unwrap(SQLiteConnection.class).setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, max);
        builtBytesMax = max;
    }

    private static void bind(PreparedStatement insert, int place, Value value) throws SQLException {
        switch (value) {
            case Value.Null _ -> insert.setNull(place, java.sql.Types.NULL);
            case Value.Int(var integer) -> insert.setLong(place, integer);
            case Value.Real(var real) -> insert.setDouble(place, real);
            case Value.Text text when isExactString(text) -> insert.setString(place, text.lossy());
            case Value.Text(var bytes) -> insert.setBytes(place, bytes);
            case Value.Blob(var bytes) -> insert.setBytes(place, bytes);
            case Value.Chunked _ -> throw new IllegalStateException("a row is judged with its whole values");
        }
    }

    /// Valid UTF-8 without NUL travels as a string; everything else as bytes that are cast.
    private static boolean isExactString(Value value) {
        if (!(value instanceof Value.Text(var bytes))) return false;
        for (byte b : bytes) if (b == 0) return false;
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException _) {
            return false;
        }
    }

    private static Value value(ResultSet rows, int column) throws SQLException {
        return switch (rows.getObject(column)) {
            case null -> Value.NULL;
            case Integer integer -> new Value.Int(integer);
            case Long integer -> new Value.Int(integer);
            case Double real -> new Value.Real(real);
            case byte[] bytes -> new Value.Blob(bytes);
            default -> new Value.Text(rows.getBytes(column));
        };
    }

    private PreparedStatement prepare(Scratch scratch, String sql) throws SQLException {
        var known = scratch.prepared.get(sql);
        if (known != null) return known;
        var prepared = connection.prepareStatement(sql);
        scratch.prepared.put(sql, prepared);
        return prepared;
    }

    private PreparedStatement prepareEmpty(TableSchema schema) throws SQLException {
        return connection.prepareStatement("DELETE FROM " + SchemaSql.quoted(schema.name()));
    }

    private void empty(TableSchema schema, Scratch scratch) {
        try {
            prepare(scratch, "DELETE FROM " + SchemaSql.quoted(schema.name())).executeUpdate();
        } catch (SQLException e) {
            throw new ViewUnavailable("empty the scratch table", e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override public void close() {
        List.copyOf(scratches.keySet()).forEach(this::drop);
        try {
            connection.close();
        } catch (SQLException e) {
            throw new ViewUnavailable("close the in-memory database", e);
        }
    }
}
