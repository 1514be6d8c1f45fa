package dev.waggle.sync.engine;

import dev.waggle.core.event.SpaceId;
import dev.waggle.sync.protocol.Input;
import dev.waggle.sync.protocol.Protocol;
import dev.waggle.sync.protocol.SyncStatus;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;

/// Feeds the protocol, one input at a time. One thread calls [#turn]; any thread offers inputs. The simulator calls `turn` under a virtual clock,
/// [SyncLoop] on a thread of its own.
///
/// Two queues: the inbox is bounded and may refuse (frames, commands); answers to effects are never refused, and are bounded because so are
/// the effects under way.
final class Engine implements Inbox {
    static final int INBOX_INPUTS_MAX = 1_024;
    private static final int INPUTS_A_TURN_MAX = 256;
    private static final long STATUS_MS = 100;

    private final Protocol protocol;
    private final Clock clock;
    private final Entropy entropy;
    private final Alarms alarms;
    private final Runnable wake;
    private final ArrayBlockingQueue<Input> inbox;
    private final Queue<Input> answers = new ConcurrentLinkedQueue<>();
    private final ConcurrentSkipListSet<SpaceId> grown = new ConcurrentSkipListSet<>();
    private final Queue<Port> stalled = new ConcurrentLinkedQueue<>();
    private final Set<Port> stalledNow = ConcurrentHashMap.newKeySet();
    private volatile SyncStatus status = SyncStatus.NOTHING;          // null when it is made once the thread that turns asks
    private long statusAtMs = Long.MIN_VALUE / 2;
    private boolean statusOld = true;
    private volatile boolean statusAsked;
    private boolean driven;
    private World world;

    Engine(Protocol protocol, Clock clock, Entropy entropy, Alarms alarms, int inboxMax, Runnable wake) {
        this.protocol = protocol;
        this.clock = clock;
        this.entropy = entropy;
        this.alarms = alarms;
        this.wake = wake;
        this.inbox = new ArrayBlockingQueue<>(inboxMax);
    }

    void start(World newWorld) {
        world = newWorld;
        answer(new Input.Started());
    }

    @Override public boolean offer(Input input) {
        if (!inbox.offer(input)) return false;
        wake.run();
        return true;
    }

    @Override public void answer(Input input) {
        answers.add(input);
        wake.run();
    }

    @Override public void grown(SpaceId space) {
        if (grown.add(space)) wake.run();
    }

    @Override public void stalled(Port port) {
        if (stalledNow.add(port)) stalled.add(port);
        wake.run();
    }

    SyncStatus status() {
        statusAsked = true;
        var last = status;
        return last != null ? last : (status = statusNow());
    }

    /// Of this very moment: for the thread that turns alone.
    SyncStatus statusNow() {
        return protocol.status(clock.now());
    }

    /// As [#turn], for a thread that asks for the status itself: none is made that it does not look at.
    long driven() {
        driven = true;
        return turn();
    }

    /// Handles what is there, up to a limit.
    ///
    /// @return when to turn again at the latest, monotonic ms; now or before when there is more
    long turn() {
        int handled = 0;
        while (handled < INPUTS_A_TURN_MAX && next()) handled++;
        for (var alarm = alarms.due(clock.monotonicMs()); alarm != null; alarm = alarms.due(clock.monotonicMs()))
            step(new Input.Rang(alarm, entropy.nextLong()));
        boolean more = handled == INPUTS_A_TURN_MAX;
        publish(more);
        return more ? clock.monotonicMs() : statusOld ? Math.min(alarms.next(), statusAtMs + STATUS_MS) : alarms.next();
    }

    private boolean next() {
        var answer = answers.poll();
        if (answer != null) {
            step(answer);
            return true;
        }
        var space = grown.pollFirst();
        if (space != null) {                                   // taken out before the state is read: what commits later tells again
            world.log(space).ifPresent(log -> step(new Input.LogChanged(space, log.state())));
            return true;
        }
        var input = inbox.poll();
        if (input != null) {
            step(input);
            return true;
        }
        var port = stalled.poll();
        if (port == null) return false;
        stalledNow.remove(port);                                // before it is emptied: a frame that comes from now on announces itself
        var frame = port.take();
        if (frame == null) return true;
        if (stalledNow.add(port)) stalled.add(port);
        step(new Input.Received(port.connection().id(), frame));
        return true;
    }

    private void step(Input input) {
        statusOld = true;
        for (var effect : protocol.step(input, clock.now())) world.carryOut(effect);
    }

    private void publish(boolean more) {
        long now = clock.monotonicMs();
        long restMs = more || !statusAsked ? STATUS_MS : STATUS_MS / 10;      // it costs more than a step: as fresh as somebody looks at it
        if (!statusOld || now - statusAtMs < restMs) return;
        statusAsked = false;
        status = driven ? null : statusNow();
        statusAtMs = now;
        statusOld = false;
    }
}
