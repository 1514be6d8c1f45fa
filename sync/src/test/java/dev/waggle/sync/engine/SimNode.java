package dev.waggle.sync.engine;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Genesis;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.MemoryEventLog;
import dev.waggle.core.log.Role;
import dev.waggle.sync.protocol.Cursor;
import dev.waggle.sync.protocol.Notice;
import dev.waggle.sync.protocol.SyncSettings;
import dev.waggle.sync.protocol.SyncStatus;
import dev.waggle.sync.protocol.Ticket;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/// A node of the simulation: what would be on disk survives a crash, the engine does not.
final class SimNode {
    static final Ed25519 VERIFIER = new Ed25519();
    static final long EPOCH_MS = 1_700_000_000_000L;

    final SimNet net;
    final int index;
    final Signer signer;
    final NodeId id;
    final String address;
    final SortedMap<SpaceId, EventLog> logs = new TreeMap<>();
    CheckedStore store = new CheckedStore();
    final List<Notice> notices = new ArrayList<>();
    final List<Throwable> bugs = new ArrayList<>();
    Epoch epoch;
    SyncSettings settings;
    Sync sync;
    Transport.Handler handler;
    boolean up;
    int life;
    int inboxMax = 1_024;
    int bytesPerMs = 100_000;
    int workMsMax = 3;
    long clockOffsetMs;
    boolean diskFull;
    private long alarmAtMs = Long.MAX_VALUE;

    SimNode(SimNet net, SyncSettings settings) {
        this.net = net;
        this.settings = settings;
        index = net.nodes.size();
        signer = Ed25519.signer(bytes(32));
        id = signer.node();
        address = "10.0.0." + (index + 1) + ":4000";
        epoch = Epoch.of(bytes(16));
        net.nodes.add(this);
    }

    byte[] bytes(int count) {
        var bytes = new byte[count];
        net.random.nextBytes(bytes);
        return bytes;
    }

    long wallMs() {
        return EPOCH_MS + net.nowMs() + clockOffsetMs;
    }

    SimNode start() {
        up = true;
        life++;
        alarmAtMs = Long.MAX_VALUE;
        net.listening.put(address, this);
        var clock = new Clock() {
            @Override public long monotonicMs() {
                return net.nowMs();
            }

            @Override public long wallMs() {
                return SimNode.this.wallMs();
            }
        };
        var spaces = new Spaces() {
            @Override public SortedMap<SpaceId, EventLog> open() {
                return logs;
            }

            @Override public EventLog welcome(SpaceId space, String name) {
                if (diskFull) throw new LogUnavailable("open", new IOException("no space left"));
                return logs.computeIfAbsent(space, _ -> emptyLog(space));
            }
        };
        var tickets = new LogTickets(space -> Optional.ofNullable(logs.get(space)), _ -> author());
        int now = life;
        var parts = new Sync.Parts(signer, VERIFIER, settings, List.of(), spaces, store, tickets, clock, net.random::nextBytes,
            task -> net.schedule(this, net.random.nextInt(workMsMax + 1), task), inboxMax, bugs::add);
        sync = new Sync(parts, made -> {
            handler = made;
            return net.transport(this, made);
        });
        sync.listen(notice -> {
            if (now == life) notices.add(notice);
        });
        net.schedule(this, 0, () -> {});
        return this;
    }

    /// Everything that is not on disk is gone: the engine, what workers were about to do, what was on the way.
    void crash() {
        up = false;
        life++;
        net.crashed(this);
    }

    private boolean turning;

    void turn() {
        if (!up || turning) return;
        turning = true;
        try {
            long next = sync.turn();
            while (next <= net.nowMs()) next = sync.turn();
            if (next < alarmAtMs || alarmAtMs <= net.nowMs()) {
                alarmAtMs = next;
                if (next != Long.MAX_VALUE) net.schedule(this, next - net.nowMs(), () -> {});
            }
        } finally {
            turning = false;
        }
    }

    Author author() {
        return new Author(signer, epoch);
    }

    /// As after a crash in which a full disk kept the log's file and nothing else.
    void forgetAllButAnEmptyLog(SpaceId space) {
        crash();
        logs.put(space, emptyLog(space));
        store = new CheckedStore();
        start();
    }

