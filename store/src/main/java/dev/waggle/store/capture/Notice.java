package dev.waggle.store.capture;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.util.concurrent.TimeUnit;

/// Tells when something touched the file: by a watch on its directory, else by asking every [#POLL_MS]. Only names are looked at; the file
/// itself is never opened here, because closing it would drop SQLite's locks.
///
/// A change of the journal is seen before the commit is visible, so the listener has to look more than once: see [#LOOKS_NS].
final class Notice implements AutoCloseable {
    /// When to look again after a touch, from the touch on.
    static final long[] LOOKS_NS = {200_000, 300_000, 450_000, 700_000, 1_000_000, 1_500_000, 2_300_000, 3_400_000, 5_000_000, 7_500_000, 11_000_000, 20_000_000};
    static final long POLL_MS = 50;
    /// Even with a watch: directories on some file systems tell nothing.
    private static final long POLL_WATCHED_MS = 500;

    private final Path file;
    private final Runnable touched;
    private final Runnable quiet;
    private final WatchService watch;          // null when there is none: then polling alone
    private final Thread thread;
    private volatile boolean closed;

    /// @param quiet called now and then while nothing is told: one look is enough
    Notice(Path file, Runnable touched, Runnable quiet) {
        this.file = file.toAbsolutePath();
        this.touched = touched;
        this.quiet = quiet;
        this.watch = watchOf(this.file);
        this.thread = Thread.ofPlatform().daemon().name("waggle-notice-" + file.getFileName()).unstarted(this::run);
    }

    private static WatchService watchOf(Path file) {
        WatchService service;
        try {
            service = file.getFileSystem().newWatchService();
        } catch (IOException | UnsupportedOperationException _) {
            return null;                       // no watches left, or none on this system: polling does the same, a little later
        }
        try {
            file.getParent().register(service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_DELETE);
            return service;
        } catch (IOException _) {
            closeQuietly(service);
            return null;
        }
    }

    private static void closeQuietly(WatchService service) {
        try {
            service.close();
        } catch (IOException _) {
            // nothing was registered: nothing to lose
        }
    }

    void start() {
        thread.start();
    }

    boolean isWatching() {
        return watch != null;
    }

    private void run() {
        var name = file.getFileName().toString();
        long lookedNs = System.nanoTime();
        try {
            while (!closed) {
                if (watch == null) {
                    TimeUnit.MILLISECONDS.sleep(POLL_MS);
                    touched.run();
                    continue;
                }
                var key = watch.poll(POLL_WATCHED_MS, TimeUnit.MILLISECONDS);
                if (System.nanoTime() - lookedNs >= TimeUnit.MILLISECONDS.toNanos(POLL_WATCHED_MS)) {       // also where other files of the directory never rest
                    lookedNs = System.nanoTime();
                    quiet.run();
                }
                if (key == null) continue;
                boolean ours = false;
                for (var event : key.pollEvents())
                    ours |= !(event.context() instanceof Path path) || path.toString().startsWith(name);          // the file, its journal, or events were lost
                key.reset();
                if (ours) touched.run();
            }
        } catch (InterruptedException | ClosedWatchServiceException _) {
            // close() asked us to end
        }
    }

    @Override public void close() {
        closed = true;
        thread.interrupt();
        if (watch != null) closeQuietly(watch);
    }
}
