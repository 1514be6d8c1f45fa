package dev.waggle.apps.table;

import dev.waggle.core.Property;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.log.Verdict;
import dev.waggle.core.record.Value;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

import static org.assertj.core.api.Assertions.assertThat;

/// Several nodes' programs write into the same small tables, often the same keys, and hear of one another now and then. Whatever a node then gets
/// in whatever order, it shows the same rows and the same conflicts as every other, and as the [Oracle]. The SQL store's tests extend it.
public class TableConvergenceTest {
    private final Map<ChunkId, byte[]> chunks = new HashMap<>();
    private int conflictsSeen;
    private int keptOutSeen;
    private int tiesSeen;

    /// Of the histories that a store with more costly transactions runs.
    protected int runs(int wanted) {
        return wanted;
    }

    protected RecordStore store() {
        return new MemoryRecordStore();
    }

    protected RowRules rules() {
        return TestTables.RULES;
    }

    @Tag("T07") @Tag("T09") @Test void every_order_of_arrival_gives_the_rows_of_the_oracle_under_merge() {
        Property.check(runs(400), random -> history(random, Policy.MERGE, 1, false));
        assertThat(conflictsSeen).as("the histories have conflicts").isGreaterThan(runs(400));
        assertThat(keptOutSeen).as("and records that are kept out").isGreaterThan(runs(400) / 2);
    }

    @Tag("T07") @Test void every_order_of_arrival_gives_the_rows_of_the_oracle_under_last_write() {
        Property.check(runs(150), random -> history(random, Policy.LAST_WRITE, 1, false));
    }

    @Tag("T07") @Test void every_order_of_arrival_gives_the_rows_of_the_oracle_under_union() {
        Property.check(runs(150), random -> history(random, Policy.UNION, 1, false));
    }

    /// Clocks that move once in twenty steps: most concurrent stamps are equal, and only origin and id tell them apart.
    @Tag("T01") @Tag("lesson-ties-keep-local") @Test void every_order_of_arrival_gives_the_rows_of_the_oracle_where_clocks_are_coarse() {
        Property.check(runs(120), random -> history(random, random.nextBoolean() ? Policy.MERGE : Policy.LAST_WRITE, 20, false));
        assertThat(tiesSeen).as("the histories have equal stamps").isGreaterThan(runs(120) * 2);
        assertThat(conflictsSeen).isGreaterThan(runs(120) / 2);
    }

    /// Insiders who were lowered, removed and taken in again: pieces of all chains are void, and verdicts change both ways before they stand.
    @Tag("T11") @Test void every_order_of_verdicts_gives_the_rows_of_the_oracle() {
        Property.check(runs(300), random -> history(random, List.of(Policy.MERGE, Policy.LAST_WRITE, Policy.UNION).get(random.nextInt(3)), 1, true));
    }

    /// @param stepsPerMs how many steps the clocks stand still
    /// @param insiders   pieces of all chains are void
    private void history(RandomGenerator random, Policy policy, int stepsPerMs, boolean insiders) {
        var nodes = new ArrayList<TestNode>();
        int count = random.nextInt(2, 4);
        for (int i = 0; i < count; i++) nodes.add(new TestNode(i, new MemoryRecordStore(), TestTables.RULES, chunks));
        var first = nodes.getFirst();
        if (policy != Policy.MERGE) {
            first.write(new dev.waggle.core.log.Draft("policy_changed", dev.waggle.core.event.Json.object("policy", policy.wire())), 1);
        }
        for (var schema : TestTables.ALL) first.write(ChangeSetCodec.schema(schema), 1);
        for (var node : nodes) node.pull(first);
        int steps = random.nextInt(5, 40);
        for (int step = 0; step < steps; step++) {
            var node = nodes.get(random.nextInt(count));
            if (random.nextInt(4) == 0) node.pull(nodes.get(random.nextInt(count)));
            else if (random.nextInt(6) == 0) resolveSomething(node, random, step / stepsPerMs);
            else new TestProgram(node, random).run(1_000 + step / stepsPerMs);
        }
        var all = new HashMap<EventId, Event>();
        for (var node : nodes) all.putAll(node.events);
        var events = new ArrayList<>(all.values());
        events.sort((a, b) -> a.id().compareTo(b.id()));
        tiesSeen += events.size() - (int) events.stream().map(event -> event.envelope().ts()).distinct().count();
        var voids = insiders ? voidPieces(nodes, random) : random.nextInt(3) == 0 ? voidSuffix(nodes.get(random.nextInt(count)), random) : Set.<EventId>of();
        var expected = Oracle.rows(events, voids, TestTables.ALL, TestTables.RULES, policy, chunk -> Optional.ofNullable(chunks.get(chunk)));
        List<Conflict> conflicts = null;
        for (int order = 0; order < 4; order++) {
            var view = arrive(events, voids, insiders, random);
            assertThat(TestNode.rows(view)).isEqualTo(expected);
            var seen = view.conflicts();
            if (conflicts == null) conflicts = seen;
            assertThat(seen).isEqualTo(conflicts);
        }
        conflictsSeen += conflicts.size();
        keptOutSeen += (int) conflicts.stream().filter(conflict -> conflict.kind() == Conflict.Kind.SAME_KEY).count();
        for (var conflict : conflicts) assertThat(conflict.others()).as("%s", conflict).isNotEmpty();
    }

