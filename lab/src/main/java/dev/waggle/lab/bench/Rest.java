package dev.waggle.lab.bench;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;

/// A program on the node's machine that speaks to it over REST, with the node's token.
final class Rest implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final String address;
    private final String token;

    Rest(NodeProcess node) throws IOException {
        address = Canonical.parseObject(Files.readString(node.data().resolve("run.json")).strip().getBytes(StandardCharsets.UTF_8)).text("rest");
        token = Files.readString(node.data().resolve("token")).strip();
    }

    /// @throws IOException with the answer when that is no
    void post(String path, Json.Obj body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://" + address + path)).header("Authorization", "Bearer " + token).header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(Canonical.bytes(body))).build();
        var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) throw new IOException(answer.statusCode() + " " + answer.body());
    }

    @Override public void close() {
        http.close();
    }
}
