package dev.waggle.lab.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Three real nodes, each with a file of notes in one space; the first one is its owner.
final class ThreeNodes implements AutoCloseable {
    final List<NodeProcess> nodes = new ArrayList<>();
    final List<Notes> notes = new ArrayList<>();

    /// All are up, and the second and third have joined.
    static ThreeNodes start(Path folder) throws Exception {
        var three = new ThreeNodes();
        try {
            three.begin(folder);
            return three;
        } catch (Exception | AssertionError e) {
            three.close();
            throw e;
        }
    }

    private void begin(Path folder) throws Exception {
        notes.add(Notes.create(folder.resolve("n1.sqlite")));
        for (int i = 1; i <= 3; i++) {
            nodes.add(new NodeProcess(folder.resolve("n" + i)));
            nodes.getLast().up();
            if (i > 1) notes.add(new Notes(folder.resolve("n" + i + ".sqlite")));
        }
        nodes.getFirst().ask("track", notes.getFirst().file());
        for (int i = 1; i < 3; i++) nodes.get(i).ask("join", nodes.getFirst().ask("invite").text("ticket"), notes.get(i).file());
    }

    @Override public void close() throws InterruptedException {
        for (var node : nodes) node.close();
    }
}
