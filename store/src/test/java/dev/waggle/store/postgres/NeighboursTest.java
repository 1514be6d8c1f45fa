package dev.waggle.store.postgres;

import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.TestKeys;
import dev.waggle.core.log.TestSpace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/// Several processes of one hub in one database: what one of them writes the others know.
@Timeout(120)
class NeighboursTest {
    private static final long NOW = TestSpace.NOW;
    private static final long PATIENCE_S = 30;
    private static final long NEVER_MS = 3_600_000;
    private final TestKeys keys = new TestKeys();
    private final TestSpace space = new TestSpace();
    private final DatabaseAddress address = TestPostgres.database();

    private EventLog open(PostgresLogs logs) {
        return logs.open(space.id, keys, space::fresh);
    }

    private long write(EventLog log, String process, String text) {
        return log.write(new Author(space.owner.signer(), TestSpace.epoch(process)), List.of(new Draft("note_added", Json.object("text", text))), List.of(), Map.of(), NOW).getFirst().offset();
    }

    /// Offsets of a log as its listeners are told of them.
    private static LinkedBlockingQueue<Long> told(EventLog log) {
        var told = new LinkedBlockingQueue<Long>();
        log.onAppend(() -> told.add(log.state().lastOffset()));
        return told;
    }

    private static void await(LinkedBlockingQueue<Long> told, long offset) throws InterruptedException {
        for (Long last = 0L; last < offset; ) {
            last = told.poll(PATIENCE_S, TimeUnit.SECONDS);
            assertThat(last).as("nobody told of offset " + offset).isNotNull();
        }
    }

    @Test void what_one_process_writes_the_other_is_told_of() throws Exception {
        try (var first = TestPostgres.open(address); var second = TestPostgres.open(address)) {
            var unknown = new LinkedBlockingQueue<SpaceId>();
            first.watch(Optional.empty(), _ -> { }, NEVER_MS);
            second.watch(Optional.empty(), unknown::add, NEVER_MS);
            try (var one = open(first)) {
                one.append(List.of(space.genesis), NOW);
                assertThat(unknown.poll(PATIENCE_S, TimeUnit.SECONDS)).as("a log that is not open there").isEqualTo(space.id);
                try (var other = open(second)) {
                    var toldOne = told(one);
                    var toldOther = told(other);
                    await(toldOther, write(one, "first", "from the first"));
                    await(toldOne, write(other, "second", "from the second"));
                    assertThat(one.state().fingerprint()).isEqualTo(other.state().fingerprint());
                }
            }
        }
    }

    /// Nobody hears anything: the processes look by themselves.
    @Test void what_nobody_tells_of_is_noticed_all_the_same() throws Exception {
        var silent = new Silent();
        try (var first = TestPostgres.open(address); var second = TestPostgres.open(address); var one = open(first); var other = open(second)) {
            one.append(List.of(space.genesis), NOW);
            first.watch(Optional.of(silent), _ -> { });
            second.watch(Optional.of(silent), _ -> { });
            var told = told(other);
            await(told, write(one, "first", "not told"));
            assertThat(silent.tells).as("it was tried").hasPositiveValue();
        }
    }

    /// A log that was closed here is one of those that are not open.
    @Test void a_log_that_was_closed_is_offered_again_when_it_grows() throws Exception {
        try (var first = TestPostgres.open(address); var second = TestPostgres.open(address); var one = open(first)) {
            one.append(List.of(space.genesis), NOW);
            var unknown = new LinkedBlockingQueue<SpaceId>();
            open(second).close();
            second.watch(Optional.empty(), unknown::add);
            first.watch(Optional.empty(), _ -> { });
            write(one, "first", "more");
            assertThat(unknown.poll(PATIENCE_S, TimeUnit.SECONDS)).isEqualTo(space.id);
        }
    }

    /// Looking at a log means to open it, which writes: that must not be news for a process that does not keep it either.
    @Test void two_processes_that_look_at_a_log_and_do_not_keep_it_come_to_rest() throws Exception {
        try (var writer = TestPostgres.open(address); var first = TestPostgres.open(address); var second = TestPostgres.open(address); var log = open(writer)) {
            var looks = new LinkedBlockingQueue<PostgresLogs>();
            for (var process : List.of(first, second)) process.watch(Optional.empty(), _ -> {
                open(process).close();
                looks.add(process);
            }, 50);
            writer.watch(Optional.empty(), _ -> { }, NEVER_MS);
            log.append(List.of(space.genesis), NOW);
            for (int each = 0; each < 2; each++) assertThat(looks.poll(PATIENCE_S, TimeUnit.SECONDS)).isNotNull();
            assertThat(looks.poll(2, TimeUnit.SECONDS)).as("nobody looks again").isNull();
            write(log, "first", "more");
            for (int each = 0; each < 2; each++) assertThat(looks.poll(PATIENCE_S, TimeUnit.SECONDS)).as("it grew").isNotNull();
        }
    }

    @Test void what_is_heard_and_means_nothing_changes_nothing() {
        var ears = new LinkedBlockingQueue<Fanout.Ears>();
        try (var logs = TestPostgres.open(address); var log = open(logs)) {
            log.append(List.of(space.genesis), NOW);
            logs.watch(Optional.of((_, listening) -> {
                ears.add(listening);
                return new Silent().open("", listening);
            }), _ -> { });
            for (var message : List.of("", "x", "a b c", "process 1", "process -1 5", "process 99999999999999999999 1", "process 4711 9223372036854775807", "one two three four"))
                assertThatCode(() -> ears.element().heard(message)).doesNotThrowAnyException();
            assertThat(write(log, "first", "still works")).isEqualTo(2);
        }
    }

    @Test void nodes_at_another_process_are_known_until_it_says_otherwise() throws Exception {
        var one = new NodeId("01".repeat(32));
        var two = new NodeId("02".repeat(32));
        try (var first = TestPostgres.open(address); var second = TestPostgres.open(address)) {
            first.here(List.of(one, two));
            second.here(List.of(two));
            assertThat(second.elsewhere()).containsExactlyInAnyOrder(one, two);
            assertThat(first.elsewhere()).containsExactly(two);
            first.here(List.of(two));
            first.here(List.of(two));
            assertThat(second.elsewhere()).containsExactly(two);
            TestPostgres.sql(address, "DELETE FROM waggle.processes");             // as a crash of the server, or a long silence, does
            assertThat(second.elsewhere()).isEmpty();
            first.here(List.of(two));
            assertThat(second.elsewhere()).as("all is said again").containsExactly(two);
            first.here(List.of());
            assertThat(second.elsewhere()).isEmpty();
        }
    }

    /// A wire that carries nothing.
    private static final class Silent implements Fanout.Opener {
        final AtomicInteger tells = new AtomicInteger();

        @Override public Fanout open(String hub, Fanout.Ears ears) {
            return new Fanout() {
                @Override public void tell(String message) throws IOException {
                    tells.incrementAndGet();
                    throw new IOException("nobody listens");
                }

                @Override public void close() {
                    // nothing is open
                }
            };
        }
    }
}
