package dev.waggle.lab.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A node whose system calls fail when told to, by libfiu (Debian: fiu-utils). Until [#fail] all of them work.
record FaultyCalls(NodeProcess node, Path pipes) {
    /// Where distributions put it.
    private static final List<String> PLACES = List.of("/usr/lib/fiu", "/usr/local/lib/fiu", "/usr/lib/x86_64-linux-gnu/fiu", "/usr/lib/aarch64-linux-gnu/fiu");

    private static final Duration START = Duration.ofSeconds(20);
    private static final int ATTEMPTS_MAX = 5;

    enum Call { FSYNC("posix/io/sync/*"), PWRITE("posix/io/rw/pwrite"), TRUNCATE("posix/io/rw/ftruncate");

        private final String name;

        Call(String name) {
            this.name = name;
        }
    }

    enum Problem { EIO(5), ENOSPC(28);

        private final int number;

        Problem(int number) {
            this.number = number;
        }
    }

    /// Prepares the node's next start.
    ///
    /// @return nothing where libfiu is not installed
    static Optional<FaultyCalls> prepare(NodeProcess node, Path folder) {
        var library = PLACES.stream().map(Path::of).filter(place -> Files.exists(place.resolve("fiu_posix_preload.so"))).findFirst();
        if (library.isEmpty()) return Optional.empty();
        var pipes = folder.resolve("fiu");
        node.environment("LD_PRELOAD", library.get().resolve("fiu_run_preload.so") + " " + library.get().resolve("fiu_posix_preload.so"));
        node.environment("FIU_CTRL_FIFO", pipes.toString());
        return Optional.of(new FaultyCalls(node, pipes));
    }

    /// Starts the node. libfiu now and then hangs a process before its main function is reached: then it is started once more.
    void up() throws Exception {
        for (int attempt = 1; ; attempt++) {
            node.begin();
            try {
                NodeProcess.await("libfiu lets the node start", START, () -> Files.exists(node.data().resolve("run.json")));
                return;
            } catch (TimeoutException e) {
                if (attempt == ATTEMPTS_MAX || !node.printed().isEmpty()) throw e;
                node.kill();
            }
        }
    }

    /// For the node's next start: nothing can fail.
    void leave() {
        node.environment("LD_PRELOAD", null).environment("FIU_CTRL_FIFO", null);
    }

    /// From now on some of these calls fail, of all that the node makes.
    void fail(Call call, Problem problem, double probability) throws IOException, InterruptedException {
        tell("enable_random name=" + call.name + ",failinfo=" + problem.number + ",probability=" + probability);
    }

    void heal(Call call) throws IOException, InterruptedException {
        tell("disable name=" + call.name);
    }

    private void tell(String command) throws IOException, InterruptedException {
        var ended = new ProcessBuilder("fiu-ctrl", "-f", pipes.toString(), "-c", command, Long.toString(node.pid())).inheritIO().start();
        if (!ended.waitFor(20, TimeUnit.SECONDS) || ended.exitValue() != 0) throw new IOException("fiu-ctrl: " + command);
    }
}
