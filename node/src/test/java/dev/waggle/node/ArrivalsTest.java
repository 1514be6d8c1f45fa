package dev.waggle.node;

import dev.waggle.core.event.Event;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.MemoryEventLog;
import dev.waggle.core.log.TestKeys;
import dev.waggle.core.log.TestSpace;
import dev.waggle.store.node.ArrivalStore;
import dev.waggle.store.node.NodeStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;

/// When entries came into a log, over starts and stops.
class ArrivalsTest {
    @TempDir Path folder;
    private final TestSpace space = new TestSpace();
    private final Author owner = space.owner;
    private final AtomicLong clock = new AtomicLong(TestSpace.NOW);
    private final MemoryEventLog log = MemoryEventLog.create(space.genesis, new TestKeys(), space::fresh, TestSpace.NOW);
    private NodeStore store;

    @BeforeEach void open() {
        store = NodeStore.open(folder.resolve("node.sqlite"));
    }

    @AfterEach void close() {
        store.close();
    }

    private Arrivals arrivals() {
        var arrivals = new Arrivals(new ArrivalStore(store), clock::get);
        arrivals.follow(log);
        return arrivals;
    }

    private long write(long atMs) {
        clock.set(atMs);
        return log.write(owner, List.of(TestSpace.draft("at " + atMs)), List.of(), Map.of(), TestSpace.NOW).getFirst().offset();
    }

    @Test void what_came_between_two_looks_came_between_its_first_and_last_commit() {
        var arrivals = arrivals();
        long one = write(1_000);
        assertThat(arrivals.of(space.id, one)).isEqualTo(new ArrivalStore.Arrived(1_000, 1_000));
        long two = write(2_000);
        write(2_100);
        long four = write(2_300);
        clock.set(9_000);
        arrivals.look();
        assertThat(arrivals.of(space.id, two)).isEqualTo(new ArrivalStore.Arrived(2_000, 2_300));
        assertThat(arrivals.of(space.id, four)).isEqualTo(new ArrivalStore.Arrived(2_000, 2_300));
        assertThat(arrivals.of(space.id, 1)).as("before anybody watched").isEqualTo(new ArrivalStore.Arrived(0, 1_000));
    }

    @Test void what_came_while_nobody_wrote_down_came_between_its_neighbours() {
        long known = write(1_000);
        var first = arrivals();
        long one = write(2_000);
        first.look();
        long lost = write(3_000);                      // and the process was killed
        var second = arrivals();
        long two = write(4_000);
        assertThat(second.of(space.id, one)).isEqualTo(new ArrivalStore.Arrived(2_000, 2_000));
        assertThat(second.of(space.id, lost)).isEqualTo(new ArrivalStore.Arrived(2_000, 4_000));
        assertThat(second.of(space.id, two)).isEqualTo(new ArrivalStore.Arrived(4_000, 4_000));
        assertThat(second.of(space.id, known)).isEqualTo(new ArrivalStore.Arrived(0, 2_000));
        second.forget(space.id);
        assertThat(second.of(space.id, two)).isEqualTo(ArrivalStore.Arrived.UNKNOWN);
    }

    @Test void an_event_waits_since_it_was_first_seen_to_wait_and_no_more_when_it_is_taken_in() {
        var arrivals = arrivals();
        Event before = space.after(space.genesis, owner).text("comes late").event();
        Event waits = space.after(before, owner).text("waits").event();
        log.append(List.of(waits), TestSpace.NOW);
        clock.set(5_000);
        arrivals.look();
        clock.set(6_000);
        arrivals.look();
        assertThat(arrivals.waitsSince(space.id, waits.id())).contains(5_000L);
        log.append(List.of(before), TestSpace.NOW);
        arrivals.look();
        assertThat(arrivals.waitsSince(space.id, waits.id())).isEmpty();
    }

    /// The log's writer tells of a commit and only then answers whoever asks: two who wait for each other would stop the space for good.
    @Test void a_commit_waits_for_nobody_who_looks() {
        var arrivals = new Arrivals(new ArrivalStore(store), clock::get);
        arrivals.follow(asked(() -> CompletableFuture.runAsync(() -> write(2_000)).orTimeout(20, TimeUnit.SECONDS).join()));
        long before = write(1_000);
        arrivals.look();
        assertThat(arrivals.of(space.id, before)).isEqualTo(new ArrivalStore.Arrived(1_000, 1_000));
        assertThat(arrivals.of(space.id, before + 1)).isEqualTo(new ArrivalStore.Arrived(2_000, 2_000));
    }

    /// The log, but something happens while it is asked what waits.
    private EventLog asked(Runnable meanwhile) {
        var happened = new AtomicBoolean();
        return (EventLog) Proxy.newProxyInstance(EventLog.class.getClassLoader(), new Class<?>[]{EventLog.class}, (_, method, arguments) -> {
            if (method.getName().equals("counts") && happened.compareAndSet(false, true)) meanwhile.run();
            return method.invoke(log, arguments);
        });
    }
}
