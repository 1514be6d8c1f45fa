package dev.waggle.lab;

import dev.waggle.Waggle;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

/// Waggle as a library: two nodes in one program keep one table in sync.
final class LibraryExample {
    static Object twoNodes(Path folder, Map<String, String> environment) throws SQLException {
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("a.sqlite")); var statement = db.createStatement()) {
            statement.execute("CREATE TABLE task (id TEXT PRIMARY KEY, title TEXT)");
        }
        try (var anna = Waggle.open(folder.resolve("anna"), "127.0.0.1:0", environment);
             var bert = Waggle.open(folder.resolve("bert"), "127.0.0.1:0", environment)) {
            var board = anna.track(folder.resolve("a.sqlite"));
            board.collection("task").put(Map.of("id", "t1", "title", "say hello"));
            board.flush();
            var copy = bert.join(board.invite(), folder.resolve("b.sqlite"));
            copy.collection("task").put(Map.of("id", "t1", "title", "say goodbye"));
            bert.syncAsync().join();
            board.flush();
            return board.collection("task").get(Map.of("id", "t1")).orElseThrow().get("title");
        }
    }
}
