package dev.waggle.net.websocket;

import dev.waggle.core.event.NodeId;
import dev.waggle.sync.engine.Transport;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Frames over WebSocket: one HTTP server for whoever dials this node, one client for whom it dials.
///
/// Other routes (REST, `/sync/v1`, web pages) share the server: `routes` gets the router once, before the server listens. Every route is behind the
/// same [Gate], header limit (16 KiB) and time limits.
///
/// On anything but loopback both sides speak TLS 1.3 and show the certificate of their node's key ([NodeTls]); a hello that names another node ends the
/// connection. [Connection#channelBinding] is the TLS exporter's value. Browsers may use the other routes without a certificate.
public final class WebSocketTransport implements Transport {
    public static final String PATH = "/sync/v1/stream";
    public static final int HEADER_BYTES_MAX = 16 * 1024;
    private static final String TRANSPORT = "waggle.transport";
    private static final int EVENT_LOOPS = 2;
    private static final long TICK_MS_MAX = 1_000;
    private static final int WORKERS = 8;
    private static final int CLOSE_SECONDS_MAX = 5;

    private final ListenOptions options;
    private final Handler handler;
    private final Consumer<Router> routes;
    private final NodeTls tls;
    private final Gate gate;
    private final Vertx vertx;
    private final WebSocketClient client;
    private final Set<WebSocketConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong nextId = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile HttpServer server;
    private long nextPingNanos = System.nanoTime();                   // touched by the timer's event loop only

    private final WebSocketConnection.Owner owner = new WebSocketConnection.Owner() {
        @Override public void trusted(WebSocketConnection connection) {
            if (!connection.initiator()) gate.trusted(connection.gateKey());
        }

        @Override public void gone(WebSocketConnection connection) {
            connections.remove(connection);
        }
    };

    public WebSocketTransport(byte[] seed, ListenOptions options, Handler handler) {
        this(seed, options, handler, _ -> { });
    }

