package dev.waggle.store.capture;

import dev.waggle.apps.table.ChangeSetCodec;
import dev.waggle.apps.table.Row;
import dev.waggle.core.record.Value;
import dev.waggle.store.sqlite.KeptStatements;
import org.sqlite.SQLiteErrorCode;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Reads and writes rows of one table by key, with prepared statements that live as long as the schema does.
final class TableSql implements AutoCloseable {
    /// What bounds memory, however large rows are.
    private static final long PAGE_BYTES = 4 << 20;

    /// Updates may set very many different sets of columns.
    private static final int STATEMENTS_MAX = 256;

    private final UserFile file;
    private final TrackedTable table;
    private final Row.Columns columns;
    /// Of each stored column its place in a row.
    private final int[] place;
    private final KeptStatements statements;
    /// The texts that nearly every call uses: no key part or value needs a cast.
    private final String plainWhere;
    private final String plainSelect;
    private final String plainInsert;
    /// What a write begins with: where the table itself says what to do on conflict, the node's writes say otherwise, since they must not lose rows.
    private final String insertInto;
    private final String update;

    TableSql(UserFile file, TrackedTable table) {
        this.file = file;
        this.statements = new KeptStatements(file.connection(), STATEMENTS_MAX);
        this.table = table;
        this.columns = Row.Columns.of(table.stored());
        this.place = table.stored().stream().mapToInt(columns::indexOf).toArray();
        this.plainWhere = where(table.schema().key().stream().map(_ -> "?").toList());
        this.plainSelect = "SELECT " + Sql.names(table.stored()) + " FROM " + Sql.name(table.name());
        var conflict = SqlWords.decidesConflicts(table.schema().sql().getFirst()) ? " OR ABORT" : "";
        this.insertInto = "INSERT" + conflict + " INTO " + Sql.name(table.name()) + " (";
        this.update = "UPDATE" + conflict + " " + Sql.name(table.name()) + " SET ";
        this.plainInsert = insertInto + Sql.names(table.stored()) + ") VALUES ("
            + String.join(", ", Collections.nCopies(table.stored().size(), "?")) + ")";
    }

    TrackedTable table() {
        return table;
    }

    /// The row under a key as the file's own collations find it.
    Optional<SortedMap<String, Value>> row(List<Value> key) throws SQLException {
        var statement = prepared(plainSelect + whereFor(key));
        bind(statement, 1, key);
        try (var rows = statement.executeQuery()) {
            return rows.next() ? Optional.of(read(statement, rows)) : Optional.empty();
        }
    }

    boolean exists(List<Value> key) throws SQLException {
        var statement = prepared("SELECT 1 FROM " + Sql.name(table.name()) + whereFor(key));
        bind(statement, 1, key);
        try (var rows = statement.executeQuery()) {
            return rows.next();
        }
    }

    /// The next rows in key order: fewer than `rowsMax` when they are large, none at the end only.
    ///
    /// @param after the last key of the page before
    List<SortedMap<String, Value>> page(Optional<List<Value>> after, int rowsMax) throws SQLException {
        var key = keyTerms();
        var sql = new StringBuilder(plainSelect);
        after.ifPresent(last -> sql.append(" WHERE (").append(String.join(", ", key)).append(") > (")
            .append(last.stream().map(value -> Rows.parameter(value, file.textForm())).collect(Collectors.joining(", "))).append(')'));
        sql.append(" ORDER BY ").append(String.join(", ", key)).append(" LIMIT ").append(rowsMax);
        var statement = prepared(sql.toString());
        if (after.isPresent()) bind(statement, 1, after.get());
        try (var rows = statement.executeQuery()) {
            var page = new ArrayList<SortedMap<String, Value>>();
            for (long bytes = 0; bytes < PAGE_BYTES && rows.next(); bytes += ChangeSetCodec.bytes(page.getLast())) page.add(read(statement, rows));
            return page;
        }
    }

    private List<String> keyTerms() {
        var terms = new ArrayList<String>();
        for (int part = 0; part < table.schema().key().size(); part++)
            terms.add(Sql.name(table.schema().key().get(part)) + (table.rowidKey() ? "" : " COLLATE " + Sql.name(table.keyCollations().get(part))));
        return terms;
    }

    long count() throws SQLException {
        return Rows.number(file.connection(), "SELECT count(*) FROM " + Sql.name(table.name()));
    }

