package dev.waggle.lab.process;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;

/// A program of somebody else, in a process of its own with the SQLite that its class path brings: runs statements from its input, one a line, each as it
/// stands. Uses nothing but the JDK, because nothing else of this project is on that class path.
final class SqlLines {
    private SqlLines() {}

    public static void main(String[] arguments) throws Exception {
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + arguments[0]); var statement = db.createStatement();
             var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            statement.execute("PRAGMA busy_timeout = 20000");
            try (var version = statement.executeQuery("SELECT sqlite_version()")) {
                System.out.println(version.getString(1));
            }
            for (var line = lines.readLine(); line != null; line = lines.readLine()) statement.execute(line);
        }
    }
}
