package dev.waggle.lab.forwarder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Forwards TCP connections from a loopback port to a target, and fails in the ways that networks fail. Thread-safe.
///
/// Faults are set at any time and hold for old and new connections. What a fault holds back is kept in order, at most
/// [Pump#CHUNKS_MAX] chunks a direction; then the sender feels it through TCP. A stopped forwarder keeps its port: it stays bound to it
/// without listening, so clients are refused and no other program can be given the port meanwhile.
public final class Forwarder implements AutoCloseable {
    /// The two ways through a connection.
    public enum Direction { TO_TARGET, TO_CLIENT }

    private static final int CONNECT_MS_MAX = 5_000;

    private volatile InetSocketAddress target;
    private final Faults faults;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final Socket reserved = new Socket();        // bound, never listening: what keeps the port while stopped
    private ServerSocket listener;                       // null while stopped; guarded by this, like `accepting`
    private Thread accepting;                            // the one that may still be inside listener.accept()

    private Forwarder(InetSocketAddress target, RandomGenerator random) {
        this.target = target;
        this.faults = new Faults(random, this::cut);
    }

    /// Listens at once.
    ///
    /// @param port on loopback; 0 takes a free one
    /// @throws UncheckedIOException when the port is taken
    public static Forwarder start(int port, String targetHost, int targetPort) {
        var forwarder = new Forwarder(InetSocketAddress.createUnresolved(targetHost, targetPort), RandomGeneratorFactory.of("L64X128MixRandom").create(1));
        try {
            forwarder.reserved.setReuseAddress(true);    // both sockets say so: two may be bound to one port as long as only one listens
            forwarder.reserved.bind(loopback(port));
            forwarder.start();
            return forwarder;
        } catch (IOException e) {
            forwarder.close();
            throw taken(port, e);
        } catch (UncheckedIOException e) {
            forwarder.close();
            throw e;
        }
    }

    /// Connections that come from now on go there: for a program that was started anew, or that has to know the forwarder's address before it has one itself.
    public void target(String host, int port) {
        target = InetSocketAddress.createUnresolved(host, port);
    }

    /// Runs it from a shell: see [Commands].
    public static void main(String[] arguments) throws IOException {
        System.exit(Commands.run(arguments, System.in, System.out, System.err));
    }

    public int port() {
        return reserved.getLocalPort();
    }

    /// `127.0.0.1:PORT`, for `invite --address`.
    public String address() {
        return "127.0.0.1:" + port();
    }

    /// Listens again, on the same port. Does nothing when it listens.
    public synchronized void start() {
        if (listener != null) return;
        try {
            var socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(loopback(port()));
            listener = socket;
            accepting = Thread.ofVirtual().name("forwarder-accept-" + port()).start(() -> accept(socket));
        } catch (IOException e) {
            throw taken(port(), e);
        }
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static UncheckedIOException taken(int port, IOException cause) {
        return new UncheckedIOException("forwarder: port " + port + ": " + cause.getMessage(), cause);
    }

    /// The network is gone: new connections are refused, all others are cut.
    public void stop() {
        synchronized (this) {
            if (listener != null) {
                closeQuietly(listener);
                awaitEnd(accepting);                     // the system goes on listening until the thread inside accept has left
            }
            listener = null;
        }
        cut();
    }

    /// Cuts every connection there is, with what is under way in it; new ones are accepted.
    public void cut() {
        for (var link : links) link.cut();
    }

    /// Every byte arrives `latencyMs` later, and up to `jitterMs` more; the order of bytes is kept.
    public void latency(int latencyMs, int jitterMs) {
        faults.latency(latencyMs, jitterMs);
    }

    /// Lets `bytes` more bytes through, in both directions together, then cuts every connection, once.
    public void cutAfter(long bytes) {
        faults.cutAfter(bytes);
    }

    /// While `on`, nothing more arrives in this direction, and nobody is told.
    public void stall(Direction direction, boolean on) {
        faults.stall(direction, on);
    }

    public int connections() {
        return links.size();
    }

    /// Bytes that arrived in this direction since the beginning.
    public long bytes(Direction direction) {
        return faults.bytes(direction);
    }

    /// Stops for ever, and gives the port back.
    @Override public void close() {
        stop();
        closeQuietly(reserved);
    }

    private void accept(ServerSocket socket) {
        while (true) {
            Socket client;
            try {
                client = socket.accept();
            } catch (IOException _) {
                return;                                  // stopped
            }
            Thread.ofVirtual().name("forwarder-link").start(() -> open(socket, client));
        }
    }

    private void open(ServerSocket accepting, Socket client) {
        var link = new Link(client, faults);
        links.add(link);                                 // before connecting: a cut that comes meanwhile must find it
        try {
            if (accepting.isClosed()) link.cut();
            link.run(target);
        } catch (IOException _) {
            link.cut();                                  // nobody listens there: the client sees a cut connection
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            link.close();
            links.remove(link);
        }
    }

    private static void awaitEnd(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    private static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception _) {
            // it is closed, or as good as closed: there is nobody to tell
        }
    }

    /// One connection, with a pump for each direction.
    private static final class Link {
        private final Socket client;
        private final Socket server = new Socket();
        private final Pump there;
        private final Pump back;

        Link(Socket client, Faults faults) {
            this.client = client;
            there = new Pump(client, server, Direction.TO_TARGET, faults, this::cut);
            back = new Pump(server, client, Direction.TO_CLIENT, faults, this::cut);
        }

        void run(InetSocketAddress target) throws IOException, InterruptedException {
            server.connect(new InetSocketAddress(target.getHostString(), target.getPort()), CONNECT_MS_MAX);
            there.start();
            back.start();
            there.join();
            back.join();
        }

        /// With a reset, as when a router forgets a connection. What is still under way is lost.
        void cut() {
            for (var socket : List.of(client, server)) {
                try {
                    if (!socket.isClosed()) socket.setSoLinger(true, 0);
                } catch (IOException _) {
                    // closed meanwhile
                }
            }
            close();
        }

        void close() {
            closeQuietly(client);
            closeQuietly(server);
            there.stop();
            back.stop();
        }
    }
}
