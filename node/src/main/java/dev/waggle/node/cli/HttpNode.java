package dev.waggle.node.cli;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.node.RunFile;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;

/// The node that runs on a data folder, over REST. The JDK's oldest HTTP client: it is the one that starts fastest.
final class HttpNode implements Client {
    private static final int CONNECT_MS_MAX = 2_000;
    private static final int READ_MS_MAX = 60_000;
    private final String rest;
    private final String token;

    private HttpNode(String rest, String token) {
        this.rest = rest;
        this.token = token;
    }

    /// @return empty when no node answers for this folder
    static Optional<HttpNode> find(Path data) {
        var run = RunFile.read(data);
        if (run.isEmpty()) return Optional.empty();
        try {
            var token = RunFile.token(data);
            if (token.isEmpty()) return Optional.empty();
            var node = new HttpNode(run.get().rest(), token.get());
            node.exchange("GET", "/livez", Json.object());
            return Optional.of(node);
        } catch (ConnectException _) {
            return Optional.empty();                     // what a crash left behind
        } catch (IOException e) {
            throw new Problem(ErrorCode.NODE_UNREACHABLE, "The node at " + run.get().rest() + " does not answer: " + e.getMessage() + ".",
                "Look whether process " + run.get().pid() + " hangs, and restart it.", e);
        }
    }

    @Override public boolean isRunning() {
        return true;
    }

    @Override public Json.Obj call(String method, String target, Json.Obj body) {
        try {
            return exchange(method, target, body);
        } catch (IOException e) {
            throw new Problem(ErrorCode.NODE_UNREACHABLE, "The node at " + rest + " stopped answering: " + e.getMessage() + ".",
                "Look whether it still runs, and repeat the command.", e);
        }
    }

    private HttpURLConnection open(String method, String target) throws IOException {
        var connection = (HttpURLConnection) URI.create("http://" + rest + target).toURL().openConnection(Proxy.NO_PROXY);
        connection.setRequestMethod(method);
        connection.setConnectTimeout(CONNECT_MS_MAX);
        connection.setReadTimeout(READ_MS_MAX);
        connection.setRequestProperty("Authorization", "Bearer " + token);
        return connection;
    }

    private Json.Obj exchange(String method, String target, Json.Obj body) throws IOException {
        var connection = open(method, target);
        if (!method.equals("GET")) {
            connection.setRequestProperty("Content-Type", "application/json");
            connection.setDoOutput(true);
            try (var out = connection.getOutputStream()) {
                out.write(Canonical.bytes(body));
            }
        }
        var status = connection.getResponseCode();
        byte[] bytes;
        try (var in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            bytes = in == null ? new byte[0] : in.readAllBytes();
        }
        Json.Obj answer;
        try {
            answer = Canonical.parseObject(bytes);
        } catch (MalformedPayload e) {
            throw new IOException("it is no Waggle node (status " + status + ")", e);
        }
        return answered(status, answer);
    }

    @Override public void follow(String target, BiConsumer<String, Json.Obj> heard) {
        try {
            var connection = open("GET", target);
            if (connection.getResponseCode() >= 400) {
                try (var in = connection.getErrorStream()) {
                    answered(connection.getResponseCode(), Canonical.parseObject(in.readAllBytes()));
                }
            }
            try (var lines = new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
                var type = "";
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("event: ")) type = line.substring(7);
                    else if (line.startsWith("data: ")) heard.accept(type, Canonical.parseObject(line.substring(6).getBytes(StandardCharsets.UTF_8)));
                }
            }
        } catch (IOException | MalformedPayload e) {
            throw new Problem(ErrorCode.NODE_UNREACHABLE, "The node at " + rest + " stopped answering: " + e.getMessage() + ".", "Look whether it still runs, and repeat the command.", e);
        }
    }

    /// @throws Problem when it is a "no"
    static Json.Obj answered(int status, Json.Obj answer) {
        if (answer.get("error").isEmpty() || status < 400) return answer;
        var error = answer.object("error");
        throw new Problem(ErrorCode.of(error.text("code")), error.text("message"), error.textIfPresent("remedy").orElse(""));
    }

    @Override public void close() {}
}
