package dev.waggle.lab.process;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// S13: a node with little memory, and one that may open no more files. Requests fail, the node does not.
@Timeout(240)
class ScarceTest {
    private static final int SOCKETS = 60;
    @TempDir Path folder;

    @Tag("S13") @Test void a_node_with_a_heap_of_64_mib_takes_and_gives_thousands_of_rows() throws Exception {
        var left = Notes.create(folder.resolve("left.sqlite"));
        var right = new Notes(folder.resolve("right.sqlite"));
        left.sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO note SELECT 'row ' || i, hex(zeroblob(400)) FROM n");
        left.sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) INSERT INTO note SELECT 'large ' || i, hex(zeroblob(100000)) FROM n");
        try (var small = new NodeProcess(folder.resolve("small")).options("-Xmx64m"); var peer = new NodeProcess(folder.resolve("peer")).options("-Xmx64m")) {
            small.up();
            peer.up();
            small.ask("track", left.file());
            peer.ask("join", small.ask("invite").text("ticket"), right.file());
            left.sql("UPDATE note SET text = text || 'x'");
            right.sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO note SELECT 'back ' || i, hex(zeroblob(400)) FROM n");
            NodeProcess.await("all of it arrives", () -> {
                assertThat(small.alive()).as(small.printed()).isTrue();
                assertThat(peer.alive()).as(peer.printed()).isTrue();
                return left.equals(right);
            });
            assertThat(right.ids()).hasSize(6_040);
        }
    }

    @Tag("S13") @Test void a_node_that_may_open_no_more_files_fails_requests_and_goes_on_when_it_may() throws Exception {
        var left = Notes.create(folder.resolve("left.sqlite"));
        var right = new Notes(folder.resolve("right.sqlite"));
        var late = Notes.create(folder.resolve("late.sqlite"));
        left.add("first");
        try (var node = new NodeProcess(folder.resolve("node")); var peer = new NodeProcess(folder.resolve("peer"))) {
            node.up();
            peer.up();
            node.ask("track", left.file());
            var invited = node.ask("invite");
            var address = invited.array("addresses").getFirst().asText();
            peer.ask("join", invited.text("ticket"), right.file());
            assumeTrue(limitFiles(node, open(node) + SOCKETS / 2), "needs Linux and prlimit (util-linux)");
            var sockets = new ArrayList<Socket>();
            try {
                for (int i = 0; i < SOCKETS; i++) sockets.add(connect(address));
                NodeProcess.await("no file is left", () -> node.run("track", late.file()).exit() != 0);
                left.add("written meanwhile");
                right.add("written there meanwhile");
                assertThat(node.alive()).isTrue();
            } finally {
                for (var socket : sockets) socket.close();
            }
            NodeProcess.await("requests are answered again", () -> node.run("track", late.file(), "--name", "late").exit() == 0);
            NodeProcess.await("it goes on by itself", () -> left.equals(right) && left.has("written there meanwhile") && right.has("written meanwhile"));
            node.run("log", "verify", "--space", "left").ok();
        }
    }

    private static Socket connect(String address) throws IOException {
        var socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(address.substring(address.lastIndexOf(':') + 1))), 5_000);
        return socket;
    }

    private static int open(NodeProcess node) throws IOException {
        var files = Path.of("/proc", Long.toString(node.pid()), "fd");
        if (!Files.isDirectory(files)) return 0;
        try (var each = Files.list(files)) {
            return (int) each.count();
        }
    }

    private static boolean limitFiles(NodeProcess node, int files) throws InterruptedException {
        try {
            var limited = new ProcessBuilder(List.of("prlimit", "--pid", Long.toString(node.pid()), "--nofile=" + files + ":" + files)).inheritIO().start();
            return limited.waitFor(10, TimeUnit.SECONDS) && limited.exitValue() == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
