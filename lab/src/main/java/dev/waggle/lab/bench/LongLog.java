package dev.waggle.lab.bench;

import dev.waggle.core.event.Epoch;
import dev.waggle.core.log.Author;
import dev.waggle.node.Node;
import dev.waggle.node.NodeSettings;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.store.capture.Progress;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A data folder with one space whose log holds many separate events, each an insert of one row, written through the log as a node writes them.
/// No file follows it here: the node that has it only serves.
public final class LongLog {
    private static final int GROUP = 500;

    private LongLog() {}

    /// @return events a second while they were written
    public static double make(NodeProcess node, Path folder, int events) throws IOException, SQLException {
        return make(node, folder, events, "bench");
    }

    /// @param name of the space
    public static double make(NodeProcess node, Path folder, int events, String name) throws IOException, SQLException {
        return make(node, folder, events, name, 1);
    }

    /// @param chains the node writes under so many epochs, in turns of a group: each is a chain of its own
    public static double make(NodeProcess node, Path folder, int events, String name, int chains) throws IOException, SQLException {
        Files.createDirectories(folder);
        var file = folder.resolve(name + ".sqlite");
        try (var connection = Tasks.open(file)) {
            Tasks.create(connection, "INTEGER");
        }
        var flags = new NodeSettings.Flags(Optional.of(node.data()), Optional.empty(), List.of(), Optional.empty(), false);
        var settings = NodeSettings.read(flags, NodeProcess.environment(folder)).unreachable();
        try (var here = Node.start(settings, bug -> System.getLogger("waggle.bench").log(System.Logger.Level.ERROR, "the engine stopped", bug))) {
            var space = here.track(file, List.of(), Optional.of(name), Progress.NONE).space();
            here.untrack(file);
            long began = System.nanoTime();
            write(space, 1, events, chains);
            return events / ((System.nanoTime() - began) / 1e9);
        }
    }

    /// Writes rows `from` to `to` into the log that [#make] made, while the node is down.
    public static void more(NodeProcess node, Path folder, int from, int to) throws IOException {
        var flags = new NodeSettings.Flags(Optional.of(node.data()), Optional.empty(), List.of(), Optional.empty(), false);
        var settings = NodeSettings.read(flags, NodeProcess.environment(folder)).unreachable();
        try (var here = Node.start(settings, bug -> System.getLogger("waggle.bench").log(System.Logger.Level.ERROR, "the engine stopped", bug))) {
            write(here.spaces().iterator().next(), from, to, 1);
        }
    }

    private static void write(SpaceRuntime space, int from, int to, int chains) {
        int group = Math.min(GROUP, Math.max(1, (to - from + 1) / chains));
        for (int i = from; i <= to; i += group) {
            var author = space.author();
            int chain = (i - from) / group % chains;
            if (chain > 0) author = new Author(author.signer(), new Epoch("%032x".formatted(chain)));
            space.log().write(author, Tasks.drafts(i, Math.min(i + group, to + 1)), List.of(), Map.of(), System.currentTimeMillis());
        }
    }
}
