package dev.waggle.lab.bench;

import dev.waggle.lab.forwarder.Forwarder;

import java.nio.file.Files;
import java.nio.file.Path;

/// Two nodes that share a table of so many rows, through a forwarder that counts.
final class Pair implements AutoCloseable {
    final NodeProcess a;
    final NodeProcess b;
    final Path fileA;
    final Path fileB;
    final Forwarder forwarder;

    private Pair(NodeProcess a, NodeProcess b, Path fileA, Path fileB, Forwarder forwarder) {
        this.a = a;
        this.b = b;
        this.fileA = fileA;
        this.fileB = fileB;
        this.forwarder = forwarder;
    }

    static Pair open(Setting setting, Path folder, int rows) throws Exception {
        var fileA = Files.createDirectories(folder).resolve("a.sqlite");
        var fileB = folder.resolve("b.sqlite");
        try (var connection = Tasks.open(fileA)) {
            Tasks.create(connection, "INTEGER");
            Tasks.insert(connection, "INTEGER", 1, rows + 1, 1_000);
        }
        var a = new NodeProcess(setting.launcher(), folder, "a");
        var b = new NodeProcess(setting.launcher(), folder, "b");
        try {
            a.up();
            var port = Integer.parseInt(a.listen().substring(a.listen().lastIndexOf(':') + 1));
            var pair = new Pair(a, b, fileA, fileB, Forwarder.start(0, "127.0.0.1", port));
            b.up();
            a.run("track", fileA.toString());
            b.run("join", a.ticket("--address", pair.forwarder.address()), fileB.toString());
            return pair;
        } catch (Exception e) {
            a.close();
            b.close();
            throw e;
        }
    }

    long bytes() {
        return forwarder.bytes(Forwarder.Direction.TO_TARGET) + forwarder.bytes(Forwarder.Direction.TO_CLIENT);
    }

    @Override public void close() throws InterruptedException {
        forwarder.close();
        a.close();
        b.close();
    }
}
