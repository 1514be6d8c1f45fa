package dev.waggle.node.identity;

import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/// Files and folders that nobody else on the machine may read: 0600 in 0700. On file systems without such permissions they are plain.
public final class PrivateFiles {
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OTHERS = EnumSet.complementOf(EnumSet.copyOf(FOLDER));

    private PrivateFiles() {}

    /// Makes a folder 0700 with its parents; an existing one is left as it is.
    public static void makeFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) return;
        if (isPosix(existingParent(folder))) Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER));
        else Files.createDirectories(folder);
    }

    /// Writes a small file whole or not at all, durably: a new file beside it, fsync, rename, fsync of the folder.
    public static void write(Path file, String text) throws IOException {
        var next = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = isPosix(file.toAbsolutePath().getParent())
            ? FileChannel.open(next, options, PosixFilePermissions.asFileAttribute(FILE)) : FileChannel.open(next, options)) {
            var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) channel.write(bytes);
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (var folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    /// @throws Problem when somebody else may read or write it
    public static void requirePrivate(Path path) throws IOException {
        if (!isPosix(path)) return;
        var permissions = Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
        if (permissions.stream().noneMatch(OTHERS::contains)) return;
        var wanted = Files.isDirectory(path) ? "700" : "600";
        throw new Problem(ErrorCode.KEY_EXPOSED, "Others on this machine may use " + path + " (" + PosixFilePermissions.toString(permissions) + ").",
            "Run `chmod " + wanted + " " + path + "` if you are sure that nobody copied it.");
    }

    private static boolean isPosix(Path path) throws IOException {
        return Files.getFileStore(path).supportsFileAttributeView("posix");
    }

    private static Path existingParent(Path path) {
        var parent = path.toAbsolutePath();
        while (!Files.exists(parent)) parent = parent.getParent();
        return parent;
    }
}