    /// The keys of the rows that hold the same values in a unique index: those in the way of `row`.
    List<List<Value>> holders(List<String> columns, List<String> collations, SortedMap<String, Value> row) throws SQLException {
        var where = new ArrayList<String>();
        var values = new ArrayList<Value>();
        for (int i = 0; i < columns.size(); i++) {
            var value = row.getOrDefault(columns.get(i), Value.NULL);
            where.add(Sql.name(columns.get(i)) + " = " + Rows.parameter(value, file.textForm()) + " COLLATE " + Sql.name(collations.get(i)));
            values.add(value);
        }
        var statement = prepared("SELECT " + Sql.names(table.schema().key()) + " FROM " + Sql.name(table.name()) + " WHERE " + String.join(" AND ", where));
        bind(statement, 1, values);
        try (var rows = statement.executeQuery()) {
            var holders = new ArrayList<List<Value>>();
            while (rows.next()) {
                var key = new ArrayList<Value>();
                for (int part = 0; part < table.schema().key().size(); part++) key.add(Rows.value(statement, rows, part + 1, file.textForm()));
                holders.add(key);
            }
            return holders;
        }
    }

    void insert(SortedMap<String, Value> row) throws SQLException {
        if (row instanceof Row whole && whole.columns() == columns && isPlain(whole)) {
            var statement = prepared(plainInsert);
            for (int i = 0; i < place.length; i++) Rows.bind(statement, i + 1, whole.at(place[i]), file.textForm());
            write(statement);
            return;
        }
        var present = table.stored().stream().filter(row::containsKey).toList();
        var values = new ArrayList<Value>(present.size());
        for (var column : present) values.add(row.get(column));
        var statement = prepared(insertInto + Sql.names(present) + ") VALUES ("
            + values.stream().map(value -> Rows.parameter(value, file.textForm())).collect(Collectors.joining(", ")) + ")");
        bind(statement, 1, values);
        write(statement);
    }

    /// A row that was not written is a conflict even where SQLite says nothing: another write may make room for it, or people are told.
    private void write(PreparedStatement statement) throws SQLException {
        int rows = statement.executeUpdate();
        if (rows != 1) throw new SQLException(rows + " rows of " + table.name() + " were written instead of one", null, SQLiteErrorCode.SQLITE_CONSTRAINT.code);
    }

    private static boolean isPlain(Row row) {
        for (int i = 0; i < row.size(); i++) if (Rows.needsCast(row.at(i))) return false;
        return true;
    }

    /// The columns of `wanted` that the file has.
    SortedMap<String, Value> stored(SortedMap<String, Value> wanted) {
        if (wanted instanceof Row row && row.columns() == columns) return row;
        int known = 0;
        var values = new Value[place.length];
        for (int at : place) {
            values[at] = wanted.get(columns.name(at));
            if (values[at] != null) known++;
        }
        if (known == place.length) return Row.of(columns, values);
        var some = new TreeMap<>(wanted);
        some.keySet().retainAll(table.stored());
        return some;
    }

    /// Sets the given columns of the row under `key`.
    void update(List<Value> key, SortedMap<String, Value> changed) throws SQLException {
        var values = new ArrayList<>(changed.values());
        var statement = prepared(update + changed.entrySet().stream()
            .map(column -> Sql.name(column.getKey()) + " = " + Rows.parameter(column.getValue(), file.textForm())).collect(Collectors.joining(", ")) + whereFor(key));
        bind(statement, 1, values);
        bind(statement, 1 + values.size(), key);
        write(statement);
    }

    void delete(List<Value> key) throws SQLException {
        var statement = prepared("DELETE FROM " + Sql.name(table.name()) + whereFor(key));
        bind(statement, 1, key);
        statement.executeUpdate();
    }

    private SortedMap<String, Value> read(PreparedStatement statement, ResultSet rows) throws SQLException {
        var values = new Value[place.length];
        for (int i = 0; i < place.length; i++) values[place[i]] = Rows.value(statement, rows, i + 1, file.textForm());
        return Row.of(columns, values);
    }

    private String whereFor(List<Value> key) {
        if (isPlain(key)) return plainWhere;
        return where(key.stream().map(value -> Rows.parameter(value, file.textForm())).toList());
    }

    private boolean isPlain(Collection<Value> values) {
        for (var value : values) if (Rows.needsCast(value)) return false;
        return true;
    }

    private String where(List<String> parameters) {
        var parts = new ArrayList<String>();
        for (int part = 0; part < parameters.size(); part++) {
            var collation = table.rowidKey() ? "" : " COLLATE " + Sql.name(table.keyCollations().get(part));
            parts.add(Sql.name(table.schema().key().get(part)) + " = " + parameters.get(part) + collation);
        }
        return " WHERE " + String.join(" AND ", parts);
    }

    private void bind(PreparedStatement statement, int first, List<Value> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) Rows.bind(statement, first + i, values.get(i), file.textForm());
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        return statements.get(sql);
    }

    @Override public void close() throws SQLException {
        statements.close();
    }
}
