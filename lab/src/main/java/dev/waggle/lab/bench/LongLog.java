package dev.waggle.lab.bench;

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
final class LongLog {
    private static final int GROUP = 500;

    private LongLog() {}

    /// @return events a second while they were written
    static double make(NodeProcess node, Path folder, int events) throws IOException, SQLException {
        return make(node, folder, events, "bench");
    }

    /// @param name of the space
    static double make(NodeProcess node, Path folder, int events, String name) throws IOException, SQLException {
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
            write(space, 1, events);
            return events / ((System.nanoTime() - began) / 1e9);
        }
    }

    /// Writes rows `from` to `to` into the log that [#make] made, while the node is down.
    static void more(NodeProcess node, Path folder, int from, int to) throws IOException {
        var flags = new NodeSettings.Flags(Optional.of(node.data()), Optional.empty(), List.of(), Optional.empty(), false);
        var settings = NodeSettings.read(flags, NodeProcess.environment(folder)).unreachable();
        try (var here = Node.start(settings, bug -> System.getLogger("waggle.bench").log(System.Logger.Level.ERROR, "the engine stopped", bug))) {
            write(here.spaces().iterator().next(), from, to);
        }
    }

    private static void write(SpaceRuntime space, int from, int to) {
        for (int i = from; i <= to; i += GROUP)
            space.log().write(space.author(), Tasks.drafts(i, Math.min(i + GROUP, to + 1)), List.of(), Map.of(), System.currentTimeMillis());
    }
}
