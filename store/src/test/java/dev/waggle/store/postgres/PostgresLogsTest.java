package dev.waggle.store.postgres;

import dev.waggle.core.event.Json;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogChecks;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.TestKeys;
import dev.waggle.core.log.TestSpace;
import dev.waggle.store.sql.LogScrub;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What only a database has: other processes, a server that dies, dumps that come back.
class PostgresLogsTest {
    private static final long NOW = TestSpace.NOW;
    private static final int ALL = 1 << 30;
    private final TestKeys keys = new TestKeys();
    private final TestSpace space = new TestSpace();

    private EventLog open(PostgresLogs logs) {
        return logs.open(space.id, keys, space::fresh);
    }

    private static Draft note(String text) {
        return new Draft("note_added", Json.object("text", text));
    }

    private static DatabaseAddress named(DatabaseAddress address, String name) {
        return new DatabaseAddress(address.url().replaceFirst("[^/]*$", name), address.user(), address.password());
    }

    @Test void of_two_processes_that_saw_one_mark_the_first_writes() {
        var address = TestPostgres.database();
        try (var first = TestPostgres.open(address); var second = TestPostgres.open(address); var one = open(first)) {
            one.append(List.of(space.genesis), NOW);
            try (var other = open(second)) {
                assertThat(one.writeIf("turn", Optional.empty(), space.owner, List.of(note("first")), Map.of("turn", new byte[] {1}), NOW)).isPresent();
                assertThat(other.writeIf("turn", Optional.empty(), space.owner, List.of(note("late")), Map.of("turn", new byte[] {2}), NOW)).isEmpty();
                assertThat(other.writeIf("turn", Optional.of(new byte[] {1}), space.owner, List.of(note("next")), Map.of("turn", new byte[] {2}), NOW)).isPresent();
            }
        }
    }

    /// Thirty-two writers over two processes' worth of pools, each with an author of its own chain, and a reader that must never see an offset before a smaller one.
    @Tag("L04") @Test void offsets_become_visible_in_their_order_whoever_writes() throws Exception {
        var address = TestPostgres.database();
        try (var first = TestPostgres.open(address); var second = TestPostgres.open(address); var one = open(first)) {
            one.append(List.of(space.genesis), NOW);
            var authors = new ArrayList<Author>();
            for (int i = 0; i < 32; i++) authors.add(new Author(space.owner.signer(), TestSpace.epoch("process " + i)));
            try (var other = open(second)) {
                var running = new AtomicBoolean(true);
                var wrong = new ConcurrentLinkedQueue<String>();
                var reader = Thread.ofPlatform().start(() -> {
                    while (running.get()) {
                        long expected = 1;
                        for (var entry : other.read(0, ALL, ALL)) if (entry.offset() != expected++) wrong.add("offset " + entry.offset() + " came before " + (expected - 1));
                    }
                });
                var written = new AtomicInteger();
                var threads = new ArrayList<Thread>();
                for (int i = 0; i < 32; i++) {
                    int number = i;
                    threads.add(Thread.ofPlatform().start(() -> {
                        for (int n = 0; n < 6; n++) {
                            (number % 2 == 0 ? one : other).write(authors.get(number), List.of(note(number + "." + n)), List.of(), Map.of(), NOW);
                            written.incrementAndGet();
                        }
                    }));
                }
                for (var thread : threads) thread.join();
                running.set(false);
                reader.join();
                assertThat(wrong).isEmpty();
                assertThat(written).hasValue(32 * 6);
                assertThat(one.read(0, ALL, ALL).stream().filter(entry -> entry instanceof Entry.Admitted admitted && admitted.event().type().equals("note_added"))).hasSize(32 * 6);
                one.release(NOW);
                other.release(NOW);
                assertThat(one.state().fingerprint()).as("who asks has what the other process wrote").isEqualTo(other.state().fingerprint());
            }
            try (var again = open(first)) {
                LogChecks.check(again);
            }
        }
    }

