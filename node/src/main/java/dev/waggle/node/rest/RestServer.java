package dev.waggle.node.rest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.node.AnyJson;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/// Serves the routes on a loopback address. The JDK's server, since it starts in milliseconds and this is a person's interface; peers
/// are served elsewhere. It listens behind a [SharedPort], for the sake of WebSockets. A virtual thread a request, at most [#REQUESTS_MAX] at once.
public final class RestServer implements AutoCloseable {
    static final int BODY_BYTES_MAX = 64 * 1024;
    static final int REQUESTS_MAX = 64;
    private static final String BEARER = "Bearer ";
    private static final Map<String, String> HEADERS = Map.of(
        "Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
            + "form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'",
        "X-Content-Type-Options", "nosniff",
        "Referrer-Policy", "no-referrer",
        "Cross-Origin-Opener-Policy", "same-origin",
        "Cross-Origin-Resource-Policy", "same-origin",
        "Cache-Control", "no-store");

    static {
        limit("sun.net.httpserver.nodelay", "true");            // without it every small answer waits 40 ms for an acknowledgement
        limit("sun.net.httpserver.maxReqHeaders", "100");
        limit("sun.net.httpserver.maxReqHeaderSize", "16384");
        limit("sun.net.httpserver.maxReqTime", "10");
        limit("jdk.httpserver.maxConnections", "256");
    }

    private final HttpServer server;
    private final SharedPort port;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore room = new Semaphore(REQUESTS_MAX);
    private final AtomicLong requests = new AtomicLong();
    private final Router router;
    private final Guard guard;
    private final PageSessions sessions;
    private final BugLog bugs;

    /// Where a handler's bugs are written, under the request id that the caller is told.
    public interface BugLog {
        void bug(String requestId, Throwable bug);
    }

    /// Who speaks WebSocket on this server's port.
    interface Sockets {
        /// @param guard of the port; the socket is closed when this returns
        void serve(Guard guard, Head head, Socket socket, InputStream in) throws IOException;
    }

    private RestServer(HttpServer server, ServerSocket listener, Router router, String token, PageSessions sessions, Sockets sockets, BugLog bugs) {
        this.server = server;
        this.router = router;
        this.guard = new Guard(listener.getLocalPort(), token);
        this.port = SharedPort.start(listener, server.getAddress(), (head, socket, in) -> sockets.serve(guard, head, socket, in));
        this.sessions = sessions;
        this.bugs = bugs;
    }

