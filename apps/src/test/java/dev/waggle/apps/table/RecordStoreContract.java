package dev.waggle.apps.table;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.EventId;
import dev.waggle.core.record.Value;
import dev.waggle.core.time.Hlc;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// What every [RecordStore] must do. The memory and the SQL store each extend it; the SQL one also reopens its file between the steps.
public abstract class RecordStoreContract {
    /// A new, empty store that can be written to.
    protected abstract RecordStore store() throws Exception;

    /// The same store after everything was made durable and forgotten; the memory store itself.
    protected abstract RecordStore again(RecordStore store) throws Exception;

    private static final ChainId CHAIN = new ChainId(TestNode.node(1), new Epoch("0".repeat(32)));

    private static EventId event(int number) {
        return new EventId(String.format("%064x", number));
    }

    private static Change change(int event, int item, RowChange.Kind kind, List<VersionId> base, SortedMap<String, Value> set, SortedMap<Integer, Long> refs) {
        return new Change(new Stamp(new Hlc(1_000 + event, item), TestNode.node(event % 3), new VersionId(event(event), item)), kind, "person", base, set, refs, true);
    }

    private static RecordState state(long number, RecordId id, Change change) {
        return new RecordState(number, id, Folded.inserted(change, change.refs()), new RecordState.Settled(RecordState.Status.SHOWN, false, false, Collections.emptySortedMap()));
    }

    @Test void a_record_is_found_by_the_event_that_created_it() throws Exception {
        var store = store();
        var id = RecordId.created(new VersionId(event(7), 2));
        assertThat(store.find(id)).isEmpty();
        long number = store.create(id);
        assertThat(store.find(id)).isEqualTo(OptionalLong.of(number));
        assertThat(store.get(number)).isEqualTo(RecordState.unknown(number, id));
        long other = store.create(new RecordId("k:[\"range\",\"m\"]"));
        store.addEvent(new EventLine(event(7), CHAIN, 0, 1, true, List.of(other, other, number)));
        store = again(store);
        assertThat(store.find(id)).isEqualTo(OptionalLong.of(number));
        assertThat(store.get(number)).isEqualTo(RecordState.unknown(number, id));
        assertThat(store.find(new RecordId("k:[\"range\",\"m\"]"))).isEqualTo(OptionalLong.of(other));
        assertThat(store.find(RecordId.created(new VersionId(event(7), 1)))).as("item 1 changed another record").isEmpty();
        assertThat(store.find(RecordId.created(new VersionId(event(7), 3)))).isEmpty();
        assertThat(store.find(new RecordId("k:[\"range\",\"n\"]"))).isEmpty();
    }

    @Test void a_record_that_is_only_referred_to_keeps_its_number_when_its_event_arrives() throws Exception {
        var store = store();
        var id = RecordId.created(new VersionId(event(9), 0));
        long number = store.create(id);
        store = again(store);
        assertThat(store.find(id)).isEqualTo(OptionalLong.of(number));
        assertThat(store.create(RecordId.created(new VersionId(event(9), 1)))).isGreaterThan(number);
        store.addEvent(new EventLine(event(9), CHAIN, 0, 1, true, List.of(number, number + 1)));
        store = again(store);
        assertThat(store.find(id)).isEqualTo(OptionalLong.of(number));
    }

