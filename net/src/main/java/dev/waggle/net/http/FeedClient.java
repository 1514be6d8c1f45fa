package dev.waggle.net.http;

import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.net.websocket.NodeTls;
import dev.waggle.net.wire.StrictJson;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Reads the public hives of another node, which may be anybody: answers are bounded in size and time, redirects are not followed, and over `https` only the certificate of the
/// node that is expected is taken. Blocking; one thread.
public final class FeedClient implements AutoCloseable {
    static final int ANSWER_BYTES_MAX = 4 << 20;
    private static final long ANSWER_MS_MAX = 20_000;
    private static final int WAIT_SECONDS_MAX = 60;

    private final URI base;
    private final Optional<NodeId> expected;
    private final HttpClient http;
    private final long answerMs;

    /// The other side asks to come again later.
    public static final class Busy extends IOException {
        private static final long serialVersionUID = 1;
        private final int seconds;

        Busy(int seconds) {
            super("it asks to come again in " + seconds + " s");
            this.seconds = seconds;
        }

        public int seconds() {
            return seconds;
        }
    }

    /// There is nothing for everybody under that name.
    public static final class NotPublic extends IOException {
        private static final long serialVersionUID = 1;

        NotPublic() {
            super("it has no public hive of that name");
        }
    }

    /// What it said, and who it is.
    ///
    /// @param proved the node whose key the connection proved; empty on a plain one
    public record Answer(Json.Obj json, Optional<NodeId> proved) {}

    /// @param base     `http(s)://address:port`, an address that may be dialled
    /// @param seed     the 32 secret bytes of this side's key
    /// @param expected nobody else is spoken to over `https`; empty to take any node
    public FeedClient(URI base, byte[] seed, Optional<NodeId> expected) {
        this(base, seed, expected, ANSWER_MS_MAX);
    }

    FeedClient(URI base, byte[] seed, Optional<NodeId> expected, long answerMs) {
        this.answerMs = answerMs;
        this.base = base;
        this.expected = expected;
        var tls = new NodeTls(seed);
        this.http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofMillis(ANSWER_MS_MAX / 2)).followRedirects(HttpClient.Redirect.NEVER)
            .sslContext(expected.map(tls::context).orElseGet(tls::context)).build();
    }

    public Answer hives() throws IOException {
        return get("/api/v1/hives");
    }

    /// @param since empty to begin
    /// @throws NotPublic when there is no public hive of that name
    /// @throws Busy when it should be asked later
    public Answer feed(String hive, String since, int limit) throws IOException {
        return get("/api/v1/feed/all?hive=" + encode(hive) + "&since=" + (since.isEmpty() ? "start" : encode(since)) + "&limit=" + limit);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// The time limit is for the whole answer: a body that drips ends with it.
    private Answer get(String path) throws IOException {
        var request = HttpRequest.newBuilder(base.resolve(path)).build();
        var asked = http.sendAsync(request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
        try {
            return read(asked.get(answerMs, TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            asked.cancel(true);
            throw new IOException("it did not answer within " + answerMs / 1_000 + " s", e);
        } catch (InterruptedException e) {
            asked.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IOException(sentence(e.getCause()), e.getCause());
        }
    }

    private Answer read(HttpResponse<byte[]> response) throws IOException {
        switch (response.statusCode()) {
            case 200 -> { }
            case 404 -> throw new NotPublic();
            case 429, 503 -> throw new Busy(response.headers().firstValue("Retry-After").filter(text -> text.matches("[0-9]{1,4}"))
                .map(text -> Math.clamp(Integer.parseInt(text), 1, WAIT_SECONDS_MAX)).orElse(1));
            default -> throw new IOException("it answers with status " + response.statusCode());
        }
        try {
            return new Answer(StrictJson.object(response.body(), ANSWER_BYTES_MAX), NodeTls.shown(response.sslSession()));
        } catch (MalformedPayload e) {
            throw new IOException("its answer is not what a Waggle node says", e);
        }
    }

    /// What happened, in words of ours: what the other side sent is not repeated.
    private String sentence(Throwable problem) {
        return switch (problem) {
            case java.net.http.HttpTimeoutException _ -> "it did not answer in time";
            case java.net.ConnectException _ -> "nothing answers there";
            case javax.net.ssl.SSLException _ -> expected.isPresent() ? "another node answers there, or none" : "it speaks no TLS of a Waggle node";
            default -> "the connection failed";
        };
    }

    @Override public void close() {
        http.shutdownNow();
    }
}
