package dev.waggle.lab.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// What stands before several processes of a hub: one address; each connection goes to the next process that takes it.
final class Balancer implements AutoCloseable {
    private static final int CONNECT_MS = 2_000;
    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<InetSocketAddress> backs;
    private final AtomicInteger turn = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /// @param backs `host:port` of each process
    Balancer(List<String> backs) throws IOException {
        this.backs = backs.stream().map(text -> new InetSocketAddress(text.substring(0, text.lastIndexOf(':')), Integer.parseInt(text.substring(text.lastIndexOf(':') + 1)))).toList();
        Thread.ofVirtual().name("balancer").start(this::accept);
    }

    String address() {
        return "127.0.0.1:" + door.getLocalPort();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                var from = door.accept();
                Thread.ofVirtual().start(() -> serve(from));
            } catch (IOException _) {
                // closed, or a client that was gone again
            }
        }
    }

    private void serve(Socket from) {
        open.add(from);
        for (int tried = 0; tried < backs.size(); tried++) {
            var to = new Socket();
            try {
                to.connect(backs.get(Math.floorMod(turn.getAndIncrement(), backs.size())), CONNECT_MS);
            } catch (IOException _) {
                end(to);
                continue;
            }
            open.add(to);
            Thread.ofVirtual().start(() -> pump(from, to));
            pump(to, from);
            return;
        }
        end(from);
    }

    private void pump(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            // one of the two is gone
        } finally {
            end(from);
            end(to);
        }
    }

    private void end(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException _) {
            // it is gone
        }
    }

    @Override public void close() throws IOException {
        door.close();
        for (var socket : open) end(socket);
    }
}
