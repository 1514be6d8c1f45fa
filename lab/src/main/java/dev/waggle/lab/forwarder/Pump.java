package dev.waggle.lab.forwarder;

import dev.waggle.lab.forwarder.Forwarder.Direction;

import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// One direction of one connection: a thread reads chunks and says when each may arrive, another waits for that time and writes them.
final class Pump {
    static final int CHUNKS_MAX = 64;
    private static final int CHUNK_BYTES_MAX = 16 * 1024;

    /// @param bytes empty at the end of the stream
    private record Chunk(byte[] bytes, long dueNs) {}

    private final Socket from;
    private final Socket to;
    private final Direction direction;
    private final Faults faults;
    private final Runnable cut;
    private final BlockingQueue<Chunk> underWay = new ArrayBlockingQueue<>(CHUNKS_MAX);
    private final Thread reader = Thread.ofVirtual().name("forwarder-read").unstarted(() -> orCut(this::read));
    private final Thread writer = Thread.ofVirtual().name("forwarder-write").unstarted(() -> orCut(this::write));

    /// @param cut closes this connection
    Pump(Socket from, Socket to, Direction direction, Faults faults, Runnable cut) {
        this.from = from;
        this.to = to;
        this.direction = direction;
        this.faults = faults;
        this.cut = cut;
    }

    void start() {
        reader.start();
        writer.start();
    }

    /// Waits until this direction has ended: in peace, and the other may go on, or with the connection.
    void join() throws InterruptedException {
        reader.join();
        writer.join();
    }

    void stop() {
        reader.interrupt();
        writer.interrupt();
    }

    private interface Part {
        void run() throws IOException, InterruptedException;
    }

    private void orCut(Part part) {
        try {
            part.run();
        } catch (IOException _) {
            cut.run();                                   // one side is gone, so the other must see it
        } catch (InterruptedException _) {
            // stopped with the connection
        }
    }

    private void read() throws IOException, InterruptedException {
        var buffer = new byte[CHUNK_BYTES_MAX];
        var in = from.getInputStream();
        long lastDueNs = System.nanoTime();
        int count;
        do {
            count = Math.max(0, in.read(buffer));
            lastDueNs = Math.max(lastDueNs, System.nanoTime() + faults.delayNs());      // jitter never reorders
            underWay.put(new Chunk(Arrays.copyOf(buffer, count), lastDueNs));
        } while (count > 0);
    }

    private void write() throws IOException, InterruptedException {
        var out = to.getOutputStream();
        for (var chunk = underWay.take(); chunk.bytes.length > 0; chunk = underWay.take()) {
            awaitTurn(chunk);
            int allowed = faults.take(direction, chunk.bytes.length);
            out.write(chunk.bytes, 0, allowed);
            faults.cutIfSpent();
        }
        awaitTurn(new Chunk(new byte[0], System.nanoTime()));
        to.shutdownOutput();
    }

    private void awaitTurn(Chunk chunk) throws InterruptedException {
        long waitNs = chunk.dueNs - System.nanoTime();
        if (waitNs > 0) TimeUnit.NANOSECONDS.sleep(waitNs);
        faults.awaitFlowing(direction);
    }
}