    private static void resolveSomething(TestNode node, RandomGenerator random, long nowMs) {
        var conflicts = node.view.conflicts();
        if (conflicts.isEmpty()) return;
        var conflict = conflicts.get(random.nextInt(conflicts.size()));
        var how = switch (random.nextInt(4)) {
            case 0 -> new Resolution.TakeOther(Optional.empty());
            case 1 -> new Resolution.Restore(new TreeMap<>());
            default -> new Resolution.KeepShown();
        };
        List<RowChange> changes;
        try {
            changes = node.view.resolve(conflict.id(), how);
        } catch (ResolutionRefused _) {
            return;                                         // a refusal changes nothing
        }
        node.write(changes, 1_000 + nowMs);
        node.view.settle();
        if (node.view.policy("person") == Policy.UNION) return;     // another's decision has no effect there
        assertThat(node.view.conflicts().stream().map(Conflict::id)).as("settled: %s by %s", conflict, how).doesNotContain(conflict.id());
    }

    /// The last events of one node are found to be void.
    private static Set<EventId> voidSuffix(TestNode node, RandomGenerator random) {
        var voids = new HashSet<EventId>();
        var own = node.events.values().stream().filter(event -> event.chain().equals(node.chain) && event.type().equals("batch")).toList();
        if (own.isEmpty()) return voids;
        own.subList(random.nextInt(own.size()), own.size()).forEach(event -> voids.add(event.id()));
        return voids;
    }

    /// Of every chain some piece is void, its end or another one.
    private static Set<EventId> voidPieces(List<TestNode> nodes, RandomGenerator random) {
        var voids = new HashSet<EventId>();
        for (var node : nodes) {
            var own = node.events.values().stream().filter(event -> event.chain().equals(node.chain) && event.type().equals("batch")).toList();
            if (own.isEmpty()) continue;
            int from = random.nextInt(own.size());
            own.subList(from, random.nextInt(from, own.size()) + 1).forEach(event -> voids.add(event.id()));
        }
        return voids;
    }

    private TableView arrive(List<Event> events, Set<EventId> voids, boolean insiders, RandomGenerator random) {
        var target = new TestNode(99, store(), rules(), chunks);
        var shown = new TreeMap<String, SortedMap<String, Value>>();
        var waiting = new ArrayList<>(events);
        shuffle(waiting, random);
        boolean known = random.nextBoolean();                   // the verdict is there from the beginning, or comes later
        var pending = new ArrayList<Event>();
        while (!waiting.isEmpty()) {
            Event next = null;
            for (var event : waiting)                           // a chain arrives in order; everything else in any
                if (event.seq() == 1 || event.envelope().prev().map(target.events::containsKey).orElse(true)) next = next == null ? event : next;
            waiting.remove(next);
            boolean isVoid = voids.contains(next.id());
            target.receive(next, isVoid && known ? Verdict.VOID : Verdict.COUNTS);
            if (isVoid && !known) pending.add(next);
            if (insiders && random.nextInt(3) == 0) {
                var some = target.events.values().stream().skip(random.nextInt(target.events.size())).filter(event -> event.type().equals("batch")).findFirst();
                some.ifPresent(event -> target.judge(event.chain(), 0, event.seq(), event.seq(), random.nextBoolean() ? Verdict.VOID : Verdict.COUNTS));
                some.ifPresent(pending::add);
            }
            if (!pending.isEmpty() && random.nextInt(3) == 0) judge(target, pending, voids);
            if (random.nextInt(3) == 0) {
                follow(shown, target.view.settle());
                if (random.nextInt(4) == 0) target.open();      // a restart
            }
            if (random.nextInt(10) == 0) target.applyAgain(next, random.nextBoolean());      // I3
        }
        judge(target, pending, voids);
        follow(shown, target.view.settle());
        assertThat(shown).as("what settle() said adds up").isEqualTo(TestNode.rows(target.view));
        assertThat(target.view.quarantined()).isEmpty();
        return target.view;
    }

    private static void judge(TestNode target, List<Event> pending, Set<EventId> voids) {
        for (var event : pending) target.judge(event.chain(), 0, event.seq(), event.seq(), voids.contains(event.id()) ? Verdict.VOID : Verdict.COUNTS);
        pending.clear();
    }

    static void follow(Map<String, SortedMap<String, Value>> rows, List<TableView.Shown> changes) {
        for (var change : changes) {
            var name = change.table() + " " + change.record();
            assertThat(Optional.ofNullable(rows.get(name))).isEqualTo(change.before());
            assertThat(change.before()).isNotEqualTo(change.after());
            change.after().ifPresentOrElse(row -> rows.put(name, row), () -> rows.remove(name));
        }
    }

    private static void shuffle(List<Event> events, RandomGenerator random) {
        for (int i = events.size() - 1; i > 0; i--) Collections.swap(events, i, random.nextInt(i + 1));
    }
}
