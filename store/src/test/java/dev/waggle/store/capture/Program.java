package dev.waggle.store.capture;

import org.junit.jupiter.api.Assumptions;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/// A program of somebody else that uses the file: another connection, another language, or the shell.
final class Program implements AutoCloseable {
    private final Connection connection;

    Program(Path file) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        run("PRAGMA busy_timeout = 5000");
        run("PRAGMA foreign_keys = ON");
    }

    Program run(String... statements) throws SQLException {
        for (var sql : statements) Rows.run(connection, sql);
        return this;
    }

    long number(String sql) throws SQLException {
        return Rows.number(connection, sql);
    }

    String text(String sql) throws SQLException {
        return Rows.text(connection, sql);
    }

    Connection connection() {
        return connection;
    }

    @Override public void close() throws SQLException {
        connection.close();
    }

    /// Runs statements in the `sqlite3` shell; the test is skipped where there is none.
    static String shell(Path file, String sql) throws IOException, InterruptedException {
        return process(sql, "sqlite3", "-cmd", ".timeout 5000", file.toString());
    }

    /// Runs a Python script with the file's path as its argument; the test is skipped where there is no Python.
    static String python(Path file, String script) throws IOException, InterruptedException {
        return process(script, "python3", "-", file.toString());
    }

    private static String process(String input, String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            Assumptions.abort(command[0] + " is not installed here");
            throw e;
        }
        try (var out = process.outputWriter()) {
            out.write(input);
        }
        var output = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command[0] + " did not end");
        }
        if (process.exitValue() != 0) throw new AssertionError(command[0] + " failed: " + output);
        return output;
    }
}
