package dev.waggle.store.view;

import dev.waggle.apps.table.MemoryRecordStore;
import dev.waggle.apps.table.Change;
import dev.waggle.apps.table.Folded;
import dev.waggle.apps.table.RecordId;
import dev.waggle.apps.table.RecordState;
import dev.waggle.apps.table.RecordStore;
import dev.waggle.apps.table.RowChange;
import dev.waggle.apps.table.Stamp;
import dev.waggle.apps.table.VersionId;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.record.Value;
import dev.waggle.core.time.Hlc;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/// What is kept back and written in pages answers as if everything had been written at once: the SQL store against the one in memory, on seeded random
/// work that fills tables in order, out of order and between, takes keys back, commits, rolls back and opens the file again.
class PagedStoreTest {
    private static final List<byte[]> PREFIXES = List.of(new byte[] {'a', 0}, new byte[] {'b', 0}, new byte[] {'c', 0});

    @TempDir Path folder;

    @Test void pages_answer_as_single_rows_would() {
        for (int seed = 1; seed <= 40; seed++) new Run(seed, SqlRecordStore.open(folder.resolve("view-" + seed + ".sqlite"))).play();
    }

    private final class Run {
        private final int seed;
        private final Random random;
        private final RecordStore memory = new MemoryRecordStore();
        private final List<byte[]> claimed = new ArrayList<>();
        private final List<Long> claimants = new ArrayList<>();
        private SqlRecordStore stored;
        private long records;
        private int next;

        Run(int seed, SqlRecordStore stored) {
            this.seed = seed;
            this.random = new Random(seed);
            this.stored = stored;
        }

        void play() {
            stored.begin();
            for (int step = 0; step < 60; step++) {
                switch (random.nextInt(8)) {
                    case 0, 1 -> fill(1 + random.nextInt(300), true);
                    case 2 -> fill(1 + random.nextInt(100), false);
                    case 3 -> takeBack(random.nextInt(60));
                    case 4 -> change(random.nextInt(40));
                    case 5 -> {
                        stored.commit();
                        if (random.nextBoolean()) reopen();
                        stored.begin();
                    }
                    default -> contend(random.nextInt(20));
                }
                if (step % 6 == 5) check();
            }
            stored.commit();
            reopen();
            stored.begin();
            check();
            stored.close();
        }

        private void reopen() {
            stored.close();
            stored = SqlRecordStore.open(folder.resolve("view-" + seed + ".sqlite"));
        }

        private void fill(int rows, boolean inOrder) {
            int prefix = random.nextInt(PREFIXES.size());
            for (int i = 0; i < rows; i++) {
                long number = record("t" + (random.nextInt(50) == 0 ? 1 : prefix));
                claim(key(prefix, inOrder ? 1_000_000 + next++ * 3 : random.nextInt(2_000_000)), number);
            }
        }

        private long record(String table) {
            var id = RecordId.created(new VersionId(new EventId("%064x".formatted(records++)), 0));
            long number = memory.create(id);
            assertThat(stored.create(id)).isEqualTo(number);
            put(number, id, table, 0);
            return number;
        }

        private void put(long number, RecordId id, String table, int value) {
            var change = new Change(new Stamp(new Hlc(1_000 + value, 0), new NodeId("0".repeat(64)), new VersionId(new EventId("%064x".formatted(number)), value)),
                RowChange.Kind.INSERT, table, List.of(), new TreeMap<>(java.util.Map.of("v", new Value.Int(value))), Collections.emptySortedMap(), true);
            memory.add(number, change);
            stored.add(number, change);
            var folded = new Folded(table, Optional.of(change.stamp()), Optional.of(change.stamp()), List.of(change.version()), true, true, change.set(), change.refs(), false);
            var state = new RecordState(number, id, folded, new RecordState.Settled(RecordState.Status.SHOWN, false, false, Collections.emptySortedMap()));
            memory.put(state);
            stored.put(state);
        }

        private byte[] key(int prefix, int value) {
            return ByteBuffer.allocate(6).put(PREFIXES.get(prefix)).putInt(value).array();
        }

        private void claim(byte[] key, long number) {
            if (memory.claimants(key).contains(number)) return;
            boolean others = !memory.claimants(key).isEmpty();
            memory.claim(key, number);
            assertThat(stored.claim(key, number) || !others).as("seed %d", seed).isTrue();
            claimed.add(key);
            claimants.add(number);
        }

        private void contend(int times) {
            for (int i = 0; i < times && !claimed.isEmpty(); i++) claim(claimed.get(random.nextInt(claimed.size())), 1 + random.nextLong(records));
        }

        private void takeBack(int times) {
            for (int i = 0; i < times && !claimed.isEmpty(); i++) {
                int at = random.nextInt(claimed.size());
                memory.unclaim(claimed.get(at), claimants.get(at));
                stored.unclaim(claimed.get(at), claimants.get(at));
                claimed.remove(at);
                claimants.remove(at);
            }
        }

        private void change(int times) {
            for (int i = 0; i < times && records > 0; i++) {
                long number = 1 + random.nextLong(records);
                var state = memory.get(number);
                put(number, state.id(), state.folded().table(), 1 + random.nextInt(1_000));
            }
        }

        private void check() {
            for (long number = 1; number <= records; number += 1 + random.nextInt(9)) {
                assertThat(stored.get(number)).as("seed %d, record %d", seed, number).isEqualTo(memory.get(number));
                assertThat(stored.changes(number)).hasSameElementsAs(memory.changes(number));
            }
            for (int i = 0; i < 50 && !claimed.isEmpty(); i++) {
                var key = claimed.get(random.nextInt(claimed.size()));
                assertThat(stored.claimants(key)).as("seed %d", seed).isEqualTo(memory.claimants(key));
                key = key(random.nextInt(3), random.nextInt(2_000_000));
                assertThat(stored.claimants(key)).as("seed %d", seed).isEqualTo(memory.claimants(key));
            }
            for (var prefix : PREFIXES) {
                assertThat(walk(stored, prefix)).as("seed %d", seed).isEqualTo(walk(memory, prefix));
                assertThat(stored.lastClaimants(prefix)).as("seed %d", seed).isEqualTo(memory.lastClaimants(prefix));
            }
            for (var table : List.of("t0", "t1", "t2", "t3")) {
                assertThat(all(stored, table)).as("seed %d, table %s", seed, table).isEqualTo(all(memory, table));
            }
        }

        private List<Long> walk(RecordStore store, byte[] prefix) {
            var found = new ArrayList<Long>();
            store.forEachClaim(prefix, found::add);
            return found;
        }

        private List<Long> all(RecordStore store, String table) {
            var found = new ArrayList<Long>();
            store.forEachOf(table, found::add);
            return found;
        }
    }
}
