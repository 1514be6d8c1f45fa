package dev.waggle.node.identity;

import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
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

    /// Makes a folder 0700 with its parents, durably: what is fsynced in a folder is lost with the folder's own name when the power goes.
    /// An existing one is left as it is.
    public static void makeFolder(Path folder) throws IOException {
        var there = existingParent(folder);
        if (isPosix(there)) Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER));
        else Files.createDirectories(folder);
        var made = folder.toAbsolutePath();
        do {
            made = made.getParent();                 // also above a folder that was there: whoever made it may have been killed before this line
            if (made == null) return;
            sync(made);
        } while (made.startsWith(there));
    }

    private static void sync(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (AccessDeniedException _) {
            // a folder that we may not list is somebody else's, who made it long ago
        }
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
        sync(file.toAbsolutePath().getParent());
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
