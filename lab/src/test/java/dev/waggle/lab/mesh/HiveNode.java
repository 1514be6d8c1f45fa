package dev.waggle.lab.mesh;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.lab.forwarder.Forwarder;
import dev.waggle.lab.process.NodeProcess;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A node that peers reach through a forwarder alone: it tells no other address of itself. Programs use its REST.
final class HiveNode implements AutoCloseable {
    /// Shared: its connections are kept, as a program's would be.
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(10)).build();
    private static final int CALL_SECONDS_MAX = 120;
    final String name;
    final NodeProcess process;
    final Forwarder door = Forwarder.start(0, "127.0.0.1", 1);      // leads nowhere until the node says where it listens
    private volatile String rest;
    private volatile String token;
    private double cpuBefore;                                       // of processes that ended

    HiveNode(Path folder, String name, boolean longRun) {
        this.name = name;
        this.process = new NodeProcess(folder.resolve(name));
        if (longRun) process.asLaunched();
    }

    /// @param gossip whether peers tell it of others
    HiveNode settings(boolean gossip, long exchangeMs) throws IOException {
        process.settings("""
            {"addresses": ["%s"], "sync": {"heartbeat_interval": 2000, "peer_timeout": 20000, "gossip": {"enabled": %s, "exchange_interval": %d, "stale_timeout": 600000,
             "allow_loopback": true, "dials_per_minute": 600, "dials_at_once": 8}}}
            """.formatted(door.address(), gossip, exchangeMs));
        return this;
    }

    HiveNode begin() throws IOException {
        rest = null;
        process.begin();
        return this;
    }

    HiveNode awaitUp() throws Exception {
        process.awaitUp();
        token = Files.readString(process.data().resolve("token")).strip();
        rest = "http://" + Canonical.parseObject(Files.readString(process.data().resolve("run.json")).strip().getBytes(StandardCharsets.UTF_8)).text("rest");
        door.target("127.0.0.1", Integer.parseInt(process.address().replaceFirst(".*:", "")));
        return this;
    }

    void kill() throws InterruptedException {
        cpuBefore = cpuSeconds();
        rest = null;
        process.kill();
    }

    /// @param status 0 when nobody answered, and so nobody knows whether it was done
    record Answer(int status, Json.Obj body) {
        boolean ok() {
            return status / 100 == 2;
        }

        String code() {
            return body.get("error").map(error -> error.asObject().text("code")).orElse("");
        }
    }

    /// Asks once; while the node is down it waits for it.
    Answer call(String method, String path, Json.Obj body) throws InterruptedException {
        var at = rest;
        for (; at == null; at = rest) TimeUnit.MILLISECONDS.sleep(20);
        var request = HttpRequest.newBuilder(URI.create(at + path)).header("Authorization", "Bearer " + token).timeout(Duration.ofSeconds(CALL_SECONDS_MAX));
        if (body == null) request.method(method, HttpRequest.BodyPublishers.noBody());
        else request.header("Content-Type", "application/json").method(method, HttpRequest.BodyPublishers.ofByteArray(Canonical.bytes(body)));
        try {
            var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), Canonical.parseObject(response.body()));
        } catch (IOException _) {
            TimeUnit.MILLISECONDS.sleep(50);
            return new Answer(0, Json.object());
        }
    }

    Json.Obj get(String path) {
        try {
            var answer = call("GET", path, null);
            if (!answer.ok()) throw new AssertionError(name + " " + path + ": " + answer.status() + " " + Canonical.text(answer.body()));
            return answer.body();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// The hive as a space: fingerprint, counts.
    Json.Obj space() {
        return get("/api/v1/spaces/-");
    }

    List<Json.Obj> peers() {
        return get("/api/v1/sync/status").array("peers").stream().map(Json::asObject).toList();
    }

    long connected() {
        return peers().stream().filter(peer -> peer.text("state").equals("connected")).count();
    }

    String id() {
        return get("/api/v1/node").text("node");
    }

    Path spaceFolder() throws IOException {
        try (var folders = Files.list(process.data().resolve("spaces"))) {
            return folders.findFirst().orElseThrow();
        }
    }

    /// Of all processes that it had.
    double cpuSeconds() {
        return cpuBefore + ProcessHandle.of(process.pid()).flatMap(handle -> handle.info().totalCpuDuration()).map(used -> used.toMillis() / 1e3).orElse(0.0);
    }

    @Override public void close() throws InterruptedException {
        process.close();
        door.close();
    }
}
