package dev.waggle.lab.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A file system of a few megabytes in memory, where the system lets this process mount one.
final class SmallDisk implements AutoCloseable {
    private final Path path;
    private final boolean mounted;

    private SmallDisk(Path path, boolean mounted) {
        this.path = path;
        this.mounted = mounted;
    }

    static SmallDisk mount(Path path, int megabytes) throws IOException, InterruptedException {
        Files.createDirectories(path);
        try {
            return new SmallDisk(path, run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m,mode=0700", "tmpfs", path.toString()));
        } catch (IOException _) {
            return new SmallDisk(path, false);              // no such program here
        }
    }

    boolean isMounted() {
        return mounted;
    }

    Path path() {
        return path;
    }

    void readOnly(boolean on) throws IOException, InterruptedException {
        if (!run("mount", "-o", "remount," + (on ? "ro" : "rw"), path.toString())) throw new IOException("remount " + path);
    }

    /// Writes a file that takes all that is left.
    ///
    /// @return the file: deleting it makes room again
    Path fill() throws IOException {
        var ballast = path.resolve("ballast");
        try (var out = Files.newOutputStream(ballast)) {
            var block = new byte[4_096];
            while (true) out.write(block);
        } catch (IOException full) {
            if (Files.getFileStore(path).getUsableSpace() < 4_096) return ballast;
            throw full;
        }
    }

    @Override public void close() throws IOException, InterruptedException {
        if (mounted && !run("umount", "-l", path.toString())) throw new IOException("umount " + path);
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
