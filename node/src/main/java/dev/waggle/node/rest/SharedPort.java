package dev.waggle.node.rest;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/// One port for HTTP and WebSockets, because the JDK's HTTP server cannot change protocols: what asks for a WebSocket at [LiveSockets#PATH] is given to
/// `upgraded`, everything else is carried, byte by byte, to the HTTP server behind. A page's WebSocket thereby has the page's own origin. Two virtual threads a
/// connection.
final class SharedPort implements AutoCloseable {
    static final int CONNECTIONS_MAX = 256 + LiveSockets.SOCKETS_MAX;
    private static final int HEAD_MS = 10_000;
    private static final long ACCEPT_REST_NS = 50_000_000;
    private static final int PIECE_BYTES = 16 * 1024;

    private final ServerSocket listener;
    private final InetSocketAddress http;
    private final Upgraded upgraded;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /// Whoever speaks WebSocket on connections that want to. The socket is closed when this returns.
    interface Upgraded {
        void serve(Head head, Socket socket, InputStream in) throws IOException;
    }

    private SharedPort(ServerSocket listener, InetSocketAddress http, Upgraded upgraded) {
        this.listener = listener;
        this.http = http;
        this.upgraded = upgraded;
    }

    /// @param http where the HTTP server behind listens
    static SharedPort start(ServerSocket listener, InetSocketAddress http, Upgraded upgraded) {
        var shared = new SharedPort(listener, http, upgraded);
        Thread.ofPlatform().daemon().name("rest-port").start(shared::accept);
        return shared;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                var socket = listener.accept();
                if (open.size() >= CONNECTIONS_MAX) socket.close();
                else {
                    open.add(socket);
                    if (listener.isClosed()) socket.close();              // it came while the others were closed
                    Thread.ofVirtual().name("rest-connection").start(() -> serve(socket));
                }
            } catch (IOException _) {
                if (!listener.isClosed()) LockSupport.parkNanos(ACCEPT_REST_NS);     // one that went away before it was accepted, or no file handles are left
            }
        }
    }

    private void serve(Socket near) {
        try (near) {
            near.setTcpNoDelay(true);
            near.setSoTimeout(HEAD_MS);
            var in = new BufferedInputStream(near.getInputStream(), PIECE_BYTES);
            var first = Head.read(in, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(HEAD_MS));
            near.setSoTimeout(0);                                         // from here on the server behind says how long it waits
            if (first.isEmpty()) return;
            if (isUpgrade(first.get())) upgraded.serve(first.get(), near, in);
            else carry(first.get(), near, in);
        } catch (IOException _) {
            // it went away: nothing is lost by that
        } finally {
            open.remove(near);
        }
    }

    private static boolean isUpgrade(Head head) {
        return head.target().equals(LiveSockets.PATH) && head.header("Upgrade").filter("websocket"::equalsIgnoreCase).isPresent();
    }

    /// Carries requests there and answers back. Also a later request on the connection may be for a WebSocket: clients keep connections.
    private void carry(Head first, Socket near, InputStream in) throws IOException {
        var upgrade = Optional.<Head>empty();
        try (var far = new Socket()) {
            far.setTcpNoDelay(true);
            far.connect(http);
            var kept = new AtomicBoolean();
            var answers = Thread.ofVirtual().name("rest-answers").start(() -> answers(far, near, kept));
            var out = far.getOutputStream();
            for (var head = Optional.of(first); head.isPresent(); head = Head.read(in, System.nanoTime() + Long.MAX_VALUE / 2)) {
                if (isUpgrade(head.get())) {
                    upgrade = head;
                    break;
                }
                out.write(head.get().bytes());
                copy(in, out, head.get().bodyBytes());
            }
            kept.set(upgrade.isPresent());
            far.shutdownOutput();                                         // no more requests; answers that are under way still come
            answers.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return;                                                       // answers may still be written there
        }
        if (upgrade.isPresent()) upgraded.serve(upgrade.get(), near, in);
    }

    /// @param kept whether the connection lives on without the server behind
    private static void answers(Socket far, Socket near, AtomicBoolean kept) {
        try (far) {
            try {
                copy(far.getInputStream(), near.getOutputStream(), OptionalLong.empty());
            } finally {
                if (!kept.get()) near.close();
            }
        } catch (IOException _) {
            // one of them went away, and hears no more
        }
    }

    /// @param bytes how many; all when empty
    private static void copy(InputStream in, OutputStream out, OptionalLong bytes) throws IOException {
        var piece = new byte[bytes.isPresent() ? (int) Math.min(PIECE_BYTES, bytes.getAsLong()) : PIECE_BYTES];
        for (long left = bytes.orElse(Long.MAX_VALUE); left > 0;) {
            int read = in.read(piece, 0, (int) Math.min(piece.length, left));
            if (read < 0 && bytes.isPresent()) throw new EOFException("a request breaks off in its body");
            if (read < 0) return;
            out.write(piece, 0, read);
            left -= read;
        }
    }

    @Override public void close() {
        close(listener);
        open.forEach(SharedPort::close);
    }

    private static void close(Closeable each) {
        try {
            each.close();
        } catch (IOException e) {
            System.getLogger("waggle.rest").log(System.Logger.Level.WARNING, "a connection could not be closed", e);
        }
    }
}