    @Test void states_and_changes_come_back_as_they_were() throws Exception {
        var store = store();
        var id = RecordId.created(new VersionId(event(1), 0));
        long parent = store.create(new RecordId("k:[\"p\",1]"));
        long number = store.create(id);
        var row = TestTables.row("a", null, "b", -5, "c", 1.5, "d", "text", "e", new byte[] {0, -1}, "f", new Value.Real(-0.0), "g", Long.MIN_VALUE,
            "h", new Value.Text(new byte[] {-1, 0}), "i", Values.split(true, new byte[300_000]).value(), "", "an empty name");
        var insert = change(1, 0, RowChange.Kind.INSERT, List.of(), row, new TreeMap<>(java.util.Map.of(3, parent)));
        store.add(number, insert);
        store.put(state(number, id, insert));
        store.addEvent(new EventLine(event(1), CHAIN, 0, 1, true, List.of(number)));
        assertThat(store.shown(number)).hasValue(row);
        store = again(store);
        assertThat(store.shown(number)).hasValue(row);
        assertThat(store.get(number)).isEqualTo(state(number, id, insert));
        assertThat(store.changes(number)).containsExactly(insert);
        var update = change(2, 0, RowChange.Kind.UPDATE, List.of(insert.version()), TestTables.row("b", 6), Collections.emptySortedMap());
        store.add(number, update);
        assertThat(store.changes(number)).containsExactlyInAnyOrder(insert, update);
        assertThat(store.get(number)).as("adding a change leaves the state").isEqualTo(state(number, id, insert));
        var folded = store.get(number).folded();
        var odd = new RecordState(number, id, new Folded("person", folded.created(), Optional.of(update.stamp()), List.of(insert.version(), update.version()), false, false,
            TestTables.row("b", 6), new TreeMap<>(), true), new RecordState.Settled(RecordState.Status.KEPT_OUT, true, true, TestTables.row("b", 9)));
        store.put(odd);
        store = again(store);
        assertThat(store.shown(number)).isEmpty();
        assertThat(store.get(number)).isEqualTo(odd);
        store.put(new RecordState(number, id, odd.folded(), new RecordState.Settled(RecordState.Status.SHOWN, false, false, TestTables.row("b", 9))));
        store = again(store);
        assertThat(store.shown(number)).as("what it refers to has another key now").hasValue(TestTables.row("b", 9));
        store.put(odd);
        store.replace(number, List.of(insert.counting(false), update));
        store = again(store);
        assertThat(store.changes(number)).containsExactlyInAnyOrder(insert.counting(false), update);
        var found = new ArrayList<Long>();
        store.forEachOf("person", found::add);
        assertThat(found).containsExactly(number);
        var unsettled = store;
        assertThatThrownBy(() -> unsettled.get(99)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test void the_only_change_of_a_record_can_be_void_before_it_has_a_state() throws Exception {
        var store = store();
        long number = store.create(RecordId.created(new VersionId(event(1), 0)));
        var insert = change(1, 0, RowChange.Kind.INSERT, List.of(), TestTables.row("a", 1), Collections.emptySortedMap()).counting(false);
        store.add(number, insert);
        store = again(store);
        assertThat(store.changes(number)).containsExactly(insert);
        store.replace(number, List.of(insert.counting(true)));
        assertThat(store.changes(number)).containsExactly(insert.counting(true));
    }

    @Test void lines_of_events_are_found_by_id_chain_and_tip() throws Exception {
        var store = store();
        var first = new EventLine(event(1), CHAIN, 0, 1, true, List.of());
        var second = new EventLine(event(2), CHAIN, 0, 2, true, List.of(4L, 5L, 6L, 2L, 2L));
        var fork = new EventLine(event(3), CHAIN, 1, 2, false, List.of());
        for (var line : List.of(first, second, fork)) store.addEvent(line);
        store = again(store);
        assertThat(store.event(event(2))).contains(second);
        assertThat(store.event(event(4))).isEmpty();
        assertThat(store.events(CHAIN, 0, 1, 9)).containsExactly(first, second);
        assertThat(store.events(CHAIN, 0, 2, 2)).containsExactly(second);
        assertThat(store.tips(CHAIN)).extracting(EventLine::id).containsExactly(event(2), event(3));
        store.putEvent(new EventLine(event(2), CHAIN, 0, 2, false, second.records()));
        store = again(store);
        assertThat(store.event(event(2)).orElseThrow().counts()).isFalse();
        assertThat(store.tips(new ChainId(TestNode.node(2), new Epoch("0".repeat(32))))).isEmpty();
    }

    @Test void claims_are_listed_in_the_order_of_their_keys() throws Exception {
        var store = store();
        var numbers = new ArrayList<Long>();
        for (int i = 0; i < 1_200; i++) {
            numbers.add(0, (long) i + 1);
            store.claim(claim(5_000 - i), i + 1L);
        }
        store.claim(claim(5_000), 7);
        store.claim(KeyBytes.claim("persons", "", TestTables.key(1), List.of()), 8);
        store.claim(KeyBytes.claim("person", "name", TestTables.key(1), List.of()), 9);
        store = again(store);
        assertThat(store.claimants(claim(5_000))).containsExactly(1L, 7L);
        assertThat(store.claimants(claim(1))).isEmpty();
        numbers.add(7L);
        var found = new ArrayList<Long>();
        store.forEachClaim(KeyBytes.prefix("person", ""), found::add);
        assertThat(found).isEqualTo(numbers);
        var some = new ArrayList<Long>();
        store.forEachClaim(KeyBytes.prefix("person", ""), number -> some.add(number) && some.size() < 3);
        assertThat(some).isEqualTo(numbers.subList(0, 3));
        assertThat(store.lastClaimants(KeyBytes.prefix("person", ""))).containsExactly(1L, 7L);
        assertThat(store.lastClaimants(KeyBytes.prefix("nothing", ""))).isEmpty();
        store.unclaim(claim(5_000), 1);
        assertThat(store.claimants(claim(5_000))).containsExactly(7L);
    }

    private static byte[] claim(int key) {
        return KeyBytes.claim("person", "", TestTables.key(key), List.of("BINARY"));
    }

    @Test void links_conflicts_metas_and_the_cursor_are_kept() throws Exception {
        var store = store();
        store.link(1, 5);
        store.link(1, 3);
        store.link(1, 3);
        store.link(2, 4);
        store.unlink(2, 4);
        store.conflicted(9, true);
        store.conflicted(4, true);
        store.conflicted(9, true);
        store.conflicted(5, false);
        store.putMeta("fact/a", new byte[] {1});
        store.putMeta("fact/b", new byte[] {2});
        store.putMeta("facts", new byte[] {3});
        store.cursor(77);
        store = again(store);
        assertThat(store.children(1)).containsExactly(3L, 5L);
        assertThat(store.children(2)).isEmpty();
        assertThat(store.conflicted()).containsExactly(4L, 9L);
        assertThat(store.metas("fact/").keySet()).containsExactly("fact/a", "fact/b");
        assertThat(store.meta("facts")).contains(new byte[] {3});
        assertThat(store.meta("nothing")).isEmpty();
        assertThat(store.cursor()).isEqualTo(77);
    }
}
