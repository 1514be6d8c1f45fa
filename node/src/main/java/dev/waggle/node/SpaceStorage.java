package dev.waggle.node;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Compaction;
import dev.waggle.store.sql.LogSize;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.OptionalLong;

/// What one space takes on this machine, and what condensing its log would change.
///
/// @param logBytes   of the log's file and its journal; empty where logs are in a database, which many share
/// @param viewBytes  of what is made from the log and can be made again
/// @param fileBytes  of the tracked file; empty when no file here shows the space
/// @param extent     of the log's events
/// @param checkpoint the last one
/// @param condensed  the one by which the log was condensed last
/// @param writer     who writes checkpoints; empty while who was named is no member
public record SpaceStorage(OptionalLong logBytes, long viewBytes, OptionalLong fileBytes, LogSize size, Compaction.Extent extent, Optional<EventId> checkpoint, Optional<EventId> condensed,
                           Optional<NodeId> writer) {
    private static final String VIEW = "view*";

    public static SpaceStorage of(Node node, SpaceRuntime space) {
        var log = space.log();
        var file = node.logFile(space.id());
        return new SpaceStorage(Files.exists(file) ? OptionalLong.of(size(file) + size(file.resolveSibling(file.getFileName() + "-wal"))) : OptionalLong.empty(), views(node, space),
            space.file().map(tracked -> OptionalLong.of(size(tracked) + size(tracked.resolveSibling(tracked.getFileName() + "-wal")))).orElse(OptionalLong.empty()),
            LogSize.of(node.logs().place(space.id()), space.id()), Compaction.extent(log), log.state().checkpoint(), Compaction.condensed(log), log.state().checkpointer());
    }

    private static long views(Node node, SpaceRuntime space) {
        long bytes = 0;
        try (var views = Files.newDirectoryStream(node.folder(space.id()), VIEW)) {
            for (var view : views) bytes += size(view);
        } catch (IOException _) {
            return bytes;                               // a folder that is just being made or taken away
        }
        return bytes;
    }

    /// Asks the file system; the file is not opened.
    private static long size(java.nio.file.Path file) {
        try {
            return Files.size(file);
        } catch (IOException _) {
            return 0;                                   // there is none
        }
    }
}