    /// @param seed   the 32 secret bytes of the node's key
    /// @param routes mounts more routes on the same server
    public WebSocketTransport(byte[] seed, ListenOptions options, Handler handler, Consumer<Router> routes) {
        this.options = options;
        this.handler = handler;
        this.routes = routes;
        this.tls = new NodeTls(seed);
        this.gate = new Gate(options.limits(), options.allowed());
        this.vertx = Vertx.builder().with(new VertxOptions()
                .setEventLoopPoolSize(EVENT_LOOPS).setWorkerPoolSize(WORKERS).setInternalBlockingPoolSize(1)
                .setBlockedThreadCheckInterval(10_000)
                .setFileSystemOptions(new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)))
            .withTransport(new GatedTransport(gate)).build();
        this.client = vertx.createWebSocketClient(new WebSocketClientOptions()
            .setMaxConnections(Integer.MAX_VALUE).setConnectTimeout((int) options.limits().handshakeMs())
            .setMaxFrameSize(WebSocketConnection.PIECE_BYTES_MAX).setMaxMessageSize(WebSocketConnection.PIECE_BYTES_MAX)
            .setTryUsePerMessageCompression(false).setTryUsePerFrameCompression(false)
            .setClosingTimeout(1).setTcpNoDelay(true).setTcpKeepAlive(true)
            .setKeyCertOptions(KeyCertOptions.wrap(tls.keyManager())).setTrustOptions(TrustOptions.wrap(NodeTls.trustManager()))
            .setVerifyHost(false)                                     // a node's name is its key, compared with its hello
            .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
            .setSslHandshakeTimeout(options.limits().handshakeMs()).setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS));
        long tickMs = Math.clamp(Math.min(options.limits().handshakeMs(), options.limits().pingMs()) / 4, 20, TICK_MS_MAX);
        vertx.setPeriodic(tickMs, _ -> tick());
    }

    /// Listens. Returns when connections are accepted.
    ///
    /// @return the port, which the system chose when the options said 0
    /// @throws IOException when the address cannot be listened on; the transport can still dial
    public int start() throws IOException {
        return start(options.port());
    }

    /// The same on another port than the options say: when that one is taken and the address matters less than being reached at all.
    public int start(int port) throws IOException {
        var router = Router.router(vertx);
        router.route().order(Integer.MIN_VALUE).handler(this::timed);
        routes.accept(router);
        var listening = vertx.createHttpServer(serverOptions()).requestHandler(request -> {
            if (PATH.equals(request.path())) upgrade(request);
            else router.handle(request);
        });
        var limit = options.limits().handshakeMs() + 1_000;
        try {
            var address = InetAddress.getByName(options.host()).getHostAddress();
            server = listening.listen(port, address).toCompletionStage().toCompletableFuture().get(limit, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException("cannot listen on " + options.host() + " port " + port + ": " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("cannot listen on " + options.host() + " port " + port + ": no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while starting to listen", e);
        }
        return server.actualPort();
    }

    private HttpServerOptions serverOptions() {
        var http = new HttpServerOptions()
            .setMaxHeaderSize(HEADER_BYTES_MAX).setMaxInitialLineLength(4 * 1024).setHandle100ContinueAutomatically(false)
            .setHttp2ClearTextEnabled(false).setUseAlpn(false)
            .setCompressionSupported(false).setDecompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false).setPerFrameWebSocketCompressionSupported(false)
            .setMaxWebSocketFrameSize(WebSocketConnection.PIECE_BYTES_MAX).setMaxWebSocketMessageSize(WebSocketConnection.PIECE_BYTES_MAX)
            .setWebSocketClosingTimeout(1)
            .setTcpNoDelay(true).setTcpKeepAlive(true).setReuseAddress(true);
        if (!usesTls()) return http;
        return http.setSsl(true).setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
            .setKeyCertOptions(KeyCertOptions.wrap(tls.keyManager())).setTrustOptions(TrustOptions.wrap(NodeTls.trustManager()))
            .setClientAuth(ClientAuth.REQUEST)                        // nodes show theirs; a browser on the REST routes has none
            .setSslHandshakeTimeout(options.limits().handshakeMs()).setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    }

    private boolean usesTls() {
        return options.security() == ListenOptions.Security.TLS;
    }

    /// This node's id: the public half of the seed.
    public NodeId node() {
        return tls.node();
    }

    /// The event loops and workers behind the routes, for handlers that need a timer. Closed with the transport.
    public Vertx vertx() {
        return vertx;
    }

    /// A route has seen that this request's connection belongs to somebody known here: it does not count as a stranger's any more.
    public static void trusted(RoutingContext context) {
        var address = context.request().remoteAddress();
        of(context).ifPresent(transport -> transport.gate.trusted(Gate.key(address.hostAddress(), address.port())));
    }

    /// A route made a WebSocket of this request's connection: it stays as long as the two want it, and no limit of requests counts any more.
    public static void stays(RoutingContext context) {
        var address = context.request().remoteAddress();
        of(context).ifPresent(transport -> transport.gate.noDeadline(Gate.key(address.hostAddress(), address.port())));
    }

    /// The node whose key the request's TLS connection proved; empty for plain connections and for clients without a certificate.
    public static Optional<NodeId> provenNode(RoutingContext context) {
        var session = context.request().sslSession();
        return session == null ? Optional.empty() : NodeTls.peer(session);
    }

    /// SHA-256 of the certificate that this server showed on the request's connection; empty on a plain one.
    public static Optional<byte[]> certificateHash(RoutingContext context) {
        return of(context).filter(WebSocketTransport::usesTls).map(transport -> NodeTls.hash(transport.tls.certificate()));
    }

    private static Optional<WebSocketTransport> of(RoutingContext context) {
        return Optional.ofNullable(context.get(TRANSPORT));
    }

    public int connectionCount() {
        return connections.size();
    }

    /// Connections that count against the limits for strangers now, and how many were turned away so far.
    public int strangersNow() {
        return gate.countedNow();
    }

    public long refusedSoFar() {
        return gate.refusedSoFar();
    }

    /// Every request gets its time for the body, an answer as long as it takes, and its connection then a while for the next request.
    private void timed(RoutingContext context) {
        var address = context.request().remoteAddress();
        var key = Gate.key(address.hostAddress(), address.port());
        gate.deadline(key, options.limits().requestMs());
        context.put(TRANSPORT, this);
        context.request().end().onComplete(_ -> {
            if (!context.response().ended()) gate.noDeadline(key);
        });
        context.addEndHandler(_ -> gate.deadline(key, options.limits().keepAliveMs()));
        context.next();
    }

    private void upgrade(HttpServerRequest request) {
        // A browser names the page that asks; no node does. So no page can open a stream from somebody's browser.
        if (closed.get() || request.headers().contains(HttpHeaders.ORIGIN)) {
            refuse(request, 403);
            return;
        }
        if (!request.headers().contains(HttpHeaders.UPGRADE, "websocket", true)) {
            refuse(request, 426);
            return;
        }
        Optional<NodeId> proven = Optional.empty();
        byte[] binding = new byte[0];
        if (usesTls()) {
            try {
                var session = request.connection().sslSession();
                proven = NodeTls.peer(session);
                binding = NodeTls.binding(session);
            } catch (SSLException _) {
                refuse(request, 403);                                 // nothing to tie a proof to
                return;
            }
            if (proven.isEmpty()) {
                refuse(request, 403);
                return;
            }
        }
        var provenNode = proven;
        var channelBinding = binding;
        request.toWebSocket().onSuccess(socket -> accept(socket, provenNode, channelBinding));
        // On failure Vert.x has answered the request with what was wrong in it.
    }

    private static void refuse(HttpServerRequest request, int status) {
        request.response().setStatusCode(status).putHeader(HttpHeaders.CONNECTION, "close").end();
    }

    private void accept(ServerWebSocket socket, Optional<NodeId> proven, byte[] binding) {
        var connection = new WebSocketConnection(nextId.incrementAndGet(), false, socket, vertx.getOrCreateContext(), proven, binding, handler, owner);
        gate.noDeadline(connection.gateKey());                        // from here on the connection's own clock counts
        begin(connection);
    }

    private void begin(WebSocketConnection connection) {
        connections.add(connection);
        handler.opened(connection);
        connection.begin();
        if (closed.get()) connection.close(WebSocketConnection.GOING_AWAY, "the node stops");
    }

    private void tick() {
        gate.sweep();
        long now = System.nanoTime();
        boolean ping = now - nextPingNanos > 0;
        if (ping) nextPingNanos = now + options.limits().pingMs() * 1_000_000;
        for (var connection : connections) connection.look(now, options.limits(), ping);
    }

    /// Dials `host:port`. A loopback address is tried without and then with TLS, because who listens there may do either; every other address is dialled with
    /// TLS, unless this node was told to be insecure. `ws://` and `wss://` before the address insist.
    @Override public CompletableFuture<Connection> dial(String address) {
        var result = new CompletableFuture<Connection>();
        if (closed.get()) {
            result.completeExceptionally(new IOException("the node stops"));
            return result;
        }
        PeerAddress peer;
        try {
            peer = PeerAddress.parse(address);
        } catch (IllegalArgumentException e) {
            result.completeExceptionally(e);
            return result;
        }
        Thread.ofVirtual().name("dial " + address).start(() -> resolve(peer, result));     // a name look-up blocks
        return result;
    }

    /// One way to reach a peer.
    private record Attempt(InetAddress address, int port, boolean secure) {}

    private void resolve(PeerAddress peer, CompletableFuture<Connection> result) {
        var attempts = new ArrayDeque<Attempt>();
        try {
            for (var address : InetAddress.getAllByName(peer.host())) {
                boolean plainAllowed = address.isLoopbackAddress() || options.security() == ListenOptions.Security.INSECURE;
                if (plainAllowed && peer.scheme() != PeerAddress.Scheme.TLS) attempts.add(new Attempt(address, peer.port(), false));
                if (peer.scheme() != PeerAddress.Scheme.PLAIN) attempts.add(new Attempt(address, peer.port(), true));
            }
        } catch (UnknownHostException e) {
            result.completeExceptionally(new IOException("unknown host " + peer.host(), e));
            return;
        }
        if (attempts.isEmpty()) {
            result.completeExceptionally(new IOException("a plain connection to " + peer.host() + " is not allowed: use wss://"));
            return;
        }
        try {
            var context = vertx.getOrCreateContext();
            context.runOnContext(_ -> connect(context, attempts, result));
        } catch (IllegalStateException | RejectedExecutionException e) {  // closed since we looked
            result.completeExceptionally(new IOException("the node stops", e));
        }
    }

    private void connect(Context context, Deque<Attempt> attempts, CompletableFuture<Connection> result) {
        if (closed.get()) {                                           // the client may be gone already
            result.completeExceptionally(new IOException("the node stops"));
            return;
        }
        var attempt = attempts.poll();
        var to = new WebSocketConnectOptions().setHost(attempt.address().getHostAddress()).setPort(attempt.port()).setURI(PATH).setSsl(attempt.secure())
            .setAllowOriginHeader(false).setTimeout(options.limits().handshakeMs());
        Future<WebSocket> connecting = client.connect(to);
        connecting.onComplete(done -> {
            if (done.failed()) {
                if (attempts.isEmpty() || closed.get()) result.completeExceptionally(new IOException("cannot reach " + attempt.address().getHostAddress() + ":"
                    + attempt.port() + ": " + said(done.cause()), done.cause()));
                else connect(context, attempts, result);
                return;
            }
            reached(done.result(), context, attempt.secure(), result);
        });
    }

    private void reached(WebSocket socket, Context context, boolean secure, CompletableFuture<Connection> result) {
        Optional<NodeId> proven = Optional.empty();
        byte[] binding = new byte[0];
        if (secure) {
            try {
                SSLSession session = socket.sslSession();
                proven = NodeTls.peer(session);
                binding = NodeTls.binding(session);
                if (proven.isEmpty()) throw new SSLException("the other side shows no certificate of a node");
            } catch (SSLException e) {
                socket.close();
                result.completeExceptionally(e);
                return;
            }
        }
        var connection = new WebSocketConnection(nextId.incrementAndGet(), true, socket, context, proven, binding, handler, owner);
        socket.pause();                                               // no frame before the caller knows the connection
        begin(connection);
        result.complete(connection);
        socket.resume();
    }

    private static String said(Throwable problem) {
        return problem.getMessage() == null ? problem.getClass().getSimpleName() : problem.getMessage();
    }

    /// Says goodbye to everybody, and returns when sockets and threads are gone, at most a few seconds later.
    @Override public void close() {
        if (!closed.compareAndSet(false, true)) return;
        for (var connection : connections) connection.close(WebSocketConnection.GOING_AWAY, "the node stops");
        long until = System.nanoTime() + 2 * WebSocketConnection.CLOSE_MS_MAX * 1_000_000;
        try {
            while (!connections.isEmpty() && System.nanoTime() - until < 0) TimeUnit.MILLISECONDS.sleep(5);
            vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the network did not close in time", e);
        }
    }
}
