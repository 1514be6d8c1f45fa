package dev.waggle.store.capture;

import dev.waggle.core.record.Value;
import org.sqlite.core.Codes;
import org.sqlite.core.CoreStatement;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Values on their way through JDBC with their exact storage class and bytes.
final class Rows {
    private Rows() {}

    static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static long number(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement(); var rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    static String text(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement(); var rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "";
        }
    }

    static List<String> texts(Connection connection, String sql, String... parameters) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) statement.setString(i + 1, parameters[i]);
            try (var rows = statement.executeQuery()) {
                var texts = new ArrayList<String>();
                while (rows.next()) texts.add(rows.getString(1));
                return texts;
            }
        }
    }

    /// @param column from 1
    static Value value(PreparedStatement statement, ResultSet row, int column, TextForm form) throws SQLException {
        int type = ((CoreStatement) statement).pointer.safeRunInt((db, pointer) -> db.column_type(pointer, column - 1));
        return switch (type) {
            case Codes.SQLITE_NULL -> Value.NULL;
            case Codes.SQLITE_INTEGER -> new Value.Int(row.getLong(column));
            case Codes.SQLITE_FLOAT -> new Value.Real(row.getDouble(column));
            case Codes.SQLITE_BLOB -> new Value.Blob(bytes(row, column));
            default -> form.read(bytes(row, column));                  // asked for as a blob first, SQLite hands out what it stored
        };
    }

    private static byte[] bytes(ResultSet row, int column) throws SQLException {
        var bytes = row.getBytes(column);
        return bytes == null ? new byte[0] : bytes;
    }

    /// True for text that a plain parameter does not carry exactly: it is passed as a blob and cast.
    static boolean needsCast(Value value) {
        if (!(value instanceof Value.Text(var bytes)) || isAscii(bytes)) return false;
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return false;
        } catch (CharacterCodingException _) {
            return true;
        }
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) if (b < 0) return false;
        return true;
    }

    static void bind(PreparedStatement statement, int parameter, Value value, TextForm form) throws SQLException {
        switch (value) {
            case Value.Null _ -> statement.setNull(parameter, 0);
            case Value.Int(var number) -> statement.setLong(parameter, number);
            case Value.Real(var number) -> statement.setDouble(parameter, number);
            case Value.Blob(var bytes) -> statement.setBytes(parameter, bytes);
            case Value.Text text when needsCast(text) -> statement.setBytes(parameter, form.stored(text));
            case Value.Text(var bytes) -> statement.setString(parameter, new String(bytes, StandardCharsets.UTF_8));
            case Value.Chunked _ -> throw new IllegalArgumentException("chunks are put together before a row is written");
        }
    }

    /// The SQL of a parameter for a value: see [#needsCast].
    static String parameter(Value value, TextForm form) {
        return needsCast(value) ? "CAST(? AS TEXT)" : "?";
    }
}
