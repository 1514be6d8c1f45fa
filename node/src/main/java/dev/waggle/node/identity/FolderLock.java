package dev.waggle.node.identity;

import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// One process per folder: a lock of the operating system on a file, which ends with the process however that ends. The file's text
/// (pid and boot id) is for people only; it is never believed.
public final class FolderLock implements AutoCloseable {
    private static final int TEXT_BYTES_MAX = 200;
    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /// @throws Problem when another process, or another node in this one, holds it
    public static FolderLock take(Path folder, String what) throws IOException {
        var file = folder.resolve("lock");
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            var lock = channel.tryLock();
            if (lock == null) throw held(channel, what, folder);
            var text = ProcessHandle.current().pid() + " " + bootId() + "\n";
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
            return new FolderLock(channel);
        } catch (OverlappingFileLockException _) {      // this JVM holds it
            var problem = held(channel, what, folder);
            channel.close();
            throw problem;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static Problem held(FileChannel channel, String what, Path folder) throws IOException {
        var bytes = ByteBuffer.allocate(TEXT_BYTES_MAX);
        channel.read(bytes, 0);
        var holder = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).split("\\s")[0];
        return new Problem(ErrorCode.ALREADY_RUNNING, what + " " + folder + " is in use by process " + (holder.isEmpty() ? "(unknown)" : holder) + ".",
            "Stop that process first, or choose another folder with --data.");
    }

    /// Which boot of the machine this is; empty where the system does not say.
    static String bootId() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
        } catch (IOException _) {
            return "";                                  // not Linux: the text is for people only
        }
    }

    @Override public void close() {
        try {
            channel.close();                            // releases the lock; the file stays, so that nobody locks an unlinked one
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
