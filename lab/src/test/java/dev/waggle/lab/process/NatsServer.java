package dev.waggle.lab.process;

import dev.waggle.core.event.Canonical;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// Debian's nats-server on loopback. Its port stays the same over restarts.
final class NatsServer implements AutoCloseable {
    private final Path folder;
    private Process process;
    private String url = "";

    /// Skips the test where the server is not installed.
    NatsServer(Path folder) throws Exception {
        this.folder = Files.createDirectories(folder);
        boolean there;
        try {
            there = new ProcessBuilder("nats-server", "--version").redirectErrorStream(true).redirectOutput(folder.resolve("version").toFile()).start().waitFor() == 0;
        } catch (IOException _) {
            there = false;
        }
        assumeTrue(there, "nats-server is not installed");
        start();
    }

    void start() throws Exception {
        var port = url.isEmpty() ? "-1" : url.substring(url.lastIndexOf(':') + 1);
        process = new ProcessBuilder("nats-server", "--addr", "127.0.0.1", "--port", port, "--ports_file_dir", folder.toString())
            .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile())).start();
        var ports = folder.resolve("nats-server_" + process.pid() + ".ports");
        NodeProcess.await("NATS says where it is", () -> {
            try {
                if (!process.isAlive()) throw new AssertionError("nats-server stopped: " + Files.readString(folder.resolve("log")));
                return Files.exists(ports) && Files.readString(ports).contains("nats://");
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        if (url.isEmpty()) url = Canonical.parseObject(Files.readAllBytes(ports)).array("nats").getFirst().asText();
    }

    String url() {
        return url;
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override public void close() throws InterruptedException {
        kill();
    }
}
