package dev.waggle.store.compare;

import dev.waggle.core.record.Value;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The rows of one table, one at a time, sorted by their first columns in [ValueOrder].
///
/// SQLite sorts a UTF-16 file by UTF-16 bytes, which is another order. So the rows of such a file first go, as UTF-8, to a temporary
/// database that SQLite keeps in memory or in its own temporary file.
final class RowCursor implements AutoCloseable {
    private final Connection staging;                    // null when the file itself is read
    private final PreparedStatement statement;
    private final ResultSet rows;
    private final Charset encoding;
    private final int columns;

    private RowCursor(Connection staging, PreparedStatement statement, Charset encoding, int columns) throws SQLException {
        this.staging = staging;
        this.statement = statement;
        this.encoding = encoding;
        this.columns = columns;
        this.rows = statement.executeQuery();
    }

    /// @param columns  names as the file spells them
    /// @param sortedBy rows are sorted by this many of the first columns
    static RowCursor open(Side side, String table, List<String> columns, int sortedBy) throws SQLException {
        if (side.encoding == StandardCharsets.UTF_8)
            return new RowCursor(null, side.connection.prepareStatement(select(table, columns, sortedBy)), side.encoding, columns.size());
        var staging = DriverManager.getConnection("jdbc:sqlite:");
        try {
            staging.setAutoCommit(false);
            var names = IntStream.range(0, columns.size()).mapToObj(i -> "c" + i).toList();
            try (var source = new RowCursor(null, side.connection.prepareStatement(select(table, columns, 0)), side.encoding, columns.size())) {
                copy(source, staging, names);
            }
            return new RowCursor(staging, staging.prepareStatement(select("staged", names, sortedBy)), StandardCharsets.UTF_8, columns.size());
        } catch (SQLException | RuntimeException e) {
            staging.close();
            throw e;
        }
    }

    /// Text as a blob: the driver would turn it into a String, and lose what is no valid Unicode.
    private static String select(String table, List<String> columns, int sortedBy) {
        var values = columns.stream().map(Side::quote).map(column ->
            "typeof(%1$s), CASE typeof(%1$s) WHEN 'text' THEN CAST(%1$s AS BLOB) ELSE %1$s END".formatted(column)).collect(Collectors.joining(", "));
        var order = columns.stream().limit(sortedBy).map(column -> Side.quote(column) + " COLLATE BINARY").collect(Collectors.joining(", "));
        return "SELECT " + values + " FROM main." + Side.quote(table) + (order.isEmpty() ? "" : " ORDER BY " + order);
    }

    /// The next row, or null after the last.
    List<Value> next() throws SQLException {
        if (!rows.next()) return null;
        var row = new ArrayList<Value>(columns);
        for (int i = 1; i <= 2 * columns; i += 2) row.add(switch (rows.getString(i)) {
            case "integer" -> new Value.Int(rows.getLong(i + 1));
            case "real" -> new Value.Real(rows.getDouble(i + 1));
            case "text" -> new Value.Text(utf8(bytes(i + 1), encoding));
            case "blob" -> new Value.Blob(bytes(i + 1));
            default -> Value.NULL;
        });
        return row;
    }

    private byte[] bytes(int column) throws SQLException {
        var bytes = rows.getBytes(column);
        return bytes == null ? new byte[0] : bytes;      // the driver's answer to an empty blob
    }

    /// Half a surrogate pair keeps its own three bytes, so that different text stays different.
    private static byte[] utf8(byte[] text, Charset encoding) {
        if (encoding == StandardCharsets.UTF_8) return text;
        var units = ByteBuffer.wrap(text).order(encoding == StandardCharsets.UTF_16LE ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN).asCharBuffer().toString();
        var out = new ByteArrayOutputStream();
        units.codePoints().forEach(code -> {
            if (code >= 0xd800 && code <= 0xdfff) out.writeBytes(new byte[] {(byte) 0xed, (byte) (0x80 | code >> 6 & 0x3f), (byte) (0x80 | code & 0x3f)});
            else out.writeBytes(Character.toString(code).getBytes(StandardCharsets.UTF_8));
        });
        return out.toByteArray();
    }

    private static void copy(RowCursor source, Connection staging, List<String> names) throws SQLException {
        try (var create = staging.createStatement()) {
            create.execute("CREATE TABLE staged (" + String.join(", ", names) + ")");        // no types: values stay what they are
        }
        var marks = names.stream().map(_ -> "iif(?, CAST(? AS TEXT), ?)").collect(Collectors.joining(", "));
        try (var insert = staging.prepareStatement("INSERT INTO staged VALUES (" + marks + ")")) {
            for (var row = source.next(); row != null; row = source.next()) {
                for (int i = 0; i < row.size(); i++) bind(insert, 3 * i + 1, row.get(i));
                insert.executeUpdate();
            }
        }
    }

    private static void bind(PreparedStatement insert, int at, Value value) throws SQLException {
        insert.setInt(at, value instanceof Value.Text ? 1 : 0);
        insert.setBytes(at + 1, value instanceof Value.Text(var bytes) ? bytes : null);
        switch (value) {
            case Value.Int(var number) -> insert.setLong(at + 2, number);
            case Value.Real(var number) -> insert.setDouble(at + 2, number);
            case Value.Blob(var bytes) -> insert.setBytes(at + 2, bytes);
            case Value.Null _, Value.Text _, Value.Chunked _ -> insert.setBytes(at + 2, null);
        }
    }

    @Override public void close() throws SQLException {
        try (var _ = staging; var _ = statement) {
            rows.close();
        }
    }
}