    /// Somebody else's lock keeps every connection that reads a log busy: who finds none free is told so within seconds, what a node makes "come again" of, and nothing is lost.
    @Tag("L05") @Test void without_a_free_connection_a_call_fails_in_time_and_the_others_go_on_when_there_is_one() throws Exception {
        var address = TestPostgres.database();
        try (var logs = TestPostgres.open(address); var log = open(logs)) {
            log.append(List.of(space.genesis), NOW);
            log.write(space.owner, List.of(note("kept")), List.of(), Map.of(), NOW);
            int callers = 20;
            var answers = new ConcurrentLinkedQueue<Object>();
            var threads = new ArrayList<Thread>();
            try (var lock = DriverManager.getConnection(address.url(), "postgres", "")) {
                lock.setAutoCommit(false);
                try (var statement = lock.createStatement()) {
                    statement.execute("LOCK TABLE " + PostgresLogs.SCHEMA + ".entries IN ACCESS EXCLUSIVE MODE");
                }
                for (int i = 0; i < callers; i++)
                    threads.add(Thread.ofPlatform().start(() -> {
                        try {
                            answers.add(log.read(0, ALL, ALL).size());
                        } catch (RuntimeException failed) {
                            answers.add(failed);
                        }
                    }));
                long began = System.nanoTime();
                while (answers.isEmpty()) {
                    assertThat(System.nanoTime() - began).as("ns until who found no connection was told").isLessThan(30_000_000_000L);
                    Thread.onSpinWait();
                }
                assertThat(answers).allSatisfy(each -> assertThat(each).isInstanceOf(LogUnavailable.class));
                lock.rollback();
            }
            for (var thread : threads) thread.join();
            assertThat(answers).hasSize(callers);
            assertThat(answers.stream().filter(Integer.class::isInstance)).as("who had one waited for the lock").isNotEmpty().containsOnly(2);
            log.write(space.owner, List.of(note("afterwards")), List.of(), Map.of(), NOW);
            assertThat(log.read(0, ALL, ALL)).hasSize(3);
        }
    }

    /// What the server is asked is answered from the disk after it was killed; a call in between fails and changes nothing that a retry could double.
    @Tag("S01") @Test void a_server_that_is_killed_loses_nothing_that_was_acknowledged(@TempDir Path folder) throws Exception {
        var data = folder.resolve("cluster");
        var server = server(data, 0);
        int port = server.getPort();
        try (var logs = TestPostgres.open(TestPostgres.address(port, "postgres")); var log = open(logs)) {
            log.append(List.of(space.genesis), NOW);
            var acknowledged = new ArrayList<String>();
            for (int round = 0; round < 2; round++) {
                var killed = new AtomicBoolean();
                int at = round;
                var killer = Thread.ofPlatform().start(() -> {
                    while (acknowledged.size() < 40 * (at + 1)) Thread.onSpinWait();
                    kill(data);
                    killed.set(true);
                });
                try {
                    for (int i = 0; ; i++) {
                        log.write(space.owner, List.of(note(round + "." + i)), List.of(), Map.of(), NOW);
                        acknowledged.add(round + "." + i);
                    }
                } catch (LogUnavailable expected) {
                    // the server is gone
                }
                killer.join();
                assertThat(killed).isTrue();
                server.close();                      // lets go of its folder
                server = server(data, port);
                awaitServer(logs);
                assertThat(texts(log)).containsAll(acknowledged).doesNotHaveDuplicates();
                log.write(space.owner, List.of(note("after " + round)), List.of(), Map.of(), NOW);
                acknowledged.add("after " + round);
            }
            LogChecks.check(log);
            assertThat(LogScrub.scan(logs.database(space.id), space.id, keys, space.owner.signer().node(), _ -> true, _ -> { }).clean()).isTrue();
        } finally {
            server.close();
        }
    }

    private static EmbeddedPostgres server(Path data, int port) throws Exception {
        var builder = EmbeddedPostgres.builder().setServerConfig("fsync", "on").setDataDirectory(data).setCleanDataDirectory(false);
        return (port == 0 ? builder : builder.setPort(port)).start();
    }

    private static void kill(Path data) {
        try {
            long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).getFirst());
            var children = ProcessHandle.of(pid).orElseThrow().descendants().toList();
            ProcessHandle.of(pid).orElseThrow().destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
            for (var child : children) child.onExit().join();
            ProcessHandle.of(pid).ifPresent(process -> process.onExit().join());
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void awaitServer(PostgresLogs logs) throws InterruptedException {
        for (long until = System.nanoTime() + 60_000_000_000L; ; ) {
            try (var other = logs.open(new TestSpace().id, keys, space::fresh)) {
                other.state();
                return;
            } catch (LogUnavailable e) {
                if (System.nanoTime() > until) throw e;
            }
        }
    }

    private static List<String> texts(EventLog log) {
        return log.read(0, ALL, ALL).stream().filter(Entry.Admitted.class::isInstance).map(entry -> ((Entry.Admitted) entry).event())
            .filter(event -> event.type().equals("note_added")).map(event -> event.body().text("text")).toList();
    }

