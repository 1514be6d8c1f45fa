package dev.waggle.store.postgres;

import dev.waggle.core.event.SpaceId;
import dev.waggle.store.sql.SqlEventLog;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;

/// The other processes of the same hub: says what this one has committed, and has the logs here look when another one has. Every log's row has a version that grows with
/// each commit, so nobody looks at what he knows. Thread-safe.
final class Neighbours implements Fanout.Ears, AutoCloseable {
    /// So much later than told is what nobody told of noticed.
    static final long LOOK_MS = 3_000;
    private static final System.Logger LOG = System.getLogger("waggle.hub");
    private static final long ALL = -1;

    private final String self;
    private final DataSource pool;
    private final Fanout fanout;
    private final long lookMs;
    private final Consumer<SpaceId> unknown;
    private final Map<Long, SqlEventLog> open;
    private final Map<Long, Long> known;                                    // log's number -> the version that this process has, or has looked at
    private final Map<Long, Long> offered = new ConcurrentHashMap<>();      // log's number -> its last offset when it was offered to `unknown`
    private final Set<Long> untold = ConcurrentHashMap.newKeySet();
    private final LinkedBlockingQueue<Long> tells = new LinkedBlockingQueue<>();
    private final Set<Long> unseen = ConcurrentHashMap.newKeySet();
    private final LinkedBlockingQueue<Long> looks = new LinkedBlockingQueue<>();
    private final Thread teller;
    private final Thread looker;
    private volatile boolean closed;

    /// @param self    names this process among its neighbours
    /// @param open    logs that are open here, by number
    /// @param known   the versions of them that are known here
    /// @param unknown is told of logs that are not open here
    /// @param lookMs  how long it takes until what nobody told of is noticed
    Neighbours(String self, String hub, DataSource pool, Fanout.Opener fanout, Map<Long, SqlEventLog> open, Map<Long, Long> known, Consumer<SpaceId> unknown, long lookMs) {
        this.self = self;
        this.lookMs = lookMs;
        this.pool = pool;
        this.open = open;
        this.known = known;
        this.unknown = unknown;
        this.fanout = fanout.open(hub, this);
        this.teller = Thread.ofPlatform().daemon().name("hub-tells").start(this::tell);
        this.looker = Thread.ofPlatform().daemon().name("hub-looks").start(this::look);
    }

    /// This process has committed. Does not wait.
    void committed(long log) {
        if (untold.add(log)) tells.add(log);
    }

    private void tell() {
        while (!closed) {
            try {
                long log = tells.take();
                untold.remove(log);                                       // before it is told: what commits now tells again
                fanout.tell(self + " " + log + " " + known.getOrDefault(log, 0L));
            } catch (InterruptedException _) {
                // closed, or nobody's business
            } catch (IOException e) {
                LOG.log(System.Logger.Level.DEBUG, "the other processes look by themselves", e);
            }
        }
    }

    @Override public void heard(String message) {
        var words = message.split(" ");
        if (words.length != 3 || words[0].equals(self)) return;
        try {
            long log = Long.parseLong(words[1]);
            if (log > 0 && known.getOrDefault(log, -1L) < Long.parseLong(words[2])) lookAt(log);
        } catch (NumberFormatException _) {
            // not one of ours
        }
    }

    @Override public void missed() {
        lookAt(ALL);
    }

    private void lookAt(long log) {
        if (unseen.add(log)) looks.add(log);
    }

    private void look() {
        while (!closed) {
            try {
                var log = looks.poll(lookMs, TimeUnit.MILLISECONDS);
                if (log != null) unseen.remove(log);
                look(log == null ? ALL : log);
            } catch (InterruptedException _) {
                // closed, or nobody's business
            } catch (SQLException | RuntimeException e) {                 // the database is away: whatever was missed is looked for when it is back
                LOG.log(System.Logger.Level.DEBUG, "looking for what other processes wrote", e);
            }
        }
    }

    private void look(long log) throws SQLException {
        try (var connection = pool.getConnection();
             var select = connection.prepareStatement("SELECT space, id, version, last_offset FROM log" + (log == ALL ? "" : " WHERE space = " + log))) {
            try (var row = select.executeQuery()) {
                while (row.next() && !closed) look(row.getLong(1), SpaceId.of(row.getBytes(2)), row.getLong(3), row.getLong(4));
            }
        }
    }

    /// Whoever opens a log raises its version: two processes that look at one which neither keeps would show it to each other for ever, so that one is offered when it has become longer.
    private void look(long number, SpaceId space, long version, long lastOffset) {
        if (known.getOrDefault(number, -1L) >= version) return;
        var here = open.get(number);
        if (here != null && !here.isOpen()) {
            open.remove(number, here);
            here = null;
        }
        try {
            if (here != null) here.refresh();                              // says itself which version it has now
            else if (offered.getOrDefault(number, 0L) < lastOffset) {
                unknown.accept(space);
                offered.put(number, lastOffset);
            }
            known.merge(number, version, Math::max);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "what another process wrote to space " + space.brief(), e);
        }
    }

    @Override public void close() {
        closed = true;
        teller.interrupt();
        looker.interrupt();
        fanout.close();
    }
}
