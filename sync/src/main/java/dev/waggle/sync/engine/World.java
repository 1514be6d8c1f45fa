package dev.waggle.sync.engine;

import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.DamagedLog;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.sync.protocol.Cursor;
import dev.waggle.sync.protocol.Effect;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.Input;
import dev.waggle.sync.protocol.Notice;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/// Carries out effects and turns what happens outside into inputs. Effects are handed over on the loop's thread and must not block it: logs and
/// stores are used on workers, and answer with inputs.
final class World implements Transport.Handler, AutoCloseable {
    private final Transport transport;
    private final Spaces spaces;
    private final Tickets tickets;
    private final PeerStore store;
    private final Clock clock;
    private final Entropy entropy;
    private final Executor workers;
    private final Inbox inbox;
    private final Alarms alarms;
    private final DurableWaits durable;
    private final SaveQueue saves;
    private final Consumer<Notice> notices;
    private final Consumer<Throwable> broken;
    private final Map<Long, Port> ports = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<SpaceId, EventLog> logs = new ConcurrentSkipListMap<>();
    private final Adoptions adoptions = new Adoptions();
    private final Map<SpaceId, AutoCloseable> subscriptions = new ConcurrentHashMap<>();

    World(Sync.Parts parts, Function<Transport.Handler, Transport> transport, Inbox inbox, Alarms alarms, DurableWaits durable,
          Consumer<Notice> notices, Consumer<Throwable> broken) {
        this.spaces = parts.spaces();
        this.tickets = parts.tickets();
        this.store = parts.store();
        this.clock = parts.clock();
        this.entropy = parts.entropy();
        this.workers = parts.workers();
        this.inbox = inbox;
        this.alarms = alarms;
        this.durable = durable;
        this.notices = notices;
        this.broken = broken;
        this.saves = new SaveQueue(workers, (what, why) -> notices.accept(new Notice.TroubleHere(what, why)), broken::accept);
        this.transport = transport.apply(this);
    }

    Optional<EventLog> log(SpaceId space) {
        return Optional.ofNullable(logs.get(space));
    }

    /// Follows a log: each commit that adds entries tells the loop, on the committing thread and at the price of a set insertion, so it
    /// can neither fail a commit nor delay it.
    void watch(EventLog log) {
        var old = logs.put(log.space(), log);
        if (old == log) return;
        var before = subscriptions.put(log.space(), log.onAppend(() -> inbox.grown(log.space())));
        if (before != null) close(before);
        inbox.grown(log.space());
    }

    void unwatch(SpaceId space) {
        logs.remove(space);
        var subscription = subscriptions.remove(space);
        if (subscription != null) close(subscription);
        inbox.answer(new Input.SpaceClosed(space));
    }

    // effects

