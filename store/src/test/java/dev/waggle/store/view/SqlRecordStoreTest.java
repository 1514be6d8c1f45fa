package dev.waggle.store.view;

import dev.waggle.apps.table.EventLine;
import dev.waggle.apps.table.RecordId;
import dev.waggle.apps.table.RecordStore;
import dev.waggle.apps.table.RecordStoreContract;
import dev.waggle.apps.table.VersionId;
import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SqlRecordStoreTest extends RecordStoreContract {
    @TempDir Path folder;
    private SqlRecordStore open;

    @Override protected RecordStore store() {
        open = SqlRecordStore.open(folder.resolve("view.sqlite"));
        open.begin();
        return open;
    }

    @Override protected RecordStore again(RecordStore store) {
        open.commit();
        open.close();
        return store();
    }

    @AfterEach void close() {
        if (open != null) open.close();
    }

    @Tag("N03") @Tag("lesson-applied-twice") @Test void a_rollback_takes_everything_back() {
        var store = (SqlRecordStore) store();
        store.cursor(5);
        store.putMeta("a", new byte[] {1});
        store.commit();
        store.begin();
        store.cursor(9);
        store.link(1, 2);
        store.putMeta("a", new byte[] {2});
        store.create(new RecordId("k:[\"t\",1]"));
        store.rollback();
        assertThat(store.cursor()).isEqualTo(5);
        assertThat(store.children(1)).isEmpty();
        assertThat(store.meta("a")).contains(new byte[] {1});
        assertThat(store.find(new RecordId("k:[\"t\",1]"))).isEmpty();
    }

    @Tag("N03") @Test void what_was_not_committed_is_gone_after_a_crash() {
        var store = (SqlRecordStore) store();
        store.cursor(5);
        store.commit();
        store.begin();
        store.cursor(9);
        store.claim(new byte[] {1, 0}, 3);
        store.close();
        store = (SqlRecordStore) store();
        assertThat(store.cursor()).isEqualTo(5);
        assertThat(store.claimants(new byte[] {1, 0})).isEmpty();
    }

    @Test void an_event_is_mentioned_from_when_one_of_its_records_is_referred_to_until_it_has_a_line() {
        var store = (SqlRecordStore) store();
        var event = new EventId("7".repeat(64));
        assertThat(store.isMentioned(event)).isFalse();
        long number = store.create(RecordId.created(new VersionId(event, 2)));
        assertThat(store.isMentioned(event)).isTrue();
        store = (SqlRecordStore) again(store);
        assertThat(store.isMentioned(event)).isTrue();
        store.addEvent(new EventLine(event, new ChainId(new NodeId("1".repeat(64)), new Epoch("0".repeat(32))), 0, 1, true, List.of(number)));
        assertThat(store.isMentioned(event)).isFalse();
        store = (SqlRecordStore) again(store);
        assertThat(store.isMentioned(event)).isFalse();
        assertThat(store.event(event)).isPresent();
    }

    @Test void writing_outside_a_transaction_is_refused() {
        var store = (SqlRecordStore) store();
        store.commit();
        assertThatThrownBy(() -> store.link(1, 2)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.cursor(1)).isInstanceOf(IllegalStateException.class);
    }

    @Test void a_cleared_view_begins_again() {
        var store = (SqlRecordStore) store();
        store.cursor(5);
        store.claim(new byte[] {1, 0}, store.create(new RecordId("k:[\"t\",1]")));
        store.commit();
        store.clear();
        assertThat(store.cursor()).isZero();
        assertThat(store.claimants(new byte[] {1, 0})).isEqualTo(List.of());
    }

    @Tag("S11") @Test void a_file_of_another_view_version_is_emptied() throws Exception {
        var store = (SqlRecordStore) store();
        store.cursor(5);
        store.commit();
        store.close();
        try (var other = java.sql.DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("view.sqlite")); var statement = other.createStatement()) {
            statement.execute("PRAGMA user_version=999");
        }
        assertThat(store().cursor()).isZero();
    }
}