    EventLog emptyLog(SpaceId space) {
        return onDisk(new MemoryEventLog(space, VERIFIER, () -> Epoch.of(bytes(16))));
    }

    /// What others send is taken as long as the disk has room.
    private EventLog onDisk(EventLog log) {
        return (EventLog) Proxy.newProxyInstance(EventLog.class.getClassLoader(), new Class<?>[] {EventLog.class}, (_, method, arguments) -> {
            if (diskFull && (method.getName().equals("append") || method.getName().equals("putChunks")))
                throw new LogUnavailable(method.getName(), new IOException("no space left"));
            try {
                return method.invoke(log, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    EventLog create(String name) {
        var genesis = Genesis.write(author(), name, "table", Json.object(), bytes(32));
        var log = MemoryEventLog.create(genesis, VERIFIER, () -> Epoch.of(bytes(16)), wallMs());
        logs.put(log.space(), log);
        if (up) {
            sync.spaceAdded(log);
            turn();
        }
        return log;
    }

    Ticket ticket(EventLog log, long expiresInMs, Optional<NodeId> forNode) {
        return Ticket.issue(signer, log.space(), "space", List.of(address), Role.WRITER, bytes(Ticket.SECRET_BYTES), wallMs() + expiresInMs, forNode);
    }

    EventLog log(SpaceId space) {
        return logs.get(space);
    }

    CompletableFuture<SpaceId> join(Ticket ticket) {
        var joined = sync.join(ticket);
        turn();
        return joined;
    }

    List<EventId> write(SpaceId space, int events) {
        var drafts = new ArrayList<Draft>();
        for (int i = 0; i < events; i++) drafts.add(new Draft("row", Json.object("n", net.random.nextInt(1_000_000), "by", index)));
        var written = logs.get(space).write(author(), drafts, List.of(), Map.of(), wallMs());
        turn();
        return written.stream().map(entry -> entry.event().id()).toList();
    }

    EventId writeWithChunks(SpaceId space, List<Chunk> chunks) {
        var names = Json.array(chunks.stream().map(chunk -> Json.of(chunk.id().hex())).toList());
        var written = logs.get(space).write(author(), List.of(new Draft("bulk", Json.object("chunks", names))), chunks, Map.of(), wallMs());
        turn();
        return written.getFirst().event().id();
    }

    SyncStatus status() {
        turn();
        net.run(200);
        return sync.status();
    }

    boolean holds(SpaceId space, EventId event) {
        var log = logs.get(space);
        return log != null && (log.find(event).isPresent() || log.waiting(20_000).stream().anyMatch(each -> each.event().id().equals(event)));
    }

    <N extends Notice> List<N> heard(Class<N> kind) {
        return notices.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /// Checks I7 at every save: all of the log up to a cursor is on the peer's disk, and a cursor goes back only by name.
    final class CheckedStore extends MemoryPeerStore {
        private final Map<String, Long> cursors = new TreeMap<>();

        @Override public synchronized void saveCursor(Cursor cursor) {
            super.saveCursor(cursor);
            var peer = net.nodes.stream().filter(node -> node.id.equals(cursor.peer())).findFirst().orElseThrow();
            var key = cursor.peer() + " " + cursor.space();
            long before = cursors.getOrDefault(key, 0L);
            if (cursor.offset() < before && heard(Notice.CursorReset.class).isEmpty())
                throw new AssertionError("I7: a cursor went back from " + before + " to " + cursor.offset());
            for (var entry : logs.get(cursor.space()).read(Math.min(before, cursor.offset()), 100_000, Integer.MAX_VALUE)) {
                if (entry.offset() > cursor.offset()) break;
                if (entry instanceof Entry.Admitted admitted && !peer.holds(cursor.space(), admitted.event().id()))
                    throw new AssertionError("I7: cursor " + cursor.offset() + " passes event " + admitted.offset() + " that is not durable there");
            }
            cursors.put(key, cursor.offset());
        }
    }

    @Override public String toString() {
        return "node " + index;
    }
}
