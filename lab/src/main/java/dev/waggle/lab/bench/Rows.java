package dev.waggle.lab.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Looks into files from outside, as any program may.
public final class Rows {
    private Rows() {}

    public static long count(Path file, String table) throws SQLException {
        if (!Files.exists(file)) return -1;
        try (var connection = DriverManager.getConnection("jdbc:sqlite:file:" + file + "?mode=ro"); var statement = connection.createStatement();
             var rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            return rows.next() ? rows.getLong(1) : -1;
        } catch (SQLException e) {
            if (String.valueOf(e.getMessage()).contains("no such table")) return -1;
            throw e;
        }
    }

    /// The offset of the last entry of the log in `data`; -1 while there is none. Never blocks the log's writer.
    public static long logged(Path data) throws Exception {
        var spaces = data.resolve("spaces");
        if (!Files.isDirectory(spaces)) return -1;
        try (var folders = Files.list(spaces)) {
            var log = folders.map(folder -> folder.resolve("sync.sqlite")).filter(Files::exists).findFirst();
            if (log.isEmpty()) return -1;
            try (var connection = DriverManager.getConnection("jdbc:sqlite:file:" + log.get() + "?mode=ro"); var statement = connection.createStatement();
                 var rows = statement.executeQuery("SELECT last_offset FROM log")) {
                return rows.next() ? rows.getLong(1) : -1;
            } catch (SQLException e) {
                return -1;                               // being made
            }
        }
    }

    public interface Look {
        boolean isSo() throws Exception;
    }

    public static void await(String what, long seconds, Look look) throws Exception {
        long end = System.nanoTime() + seconds * 1_000_000_000;
        while (!look.isSo()) {
            if (System.nanoTime() > end) throw new TimeoutException("not within " + seconds + " s: " + what);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}