    void carryOut(Effect effect) {
        switch (effect) {
            case Effect.Send(var connection, var frame) -> {
                var port = ports.get(connection);
                if (port != null) port.send(frame);
            }
            case Effect.Close(var connection, var code, var message) -> {
                var port = ports.get(connection);
                if (port != null) port.close(code, message);
                else inbox.answer(new Input.Closed(connection, code, entropy.nextLong()));
            }
            case Effect.Dial(var peer, var address) -> dial(peer, address);
            case Effect.SetAlarm(var alarm, var at) -> alarms.set(alarm, at);
            case Effect.Read read -> onLog(read.connection(), read.space(), "read", log -> LogWork.read(log, read));
            case Effect.Locate locate -> onLog(locate.connection(), locate.space(), "locate", log -> LogWork.locate(log, locate));
            case Effect.Append append -> onLog(append.connection(), append.space(), "append", log -> LogWork.append(log, append, clock.wallMs()));
            case Effect.PutChunks put -> onLog(put.connection(), put.space(), "chunks", log -> LogWork.putChunks(log, put, clock.wallMs()));
            case Effect.Adopt adopt -> onLog(adopt.connection(), adopt.space(), "adopt", log -> adoptions.step(log, adopt, clock.wallMs()));
            case Effect.Fetch fetch -> onLog(fetch.connection(), fetch.space(), "fetch", log -> LogWork.fetch(log, fetch));
            case Effect.Look look -> onLog(look.connection(), look.space(), "look", log -> LogWork.look(log, look));
            case Effect.ListWaiting list -> onLog(list.connection(), list.space(), "waiting", log -> LogWork.waiting(log, list));
            case Effect.Release(var space) -> onLog(0, space, "release", log -> {
                saves.retry();
                var counts = log.counts();                                 // asks nobody: of thousands of logs most rest
                if (counts.waiting() + counts.held() > 0 && !log.waiting(1).isEmpty()) log.release(clock.wallMs());
                return null;
            });
            case Effect.Redeem(var connection, var peer, var ticket) -> work(connection, ticket.space(), "redeem", () ->
                switch (tickets.redeem(ticket, peer, clock.wallMs())) {
                    case Tickets.Answer.Welcomed(var state) -> new Input.TicketJudged(connection, ticket.space(), null, state);
                    case Tickets.Answer.Refused(var problem) -> new Input.TicketJudged(connection, ticket.space(), problem, null);
                });
            case Effect.OpenSpace(var connection, var request, var space, var name) -> work(connection, space, "open", () -> {
                var log = spaces.welcome(space, name);
                watch(log);
                return new Input.SpaceOpened(connection, request, space, log.state());
            });
            case Effect.SavePeer(var peer) -> saves.save(Map.entry("peer", peer.node()), () -> store.savePeer(peer));
            case Effect.ForgetPeer(var peer) -> {
                durable.forget(peer);
                saves.save(Map.entry("peer", peer), () -> store.forgetPeer(peer));
            }
            case Effect.SaveRelationship(var each) ->
                saves.save(Map.entry(each.peer(), each.space()), () -> store.saveRelationship(each));
            case Effect.SaveCursor(var cursor) -> {
                durable.moved(cursor);
                saves.save(new CursorKey(cursor), () -> store.saveCursor(cursor));
            }
            case Effect.SaveRun(var run) -> saves.save(run, () -> store.saveRun(run));
            case Effect.Tell(var notice) -> notices.accept(notice);
        }
    }

    private record CursorKey(NodeId peer, SpaceId space) {
        CursorKey(Cursor cursor) {
            this(cursor.peer(), cursor.space());
        }
    }

    private void dial(NodeId peer, String address) {
        transport.dial(address).whenComplete((connection, failure) -> {
            if (failure != null) {
                inbox.answer(new Input.DialFailed(peer, address, reason(failure), entropy.nextLong()));
                return;
            }
            inbox.answer(opened(connection, Optional.of(peer)));
        });
    }

    private static String reason(Throwable failure) {
        var cause = failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private Input.Opened opened(Transport.Connection connection, Optional<NodeId> expected) {
        return new Input.Opened(connection.id(), connection.initiator(), expected, connection.provenNode(), connection.remote(),
            connection.channelBinding(), entropy.bytes(32));
    }

    private void onLog(long connection, SpaceId space, String what, Function<EventLog, Input> work) {
        var log = logs.get(space);
        if (log == null) return;                                  // closed meanwhile; its exchanges end with it
        work(connection, space, what, () -> work.apply(log));
    }

    private void work(long connection, SpaceId space, String what, Supplier<Input> work) {
        workers.execute(() -> {
            try {
                var answer = work.get();
                if (answer != null) inbox.answer(answer);
            } catch (LogUnavailable | DamagedLog e) {            // damage stops this piece of work, not the node: the doctor mends it meanwhile
                inbox.answer(new Input.StoreFailed(connection, space, what, e.getMessage()));
            } catch (RuntimeException | Error bug) {
                broken.accept(bug);
            }
        });
    }

    // what happens outside

    @Override public void opened(Transport.Connection connection) {
        ports.put(connection.id(), new Port(connection, inbox));
        // One that we dialled is announced when the dial's future tells whom it was for.
        if (!connection.initiator() && !inbox.offer(opened(connection, Optional.empty()))) connection.close("busy");
    }

    @Override public boolean received(Transport.Connection connection, Frame frame) {
        var port = ports.get(connection.id());
        return port == null || port.received(frame);
    }

    @Override public void closed(Transport.Connection connection, String why) {
        ports.remove(connection.id());
        adoptions.closed(connection.id());
        inbox.answer(new Input.Closed(connection.id(), why, entropy.nextLong()));
    }

    private void close(AutoCloseable subscription) {
        try {
            subscription.close();
        } catch (Exception e) {
            notices.accept(new Notice.TroubleHere("unsubscribe", String.valueOf(e.getMessage())));
        }
    }

    @Override public void close() {
        subscriptions.values().forEach(this::close);
        transport.close();
    }
}
