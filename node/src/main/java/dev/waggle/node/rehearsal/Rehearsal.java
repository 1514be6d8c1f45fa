package dev.waggle.node.rehearsal;

import dev.waggle.core.event.Canonical;
import dev.waggle.node.cli.Main;
import dev.waggle.store.node.FileTable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// Does once what people do most, with two nodes in a folder of its own that it removes again. The launcher runs it once after a build while the JVM
/// records what was loaded and what ran often: a node then starts in half the time. Nothing depends on it.
public final class Rehearsal {
    private static final int ROWS = 4_000;
    private static final int SINGLE_COMMITS = 250;
    private static final long PATIENCE_MS = 20_000;
    private final Path folder;
    private final List<Thread> nodes = new ArrayList<>();

    private Rehearsal(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] none) throws Exception {
        var rehearsal = new Rehearsal(Files.createTempDirectory("waggle-rehearsal"));
        try {
            rehearsal.play();
        } finally {
            rehearsal.clear();
        }
        System.exit(0);                                  // as commands end
    }

    private void play() throws Exception {
        makeFile();
        run("a", "--help");
        run("a", "version");
        run("a", "space", "list");
        up("a");
        run("a", "track", folder.resolve("a.sqlite").toString());
        var ticket = Canonical.parseObject(run("a", "invite", "--json").getBytes(StandardCharsets.UTF_8)).text("ticket");
        up("b");
        run("b", "join", ticket, folder.resolve("b.sqlite").toString());
        for (var name : List.of("a", "b"))
            for (var command : List.of("space list", "space show", "peer list", "sync status", "sync conflicts", "log show", "log verify"))
                run(name, command.split(" "));
        var tasks = new FileTable(folder.resolve("a.sqlite"), "task");
        var notes = new FileTable(folder.resolve("b.sqlite"), "note");
        for (int i = 1; i <= SINGLE_COMMITS; i++) {
            tasks.put(Map.of("id", (long) i, "title", "changed " + i));
            if (i % 5 == 0) notes.put(Map.of("name", "new-" + i, "text", "written by the other node"));
        }
        run("a", "sync", "now");
        run("b", "sync", "now");
        run("a", "compare", folder.resolve("a.sqlite").toString(), folder.resolve("b.sqlite").toString());
        for (var node : nodes) {
            node.interrupt();
            node.join(PATIENCE_MS);
        }
        run("a", "sync", "status");                      // by a node of its own
    }

    private void makeFile() throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("a.sqlite")); var statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("CREATE TABLE task (id INTEGER PRIMARY KEY, title TEXT, description TEXT, priority REAL, picture BLOB)");
            statement.execute("CREATE TABLE note (name TEXT PRIMARY KEY, task INTEGER REFERENCES task (id), text TEXT)");
            statement.execute("""
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
                INSERT INTO task SELECT i, 'task ' || i, 'a sentence about what has to be done', i / 4.0, x'00ff' FROM n
                """.formatted(ROWS));
            statement.execute("INSERT INTO note SELECT 'note-' || id, id, 'about ' || title FROM task WHERE id % 2 = 0");
        }
    }

    private void up(String name) throws InterruptedException {
        var thread = Thread.ofPlatform().daemon().name("rehearse-" + name).start(() -> run(name, "up"));
        nodes.add(thread);
        long end = System.nanoTime() + PATIENCE_MS * 1_000_000;
        while (!Files.exists(folder.resolve(name).resolve("run.json"))) {
            if (System.nanoTime() > end || !thread.isAlive()) throw new IllegalStateException("node " + name + " did not come up");
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    /// @return what the command printed; how it ended is no matter here
    private String run(String name, String... words) {
        var environment = new TreeMap<>(Map.of("WAGGLE_DATA", folder.resolve(name).toString(), "WAGGLE_STATE", folder.resolve("state").toString()));
        var out = new ByteArrayOutputStream();
        var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        Main.run(environment, stream, stream, words);
        return out.toString(StandardCharsets.UTF_8).strip();
    }

    private void clear() throws IOException {
        try (var walk = Files.walk(folder)) {
            for (var path : walk.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(path);
        }
    }
}
