package dev.waggle.store.capture;

import dev.waggle.core.record.Value;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Reads rows of a table for people who look through it: a page at a time, of every value no more than is shown.
final class RowReading {
    private final UserFile file;
    private final TrackedTable table;
    private final List<String> columns;

    RowReading(UserFile file, TrackedTable table) {
        this.file = file;
        this.table = table;
        this.columns = table.stored().stream().limit(RowPage.COLUMNS_MAX).toList();
    }

    /// @param after the key that the page begins behind
    /// @param skip  how many rows behind it are passed over
    RowPage page(Optional<List<Value>> after, long skip, int rowsMax, boolean counted) throws SQLException {
        var sql = new StringBuilder("SELECT ").append(columns.stream().map(Sql::name).map(RowReading::cell).collect(Collectors.joining(", ")))
            .append(", ").append(Sql.names(table.schema().key())).append(from());
        after.ifPresent(last -> sql.append(" AND (").append(keyTerms()).append(") > (").append(last.stream().map(value -> Rows.parameter(value, file.textForm())).collect(Collectors.joining(", "))).append(')'));
        sql.append(" ORDER BY ").append(keyTerms()).append(" LIMIT ").append(rowsMax + 1).append(" OFFSET ").append(skip);
        try (var statement = file.connection().prepareStatement(sql.toString())) {
            if (after.isPresent()) for (int part = 0; part < after.get().size(); part++) Rows.bind(statement, part + 1, after.get().get(part), file.textForm());
            var page = new ArrayList<RowPage.Row>();
            boolean isEnd = true;
            try (var rows = statement.executeQuery()) {
                for (long bytes = 0; rows.next(); bytes += size(page.getLast())) {
                    if (page.size() == rowsMax || bytes >= RowPage.PAGE_BYTES_MAX) {
                        isEnd = false;
                        break;
                    }
                    page.add(row(statement, rows));
                }
            }
            return new RowPage(table.schema().key(), columns, table.stored().size() - columns.size(), page, isEnd, counted ? Optional.of(count()) : Optional.empty());
        }
    }

    /// Two columns for each: its length, and as much of it as is shown. SQLite tells the length without reading the value.
    private static String cell(String name) {
        return "octet_length(%1$s), CASE typeof(%1$s) WHEN 'blob' THEN x'' WHEN 'text' THEN iif(octet_length(%1$s) > %2$d, CAST(substr(CAST(%1$s AS BLOB), 1, %2$d) AS TEXT), %1$s) ELSE %1$s END"
            .formatted(name, RowPage.TEXT_BYTES_MAX);
    }

    private String from() {
        return " FROM " + Sql.name(table.name()) + " WHERE " + table.schema().key().stream().map(column -> Sql.name(column) + " IS NOT NULL").collect(Collectors.joining(" AND "));
    }

    private String keyTerms() {
        var terms = new ArrayList<String>();
        for (int part = 0; part < table.schema().key().size(); part++)
            terms.add(Sql.name(table.schema().key().get(part)) + (table.rowidKey() ? "" : " COLLATE " + Sql.name(table.keyCollations().get(part))));
        return String.join(", ", terms);
    }

    private long count() throws SQLException {
        return Rows.number(file.connection(), "SELECT count(*) FROM (SELECT 1" + from() + " LIMIT " + RowPage.COUNT_MAX + ")");
    }

    private RowPage.Row row(PreparedStatement statement, ResultSet rows) throws SQLException {
        var cells = new ArrayList<RowPage.Cell>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            long bytes = rows.getLong(2 * i + 1);
            cells.add(switch (Rows.value(statement, rows, 2 * i + 2, file.textForm())) {
                case Value.Blob blob -> new RowPage.Cell(blob, bytes, bytes == 0);
                case Value.Text text when bytes > RowPage.TEXT_BYTES_MAX -> new RowPage.Cell(new Value.Text(wholeCharacters(text.bytes())), bytes, false);
                case Value value -> new RowPage.Cell(value, bytes, true);
            });
        }
        var key = new ArrayList<Value>();
        for (int part = 0; part < table.schema().key().size(); part++) key.add(Rows.value(statement, rows, 2 * columns.size() + part + 1, file.textForm()));
        return new RowPage.Row(key, cells);
    }

    /// Without the bytes of a character that was cut through.
    private static byte[] wholeCharacters(byte[] text) {
        int end = text.length;
        while (end > 0 && (text[end - 1] & 0xC0) == 0x80) end--;          // to behind the beginning of the last character
        if (end == 0) return text;
        int wanted = text[end - 1] >= 0 ? 1 : (text[end - 1] & 0xE0) == 0xC0 ? 2 : (text[end - 1] & 0xF0) == 0xE0 ? 3 : 4;
        int there = text.length - (end - 1);
        return there >= wanted ? text : Arrays.copyOf(text, end - 1);
    }

    private static long size(RowPage.Row row) {
        long bytes = 64;
        for (var value : row.key()) bytes += size(value);
        for (var cell : row.cells()) bytes += 16 + size(cell.value());
        return bytes;
    }

    private static long size(Value value) {
        return value instanceof Value.Text(var bytes) ? bytes.length : value instanceof Value.Blob(var bytes) ? bytes.length : 8;
    }
}
