package dev.waggle.store.sql;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.PayloadTooLarge;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Compaction;
import dev.waggle.core.log.DamagedLog;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.CoordinatorContract;
import dev.waggle.core.log.LogChecks;
import dev.waggle.core.log.LogUnavailable;
import dev.waggle.core.log.Segment;
import dev.waggle.core.log.TestSpace;
import dev.waggle.core.log.Tip;
import dev.waggle.store.sqlite.UnusableFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.LongStream;

import static dev.waggle.core.log.TestSpace.NOW;
import static dev.waggle.core.log.TestSpace.draft;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

class SqlEventLogTest extends CoordinatorContract {
    @TempDir Path folder;
    private int files;

    @Override protected EventLog open(SpaceId id, Verifier verifier, Supplier<Epoch> fresh) {
        return SqlEventLog.open(folder.resolve("log-" + files++ + ".sqlite"), id, verifier, fresh);
    }

    @Override protected int permutations() {
        return 15;
    }

    private EventLog reopen(Path file) {
        return SqlEventLog.open(file, space.id, keys, space::fresh);
    }

    private void sql(Path file, String statement) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file); var execute = connection.createStatement()) {
            execute.executeUpdate(statement);
        }
    }

    @Test void a_log_is_the_same_after_a_restart_and_goes_on_the_same_way() {
        dev.waggle.core.Property.check(10, random -> {
            var events = new ArrayList<>(history(new Random(random.nextLong())));
            Collections.shuffle(events, new Random(random.nextLong()));
            var future = space.after(null, space.writer).epoch(TestSpace.epoch("ahead")).control(added).at(NOW + 3_600_000).event();
            events.add(random.nextInt(events.size()), future);
            var file = folder.resolve("restart-" + files++ + ".sqlite");
            var steady = empty();
            var restarted = reopen(file);
            for (int from = 0; from < events.size(); ) {
                int to = Math.min(events.size(), from + 1 + random.nextInt(10));
                steady.append(events.subList(from, to), NOW);
                restarted.append(events.subList(from, to), NOW);
                from = to;
                if (random.nextInt(2) != 0) continue;
                restarted.close();
                restarted = reopen(file);
                assertThat(restarted.counts()).isEqualTo(steady.counts());
                assertThat(restarted.state()).isEqualTo(steady.state());
                assertThat(restarted.waiting(1_000)).isEqualTo(steady.waiting(1_000));
            }
            assertThat(restarted.release(NOW + 3_600_000)).isEqualTo(steady.release(NOW + 3_600_000));
            LogChecks.check(restarted);
            assertThat(LogChecks.verdicts(restarted)).isEqualTo(LogChecks.verdicts(steady));
            restarted.close();
            closeAll();
        });
    }

    @Test void a_restarted_node_continues_its_chain_and_remembers_a_rebase() {
        var file = folder.resolve("chain.sqlite");
        var log = SqlEventLog.create(file, space.genesis, keys, space::fresh, NOW);
        log.write(space.owner, List.of(draft("a year ahead")), List.of(), Map.of(), NOW + 365L * 86_400_000);
        var rebased = log.write(space.owner, List.of(draft("now")), List.of(), Map.of("m", new byte[] {1}), NOW).getFirst().event();
        log.close();
        var again = reopen(file);
        var next = again.write(space.owner, List.of(draft("on")), List.of(), Map.of(), NOW).getFirst().event();
        assertThat(next.chain()).isEqualTo(rebased.chain());
        assertThat(next.seq()).isEqualTo(rebased.seq() + 1);
        assertThat(again.mark("m")).contains(new byte[] {1});
        again.close();
    }

    @Tag("T04") @Test void a_clock_that_went_back_over_a_restart_stamps_above_what_was_written() {
        var file = folder.resolve("clock.sqlite");
        var log = SqlEventLog.create(file, space.genesis, keys, space::fresh, NOW);
        var before = log.write(space.owner, List.of(draft("before")), List.of(), Map.of(), NOW).getFirst().event();
        log.close();
        try (var again = reopen(file)) {
            var stamps = new ArrayList<>(List.of(before.envelope().ts()));
            for (long nowMs : new long[] {NOW - 240_000, NOW - 240_000, NOW - 60_000, NOW, NOW + 1})
                stamps.add(again.write(space.owner, List.of(draft("at " + nowMs)), List.of(), Map.of(), nowMs).getFirst().event().envelope().ts());
            assertThat(stamps).isSorted().doesNotHaveDuplicates();
            assertThat(stamps.getLast().wallMs()).as("nothing dragged it along").isEqualTo(NOW + 1);
            var elsewhere = empty();
            elsewhere.append(again.readMissing(List.of(), 0, ALL, ALL).events(), NOW);
            assertThat(elsewhere.state().fingerprint()).isEqualTo(again.state().fingerprint());
        }
    }

    /// SQLite can begin its journal anew only when no reader needs what is in it. Readers of a log never pause in this test.
    @Tag("S06") @Test void the_journal_stays_bounded_beside_readers_that_never_pause() throws Exception {
        var file = folder.resolve("busy.sqlite");
        var database = SqliteLog.at(file, 50);
        var log = new SqlEventLog(space.id, keys, space::fresh, database);
        log.append(List.of(space.genesis), NOW);
        var running = new java.util.concurrent.atomic.AtomicBoolean(true);
        var readers = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++)
            readers.add(Thread.ofPlatform().start(() -> {
                while (running.get()) log.readMissing(List.of(), 0, 200, ALL);
            }));
        boolean shrank = false;
        try {
            var drafts = Collections.nCopies(20, new Draft("note_added", Json.object("text", "x".repeat(2_000))));
            long deadline = System.nanoTime() + 60_000_000_000L;
            for (long largest = 0; !shrank && System.nanoTime() < deadline; ) {
                log.write(space.owner, drafts, List.of(), Map.of(), NOW);
                long size = Files.size(Path.of(file + "-wal"));
                shrank = size < largest / 2;
                largest = Math.max(largest, size);
            }
        } finally {
            running.set(false);
        }
        for (var reader : readers) reader.join();
        assertThat(shrank).as("the journal began anew").isTrue();
        log.close();
    }

    @Tag("S01") @Tag("S05") @Test void what_was_not_committed_is_not_there_and_the_log_works_again() throws Exception {
        var file = folder.resolve("crash.sqlite");
        var database = new FaultyDatabase(SqliteLog.at(file));
        var log = new SqlEventLog(space.id, keys, space::fresh, database);
        log.append(List.of(space.genesis), NOW);
        var told = new ArrayList<String>();
        log.onAppend(() -> told.add("told"));
        database.failCommits = true;
        assertThatThrownBy(() -> log.write(space.owner, List.of(draft("lost")), List.of(), Map.of("m", new byte[1]), NOW))
            .isInstanceOf(LogUnavailable.class);
        assertThatThrownBy(() -> log.append(List.of(added), NOW)).isInstanceOf(LogUnavailable.class);
        assertThat(told).isEmpty();
        assertThat(log.state().lastOffset()).isEqualTo(1);
        assertThat(log.read(0, 10, ALL)).hasSize(1);
        assertThat(log.mark("m")).isEmpty();
        database.failCommits = false;
        var written = log.write(space.owner, List.of(draft("kept")), List.of(), Map.of(), NOW).getFirst();
        assertThat(written.event().seq()).as("the lost event's number is free: nobody saw it").isEqualTo(2);
        assertThat(log.counts().received()).isEqualTo(2);
        LogChecks.check(log);
        log.close();
    }

    @Tag("S05") @Test void a_full_disk_fails_the_writes_and_the_log_works_again_when_there_is_space() throws Exception {
        var database = new FaultyDatabase(SqliteLog.at(folder.resolve("full.sqlite")));
        var log = new SqlEventLog(space.id, keys, space::fresh, database);
        log.append(List.of(space.genesis), NOW);
        database.disk(true);
        log.close();
        var tight = new SqlEventLog(space.id, keys, space::fresh, database);
        var big = new Draft("note_added", Json.object("text", "x".repeat(60_000)));
        assertThatThrownBy(() -> {
            for (int i = 0; i < 10; i++) tight.write(space.owner, List.of(big), List.of(), Map.of(), NOW);
        }).isInstanceOf(LogUnavailable.class).hasMessageContaining("full");
        long kept = tight.state().lastOffset();
        assertThat(tight.read(0, 100, ALL)).hasSize((int) kept);
        assertThatThrownBy(() -> tight.putChunks(List.of(Chunk.of(new byte[200_000])), NOW)).isInstanceOf(LogUnavailable.class);
        database.disk(false);
        assertThat(tight.write(space.owner, List.of(big), List.of(), Map.of(), NOW).getFirst().offset()).isEqualTo(kept + 1);
        LogChecks.check(tight);
        tight.close();
    }

    @Tag("S13") @Test void a_machine_that_is_exhausted_fails_what_was_called_and_not_what_is_called_next() throws Exception {
        var database = new FaultyDatabase(SqliteLog.at(folder.resolve("exhausted.sqlite")));
        var log = new SqlEventLog(space.id, keys, space::fresh, database);
        log.append(List.of(space.genesis), NOW);
        database.exhausted = true;
        assertThatThrownBy(() -> assertTimeoutPreemptively(Duration.ofSeconds(30), () -> log.append(List.of(added), NOW))).isInstanceOf(LogUnavailable.class);
        database.exhausted = false;
        assertThat(log.append(List.of(added), NOW)).singleElement().isInstanceOf(Admission.Accepted.class);
        log.close();
    }

    /// Whoever follows the log asks next for what comes after the last entry: one that was left out never comes.
    @Test void what_is_appended_while_a_page_is_read_is_on_it_as_a_whole_or_on_the_next() throws Exception {
        var database = new FaultyDatabase(SqliteLog.at(folder.resolve("between.sqlite")));
        try (var log = new SqlEventLog(space.id, keys, space::fresh, database)) {
            log.append(List.of(space.genesis), NOW);
            log.write(space.owner, List.of(draft("a year ahead")), List.of(), Map.of(), NOW + 365L * 86_400_000);
            long before = log.state().lastOffset();
            database.beforeChangesAreRead(() -> log.write(space.owner, List.of(draft("now")), List.of(), Map.of(), NOW));
            var offsets = new ArrayList<Long>();
            for (var page = log.read(0, 100, ALL); !page.isEmpty(); page = log.read(offsets.getLast(), 100, ALL)) page.forEach(entry -> offsets.add(entry.offset()));
            assertThat(log.read(before, 100, ALL)).as("what was stamped a year ahead is void now").anyMatch(Entry.VerdictChanged.class::isInstance);
            assertThat(offsets).containsExactlyElementsOf(LongStream.rangeClosed(1, log.state().lastOffset()).boxed().toList());
        }
    }

    @Test void many_waiting_callers_share_one_commit_and_a_refused_one_harms_nobody() throws Exception {
        var database = new FaultyDatabase(SqliteLog.at(folder.resolve("group.sqlite")));
        var log = new SqlEventLog(space.id, keys, space::fresh, database);
        log.append(List.of(space.genesis), NOW);
        database.commits = 0;
        database.holdCommits = new CountDownLatch(1);
        int before = database.commits;
        var threads = new ArrayList<Thread>();
        var refused = Collections.synchronizedList(new ArrayList<Throwable>());
        var offsets = Collections.synchronizedList(new ArrayList<Long>());
        for (int i = 0; i < 40; i++) {
            var text = i % 10 == 9 ? "x".repeat(70_000) : "note " + i;
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    offsets.add(log.write(space.owner, List.of(draft(text)), List.of(), Map.of(), NOW).getFirst().offset());
                } catch (RuntimeException e) {
                    refused.add(e);
                }
            }));
        }
        awaitWaiting(threads);
        database.holdCommits.countDown();
        for (var thread : threads) thread.join();
        assertThat(offsets).hasSize(36).doesNotHaveDuplicates();
        assertThat(refused).hasSize(4).allMatch(PayloadTooLarge.class::isInstance);
        assertThat(database.commits - before).as("the first group, then the rest").isLessThanOrEqualTo(3);
        LogChecks.check(log);
        log.close();
        assertThatThrownBy(() -> log.append(List.of(added), NOW)).isInstanceOf(LogUnavailable.class).hasMessageContaining("closed");
    }

    @Test void writes_of_one_author_that_wait_together_share_a_signature_and_keep_their_order_and_marks() throws Exception {
        var database = new FaultyDatabase(SqliteLog.at(folder.resolve("together.sqlite")));
        var log = new SqlEventLog(space.id, keys, space::fresh, database);
        log.append(List.of(space.genesis), NOW);
        database.commits = 0;
        database.holdCommits = new CountDownLatch(1);
        var first = Thread.ofVirtual().start(() -> log.write(space.owner, List.of(draft("alone")), List.of(), Map.of(), NOW));
        awaitHeld(database);
        var threads = new ArrayList<Thread>();
        var answers = new ArrayList<List<Entry.Admitted>>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            answers.add(List.of());
            threads.add(Thread.ofVirtual().start(() -> answers.set(number, log.write(space.owner, List.of(draft("a " + number), draft("b " + number)), List.of(),
                Map.of("last", new byte[] {(byte) number}, "mark " + number, new byte[] {1}), NOW))));
            awaitWaiting(threads);                       // one after the other, so that their order is known
        }
        database.holdCommits.countDown();
        for (var thread : threads) thread.join();
        long offset = log.state().lastOffset() - 40;
        for (int i = 0; i < 20; i++) {
            assertThat(answers.get(i)).extracting(entry -> entry.event().body().text("text")).containsExactly("a " + i, "b " + i);
            assertThat(answers.get(i)).extracting(Entry::offset).containsExactly(++offset, ++offset);
            assertThat(log.mark("mark " + i)).isPresent();
        }
        assertThat(log.mark("last")).hasValueSatisfying(value -> assertThat(value).containsExactly(19));
        assertThat(log.read(0, 100, ALL).stream().filter(entry -> entry instanceof Entry.Admitted event && event.event().signature().isPresent()))
            .as("the genesis, the one alone, and the run").hasSize(3);
        LogChecks.check(log);
        log.close();
    }

    /// A peer that sends nonsense must not make this node's own writes fail.
    @Tag("A05") @Test void a_segment_that_does_not_fit_is_refused_by_name_and_harms_no_write_of_its_group() throws Exception {
        var whole = reopen(folder.resolve("whole.sqlite"));
        whole.append(List.of(space.genesis, added), NOW);
        var checkpoint = new Compaction(whole, _ -> { }).write(new Author(space.owner.signer(), TestSpace.epoch("second")), NOW).orElseThrow().event();
        new Compaction(whole, _ -> { }).condense(checkpoint.id());
        var id = ChunkId.of(Arrays.copyOf(whole.chunk(checkpoint.chunks().getLast()).orElseThrow(), 32));
        var segment = Segment.read(space.id, new Chunk(id, whole.chunk(id).orElseThrow()));
        whole.close();
        var database = new FaultyDatabase(SqliteLog.at(folder.resolve("refused.sqlite")));
        var log = new SqlEventLog(space.id, keys, space::fresh, database);
        log.append(List.of(space.genesis), NOW);
        database.commits = 0;
        database.holdCommits = new CountDownLatch(1);
        var threads = new ArrayList<>(List.of(Thread.ofVirtual().start(() -> log.write(space.owner, List.of(draft("alone")), List.of(), Map.of(), NOW))));
        awaitHeld(database);
        var failed = Collections.synchronizedList(new ArrayList<Throwable>());
        for (Runnable call : List.<Runnable>of(() -> log.write(space.owner, List.of(draft("before")), List.of(), Map.of(), NOW),
            () -> log.adopt(segment, Map.of(), NOW), () -> log.write(space.owner, List.of(draft("after")), List.of(), Map.of(), NOW))) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    call.run();
                } catch (RuntimeException e) {
                    failed.add(e);
                }
            }));
            awaitWaiting(threads);
        }
        database.holdCommits.countDown();
        for (var thread : threads) thread.join();
        assertThat(failed).singleElement().isInstanceOf(MalformedPayload.class);
        assertThat(log.state().lastOffset()).isEqualTo(4);
        LogChecks.check(log);
        log.close();
    }

    /// The writer has taken what was called and holds its commit: what comes now is the next group.
    private static void awaitHeld(FaultyDatabase database) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (database.commits == 0 && System.nanoTime() < deadline) Thread.onSpinWait();
    }

    private static void awaitWaiting(List<Thread> threads) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (threads.stream().anyMatch(thread -> thread.getState() != Thread.State.WAITING) && System.nanoTime() < deadline) Thread.onSpinWait();
    }

    @Tag("W06") @Test void the_file_is_private_and_every_commit_is_synced() throws Exception {
        var file = folder.resolve("private.sqlite");
        reopen(file).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
    }

    @Tag("S11") @Test void what_is_no_log_of_this_space_is_refused_by_name() throws Exception {
        var text = Files.writeString(folder.resolve("text"), "this is no database, whatever its name says. ".repeat(40));
        assertThatThrownBy(() -> reopen(text)).isInstanceOf(UnusableFile.class).hasMessageContaining("no SQLite database");
        var foreign = folder.resolve("foreign.sqlite");
        sql(foreign, "CREATE TABLE recipes (name TEXT)");
        assertThatThrownBy(() -> reopen(foreign)).isInstanceOf(UnusableFile.class).hasMessageContaining("another program");
        var newer = folder.resolve("newer.sqlite");
        reopen(newer).close();
        sql(newer, "PRAGMA user_version = 2");
        assertThatThrownBy(() -> reopen(newer)).isInstanceOf(UnusableFile.class).hasMessageContaining("newer Waggle");
        var other = folder.resolve("other.sqlite");
        reopen(other).close();
        assertThatThrownBy(() -> SqlEventLog.open(other, new SpaceId("ab".repeat(32)), keys, space::fresh)).isInstanceOf(UnusableFile.class)
            .hasMessageContaining("another space");
    }

    @Tag("S03") @Test void a_damaged_event_is_never_served_and_what_follows_it_still_is() throws Exception {
        var file = folder.resolve("damaged.sqlite");
        var log = reopen(file);
        var chain = space.chain(null, space.writer, 9, List.of(added.id()));
        log.append(List.of(space.genesis, added), NOW);
        for (int i = 0; i < 9; i += 3) log.append(chain.subList(i, i + 3), NOW);
        sql(file, "UPDATE entries SET payload = CAST(replace(payload, 'event 4', 'EVENT 4') AS BLOB) WHERE seq = 5 AND branch = 2");
        var served = log.readMissing(List.of(), 2, ALL, ALL).events();
        var whole = new ArrayList<>(chain);
        whole.subList(3, 5).clear();
        assertThat(served).as("without 4, which nothing vouches for now").isEqualTo(whole);
        assertThatThrownBy(() -> log.read(0, 100, ALL)).isInstanceOf(DamagedLog.class).hasMessageContaining("offset 7");
        var copy = empty();
        copy.append(List.of(space.genesis, added), NOW);
        copy.append(served, NOW);
        assertThat(copy.counts().rejected()).isZero();
        assertThat(copy.waiting(10)).extracting(Admission::event).containsExactly(chain.get(5), chain.get(6), chain.get(7), chain.get(8));
        log.close();
    }

    @Test void ten_events_lacking_among_many_are_found_in_both_ways_of_reading() {
        var log = open();
        var chain = space.chain(null, space.writer, 300, List.of(added.id()));
        var others = space.chain(added, space.owner, 300, List.of(added.id()));
        for (int i = 0; i < 300; i++) log.append(List.of(chain.get(i), others.get(i)), NOW);
        var tips = new ArrayList<>(log.state().tips());
        tips.replaceAll(tip -> {
            var events = one(tip, chain) ? chain : others;
            return new Tip(tip.chain(), 0, tip.seq() - 10, events.get(events.size() - 11).id(), tip.ts());
        });
        var expected = new ArrayList<Event>();
        for (int i = 290; i < 300; i++) expected.addAll(List.of(chain.get(i), others.get(i)));
        assertThat(log.readMissing(tips, 0, ALL, ALL).events()).isEqualTo(expected);
        assertThat(log.readMissing(tips, 590, ALL, ALL).events()).as("by walking").isEqualTo(expected.subList(8, 20));
        assertThat(log.find(chain.get(150).id()).orElseThrow().event()).isEqualTo(chain.get(150));
    }

    @Test void events_are_found_by_the_beginning_of_their_ids_in_the_index_and_behind_its_end() {
        var log = open();
        var chain = space.chain(null, space.writer, 1_300, List.of(added.id()));
        log.append(chain.subList(0, 700), NOW);
        log.append(chain.subList(700, 1_290), NOW);
        for (int round = 0; round < 2; round++) {
            for (int i : new int[] {0, 700, round == 0 ? 1_289 : 1_299}) {
                var hex = chain.get(i).id().hex();
                for (int digits : new int[] {1, 4, 15, 16, 17, 63, 64})
                    assertThat(log.findAll(hex.substring(0, digits), 2_000)).as(digits + " digits of " + i).extracting(entry -> entry.event().id().hex())
                        .contains(hex).allMatch(id -> id.startsWith(hex.substring(0, digits)))
                        .hasSize((int) chain.subList(0, round == 0 ? 1_290 : 1_300).stream().map(event -> event.id().hex()).filter(id -> id.startsWith(hex.substring(0, digits))).count()
                            + (int) List.of(space.genesis, added).stream().filter(event -> event.id().hex().startsWith(hex.substring(0, digits))).count());
            }
            log.append(chain.subList(1_290, 1_300), NOW);
        }
    }

    private static boolean one(Tip tip, List<Event> chain) {
        return chain.getFirst().chain().equals(tip.chain());
    }
}
