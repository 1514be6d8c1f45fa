package dev.waggle.node.board;

import dev.waggle.apps.board.Stamp;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.node.Dialled;
import dev.waggle.node.LearntUrl;
import dev.waggle.node.Node;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Reads the lines of a task from the node that carries it out, at the URL that it says of itself, while somebody looks on. Where the URL may not be dialled,
/// nobody answers, or somebody else does, it tries again with growing pauses; what is read here comes in the log, too.
final class DirectReader implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("waggle.board");
    private static final long WAIT_MS = 10_000;
    private static final long PAUSE_MS_MIN = 1_000;
    private static final long PAUSE_MS_MAX = 30_000;
    private static final int PIECES_MAX = 4;
    private static final int ENTRIES_MAX = 200;

    private final Node node;
    private final NodeId from;
    private final String url;
    private final SpaceId space;
    private final String task;
    private final BlockingQueue<List<DirectLine>> read = new ArrayBlockingQueue<>(PIECES_MAX);       // full: nothing more is asked for
    private final Thread thread;
    private String cursor;
    private volatile boolean closed;

    /// @param url   by that node's own word
    /// @param after of its lines, what is here already
    DirectReader(Node node, NodeId from, String url, SpaceId space, String task, Optional<Stamp> after) {
        this.node = node;
        this.from = from;
        this.url = url;
        this.space = space;
        this.task = task;
        this.cursor = after.map(DirectLine::cursor).orElse("");
        this.thread = Thread.ofVirtual().name("direct-log").start(this::run);
    }

    NodeId from() {
        return from;
    }

    String url() {
        return url;
    }

    /// What came since the last call, oldest first; does not wait.
    ///
    /// @param piecesMax how many answers of the other side at most
    List<DirectLine> take(int piecesMax) {
        var pieces = new ArrayList<List<DirectLine>>();
        read.drainTo(pieces, piecesMax);
        return pieces.stream().flatMap(List::stream).toList();
    }

    private void run() {
        long pauseMs = PAUSE_MS_MIN;
        while (!closed) {
            boolean reached = false;
            for (var address : LearntUrl.dialable(node, url)) {
                try (var client = Dialled.member(node, address, from)) {
                    client.handshake(Optional.of(from), Optional.of(space));
                    for (reached = true; !closed; ) read(client.taskLog(space, task, cursor, WAIT_MS));
                } catch (IOException | MalformedPayload | IllegalArgumentException e) {
                    LOG.log(System.Logger.Level.DEBUG, "task=" + task + " is not read from " + from.brief() + " itself: " + e.getMessage());
                } catch (InterruptedException _) {
                    return;
                }
                if (reached) break;
            }
            try {
                pauseMs = reached ? PAUSE_MS_MIN : Math.min(2 * pauseMs, PAUSE_MS_MAX);
                Thread.sleep(pauseMs);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private void read(Json.Obj answer) throws InterruptedException {
        var entries = answer.array("entries");
        if (entries.size() > ENTRIES_MAX) throw new MalformedPayload("more than " + ENTRIES_MAX + " entries at once");
        var lines = entries.stream().map(each -> DirectLine.read(each.asObject(), from)).toList();
        if (lines.isEmpty()) return;
        var last = DirectLine.cursor(lines.getLast().stamp());
        if (last.equals(cursor)) throw new MalformedPayload("its lines do not go on");
        read.put(lines);
        cursor = last;
    }

    @Override public void close() {
        closed = true;
        thread.interrupt();
    }
}