    /// A copy of the database made by the server has other objects than the row in it says, as a restored dump has.
    @Tag("S09") @Test void a_database_that_came_back_from_a_dump_is_noticed_once() throws Exception {
        var address = TestPostgres.database();
        String before;
        try (var logs = TestPostgres.open(address); var log = open(logs)) {
            log.append(List.of(space.genesis), NOW);
            log.marks(Map.of("lineage", new byte[] {1}, "other", new byte[] {2}));
            assertThat(logs.isRestored()).isFalse();
            before = logs.incarnation();
        }
        try (var logs = TestPostgres.open(address)) {
            assertThat(logs.isRestored()).as("the same database").isFalse();
            assertThat(logs.incarnation()).isEqualTo(before);
        }
        var copy = address.url().replaceFirst(".*/", "") + "_copy";
        TestPostgres.sql(named(address, "postgres"), "CREATE DATABASE " + copy + " TEMPLATE " + address.url().replaceFirst(".*/", ""));
        try (var logs = PostgresLogs.open(named(address, copy), TestPostgres.NODE, () -> "22".repeat(16)); var log = open(logs)) {
            assertThat(logs.isRestored()).isTrue();
            assertThat(logs.incarnation()).isEqualTo("22".repeat(16)).isNotEqualTo(before);
            assertThat(log.mark("lineage")).as("so the node begins a new epoch").isEmpty();
            assertThat(log.mark("other")).isPresent();
        }
        try (var logs = TestPostgres.open(named(address, copy))) {
            assertThat(logs.isRestored()).as("said once").isFalse();
        }
    }

    @Test void a_database_serves_one_node() {
        var address = TestPostgres.database();
        TestPostgres.open(address).close();
        assertThatThrownBy(() -> PostgresLogs.open(address, "cd".repeat(32), () -> "33".repeat(16))).isInstanceOf(UnusableDatabase.class)
            .hasMessageContaining("holds the logs of node abababab").hasMessageContaining("a database of its own");
        TestPostgres.open(address).close();
    }

    @Test void a_database_of_a_newer_waggle_and_one_that_is_not_there_are_refused_with_a_reason() throws Exception {
        var address = TestPostgres.database();
        TestPostgres.open(address).close();
        TestPostgres.sql(address, "INSERT INTO waggle.migrations (installed_rank, version, description, type, script, checksum, installed_by, execution_time, success) "
            + "VALUES (9, '99', 'later', 'SQL', 'V99__later.sql', 1, 'postgres', 1, true)");
        assertThatThrownBy(() -> TestPostgres.open(address)).isInstanceOf(UnusableDatabase.class).hasMessageContaining("newer Waggle");
        assertThatThrownBy(() -> TestPostgres.open(named(address, "nobody_made_this"))).isInstanceOf(UnusableDatabase.class).hasMessageContaining("nobody_made_this");
        assertThatThrownBy(() -> PostgresLogs.open(DatabaseAddress.parse("jdbc:postgresql://me:secret@localhost:1/waggle", Optional.empty()), TestPostgres.NODE, () -> ""))
            .isInstanceOf(UnusableDatabase.class).hasMessageContaining("localhost:1").hasMessageNotContaining("secret");
    }

    @Test void a_damaged_event_is_found_in_the_database_and_mended() throws Exception {
        var address = TestPostgres.database();
        try (var logs = TestPostgres.open(address); var log = open(logs)) {
            log.append(List.of(space.genesis), NOW);
            log.write(space.owner, List.of(note("a"), note("b"), note("c")), List.of(), Map.of(), NOW);
            var good = ((Entry.Admitted) log.read(2, 1, ALL).getFirst()).event();
            TestPostgres.sql(address, "UPDATE waggle.entries SET payload = set_byte(payload, 40, 33) WHERE \"offset\" = 3");
            var place = logs.database(space.id);
            var found = LogScrub.scan(place, space.id, keys, space.owner.signer().node(), _ -> true, _ -> { });
            assertThat(found.damages()).hasSize(1);
            assertThat(LogScrub.repair(place, found.damages().getFirst(), Optional.of(good), keys)).isTrue();
            assertThat(LogScrub.scan(place, space.id, keys, space.owner.signer().node(), _ -> true, _ -> { }).clean()).isTrue();
            assertThat(texts(log)).containsExactly("a", "b", "c");
        }
    }
}