    /// @param port     0 for any free one
    /// @param sessions of the browsers that were let in
    /// @throws Problem when the address is no loopback address or the port is taken
    static RestServer start(String host, int port, Router router, String token, PageSessions sessions, Sockets sockets, BugLog bugs) {
        try {
            var address = InetAddress.getByName(host);
            if (!address.isLoopbackAddress())
                throw new Problem(ErrorCode.BAD_REQUEST, "REST would be reachable from the network at " + host + ".", "Use 127.0.0.1 and a tunnel.");
            var listener = new ServerSocket(port, 64, address);
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 64);
            var rest = new RestServer(server, listener, router, token, sessions, sockets, bugs);
            server.setExecutor(rest.threads);
            server.createContext("/", rest::serve);
            server.start();
            return rest;
        } catch (IOException e) {
            throw new Problem(ErrorCode.STORAGE, "REST cannot listen on " + host + ":" + port + ": " + e.getMessage() + ".",
                "Choose another port with the setting `rest`, or 0 for any free one.", e);
        }
    }

    public int port() {
        return port.address().getPort();
    }

    /// `host:port`, as a client dials it.
    public String address() {
        return Host.of(port.address());
    }

    private void serve(HttpExchange exchange) throws IOException {
        var requestId = Long.toHexString(requests.incrementAndGet());
        try (exchange) {
            HEADERS.forEach(exchange.getResponseHeaders()::set);
            exchange.getResponseHeaders().set("X-Request-Id", requestId);
            if (!room.tryAcquire()) {
                send(exchange, failure(new Problem(ErrorCode.TOO_MANY, "The node is answering " + REQUESTS_MAX + " requests already.",
                    "Try again in a second."), exchange, requestId));
                return;
            }
            try {
                send(exchange, answer(exchange, requestId));
            } finally {
                room.release();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();          // the node stops
        }
    }

    private Reply answer(HttpExchange exchange, String requestId) throws IOException {
        try {
            var method = exchange.getRequestMethod();
            var target = exchange.getRequestURI().toASCIIString();
            var bytes = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX + 1);
            var trusted = guard.check(new Guard.Asked(method, header(exchange, "Host"), header(exchange, "Origin"), header(exchange, "Sec-Fetch-Site"),
                header(exchange, "Content-Type"), header(exchange, "Authorization"), bytes.length > 0))
                || sessions.isOpen(header(exchange, "Cookie"), header(exchange, PageSessions.WORD_HEADER));
            if (bytes.length > BODY_BYTES_MAX) throw new Problem(ErrorCode.TOO_LARGE, "The body is larger than 64 KiB.", "Send less.");
            var found = router.find(method.equals("HEAD") ? "GET" : method, target);
            var key = trusted ? Optional.<String>empty() : header(exchange, "Authorization").filter(text -> text.startsWith(BEARER)).map(text -> text.substring(BEARER.length()));
            if (!trusted && !found.route().open() && !(found.route().agents() && key.isPresent()))
                throw new Problem(ErrorCode.UNAUTHORISED, "The request carries no valid token.",
                    "Send `Authorization: Bearer …` with the text of the file `token` in the data folder.");
            var body = bytes.length == 0 ? Json.object() : AnyJson.object(bytes);
            return found.route().handler().handle(new Request(trusted, key, found.path(), Router.query(target), body));
        } catch (Problem problem) {
            return failure(problem, exchange, requestId);
        } catch (RuntimeException bug) {
            bugs.bug(requestId, bug);
            return failure(new Problem(ErrorCode.INTERNAL, "The node failed at this request.", "Its log has the details under request " + requestId + "."),
                exchange, requestId);
        }
    }

    /// The one shape of every "no".
    private static Reply failure(Problem problem, HttpExchange exchange, String requestId) {
        var error = Json.object("code", problem.code().wire(), "message", problem.getMessage(), "remedy", problem.remedy(), "request", requestId);
        return new Reply.Document(problem.code().status(), Envelope.isOf(exchange.getRequestURI().getPath()) ? Envelope.no(problem, error) : Json.object("error", error));
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException, InterruptedException {
        switch (reply) {
            case Reply.Document(var status, var json) -> send(exchange, status, "application/json", Canonical.unlimited(json));
            case Reply.Cookie(var json, var cookie) -> {
                exchange.getResponseHeaders().set("Set-Cookie", cookie);
                send(exchange, 200, "application/json", Canonical.unlimited(json));
            }
            case Reply.Content(var status, var type, var bytes) -> send(exchange, status, type, bytes);
            case Reply.Stream(var type, var writer) -> {
                exchange.getResponseHeaders().set("Content-Type", type);
                exchange.sendResponseHeaders(200, 0);
                try (var out = exchange.getResponseBody()) {
                    writer.to(out);
                }
            }
        }
    }

    private static void send(HttpExchange exchange, int status, String type, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private static Optional<String> header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
    }

    private static void limit(String property, String value) {
        if (System.getProperty(property) == null) System.setProperty(property, value);
    }

    /// Lets requests that run finish for up to a second.
    @Override public void close() {
        server.stop(0);
        port.close();
        threads.shutdownNow();
    }

    /// An address as clients write it.
    static final class Host {
        private Host() {}

        static String of(InetSocketAddress address) {
            var host = address.getAddress().getHostAddress();
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
        }
    }
}
