package dev.waggle.store.capture;

import dev.waggle.core.event.Sha256;
import dev.waggle.core.record.Value;
import dev.waggle.store.view.ViewUnavailable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Optional;
import java.util.SortedMap;

/// Which rows stood under which keys at some time, by their hashes, in a throw-away file: a log may hold more states than memory.
final class SeenRows implements AutoCloseable {
    private static final int HASH_BYTES = 16;

    private final Path file;
    private final Connection connection;
    private final PreparedStatement add;
    private final PreparedStatement has;

    SeenRows(Path file) {
        this.file = file;
        try {
            Files.deleteIfExists(file);
            connection = java.sql.DriverManager.getConnection("jdbc:sqlite:" + file);
            Rows.run(connection, "PRAGMA journal_mode = OFF");
            Rows.run(connection, "PRAGMA synchronous = OFF");
            Rows.run(connection, "CREATE TABLE seen (hash BLOB PRIMARY KEY) WITHOUT ROWID");
            Rows.run(connection, "BEGIN");
            add = connection.prepareStatement("INSERT OR IGNORE INTO seen (hash) VALUES (?)");
            has = connection.prepareStatement("SELECT 1 FROM seen WHERE hash = ?");
        } catch (SQLException | IOException e) {
            throw new ViewUnavailable("open " + file.getFileName(), e);
        }
    }

    /// @param row empty when there was none
    void add(RowKey key, Optional<SortedMap<String, Value>> row) {
        try {
            add.setBytes(1, hash(key, row));
            add.executeUpdate();
        } catch (SQLException e) {
            throw new ViewUnavailable("write " + file.getFileName(), e);
        }
    }

    boolean has(RowKey key, Optional<SortedMap<String, Value>> row) {
        try {
            has.setBytes(1, hash(key, row));
            try (var rows = has.executeQuery()) {
                return rows.next();
            }
        } catch (SQLException e) {
            throw new ViewUnavailable("read " + file.getFileName(), e);
        }
    }

    private static byte[] hash(RowKey key, Optional<SortedMap<String, Value>> row) {
        var bytes = new ByteArrayOutputStream();
        put(bytes, key.table().getBytes(StandardCharsets.UTF_8));
        for (var value : key.key()) put(bytes, value);
        row.ifPresent(columns -> columns.forEach((column, value) -> {
            put(bytes, column.getBytes(StandardCharsets.UTF_8));
            put(bytes, value);
        }));
        return java.util.Arrays.copyOf(Sha256.of(bytes.toByteArray()), HASH_BYTES);
    }

    private static void put(ByteArrayOutputStream out, Value value) {
        switch (value) {
            case Value.Null _ -> out.write(0);
            case Value.Int(var integer) -> number(out, 1, integer);
            case Value.Real(var real) -> number(out, 2, Double.doubleToRawLongBits(real));
            case Value.Text(var text) -> {
                out.write(3);
                put(out, text);
            }
            case Value.Blob(var blob) -> {
                out.write(4);
                put(out, blob);
            }
            case Value.Chunked _ -> throw new IllegalArgumentException("rows are compared whole");
        }
    }

    private static void put(ByteArrayOutputStream out, byte[] bytes) {
        number(out, 0, bytes.length);
        out.writeBytes(bytes);
    }

    private static void number(ByteArrayOutputStream out, int kind, long number) {
        out.write(kind);
        for (int shift = 56; shift >= 0; shift -= 8) out.write((int) (number >>> shift));
    }

    @Override public void close() {
        try {
            connection.close();
            Files.deleteIfExists(file);
        } catch (SQLException | IOException e) {
            throw new ViewUnavailable("close " + file.getFileName(), e);
        }
    }
}
