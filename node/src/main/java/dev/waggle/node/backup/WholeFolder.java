package dev.waggle.node.backup;

import dev.waggle.node.identity.PrivateFiles;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/// A folder that appears whole or not at all: it is filled under another name beside its own, fsynced, and renamed. What a kill left of an earlier try is
/// removed by the next one.
final class WholeFolder {
    private static final String PART = ".part";

    interface Fill {
        void into(Path folder) throws IOException;
    }

    private WholeFolder() {}

    /// @param what for messages: "The backup"
    /// @throws Problem when something is there already, or it cannot be written; nothing is left behind then
    static void make(Path folder, String what, Fill fill) {
        requireFree(folder);
        var part = folder.resolveSibling(folder.getFileName() + PART);
        try {
            remove(part);
            PrivateFiles.makeFolder(part);
            fill.into(part);
            sync(part);
            Files.deleteIfExists(folder);                // an empty one, or the move is refused
            Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
            force(folder.getParent());
        } catch (IOException e) {
            abandon(part, e);
            throw new Problem(ErrorCode.STORAGE, what + " cannot be written to " + folder + ": " + (isFull(folder) ? "the disk is full" : e.getMessage()) + ".",
                "Make room or choose another place; nothing was changed.", e);
        } catch (RuntimeException e) {
            abandon(part, e);
            throw e;
        }
    }

    /// @throws Problem when something is there
    static void requireFree(Path folder) {
        if (folder.getFileName() == null) throw new Problem(ErrorCode.BAD_REQUEST, folder + " cannot be made.", "Name a new folder.");
        if (!Files.exists(folder)) return;
        boolean empty = false;
        if (Files.isDirectory(folder)) {
            try (var entries = Files.newDirectoryStream(folder)) {
                empty = !entries.iterator().hasNext();
            } catch (IOException e) {
                throw new Problem(ErrorCode.STORAGE, folder + " cannot be looked into: " + e.getMessage() + ".", "Check whose folder it is.", e);
            }
        }
        if (!empty) throw new Problem(ErrorCode.BAD_REQUEST, folder + (Files.isDirectory(folder) ? " is not empty." : " is a file."), "Name a folder that does not exist yet; nothing is ever overwritten.");
    }

    /// @throws Problem when it would not fit
    static void requireRoom(Path folder, String what, long bytes) {
        var there = folder.toAbsolutePath();
        while (!Files.exists(there)) there = there.getParent();
        try {
            long free = Files.getFileStore(there).getUsableSpace();
            if (free < bytes) throw new Problem(ErrorCode.STORAGE, what + " does not fit: it has " + bytes / 1_000 + " kB, and at " + there + " there are " + free / 1_000 + " kB left.",
                "Make room or choose another place; nothing was changed.");
        } catch (IOException _) {
            // a file system that does not say how much room it has: it is found out by writing
        }
    }

    static boolean isFull(Path folder) {
        try {
            return Files.getFileStore(folder.toAbsolutePath().getParent()).getUsableSpace() < 1 << 20;
        } catch (IOException _) {
            return false;
        }
    }

    private static void abandon(Path part, Exception why) {
        try {
            remove(part);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    private static void sync(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var each : (Iterable<Path>) all::iterator) force(each);
        }
    }

    private static void force(Path path) throws IOException {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override public FileVisitResult postVisitDirectory(Path done, IOException e) throws IOException {
                if (e != null) throw e;
                Files.delete(done);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
