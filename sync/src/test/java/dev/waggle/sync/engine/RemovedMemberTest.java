package dev.waggle.sync.engine;

import dev.waggle.core.Property;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Verdict;
import dev.waggle.sync.protocol.Notice;
import dev.waggle.sync.protocol.SyncSettings;
import dev.waggle.sync.protocol.SyncStatus;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/// Three nodes; the owner removes one of them.
class RemovedMemberTest {
    private SimNet net;
    private SimNode owner;
    private SimNode writer;
    private SimNode removed;
    private EventLog space;

    @BeforeEach void three_members() {
        net = new SimNet(Property.random(1));
        owner = new SimNode(net, SyncSettings.defaults()).start();
        writer = new SimNode(net, SyncSettings.defaults()).start();
        removed = new SimNode(net, SyncSettings.defaults()).start();
        space = owner.create("tasks");
        for (var node : List.of(writer, removed)) node.join(owner.ticket(space, 3_600_000, Optional.empty()));
        net.run(10_000);
        writer.write(space.space(), 3);
        removed.write(space.space(), 3);
        net.run(10_000);
        assertThat(removed.log(space.space()).state().fingerprint()).isEqualTo(space.state().fingerprint());
    }

    private void remove() {
        space.write(owner.author(), List.of(new Draft("member_removed", Json.object("subject", removed.id.hex()))), List.of(), Map.of(), owner.wallMs());
        owner.turn();
    }

    private Verdict verdict(SimNode node, dev.waggle.core.event.EventId id) {
        return node.log(space.space()).find(id).map(Entry.Admitted::verdict).orElse(null);
    }

    @Tag("A05") @Test void who_is_removed_is_told_and_served_nothing_and_what_it_writes_on_is_void_everywhere() {
        var before = owner.write(space.space(), 1).getFirst();
        net.run(5_000);
        assertThat(removed.holds(space.space(), before)).isTrue();
        remove();
        net.run(5_000);
        assertThat(removed.heard(Notice.Removed.class)).isNotEmpty().allSatisfy(notice -> assertThat(notice.space()).isEqualTo(space.space()));
        var secret = owner.write(space.space(), 1).getFirst();
        var late = removed.write(space.space(), 2);
        net.run(900_000);
        assertThat(removed.holds(space.space(), secret)).isFalse();
        assertThat(removed.log(space.space()).state().members()).as("not even its own removal").containsKey(removed.id);
        for (var id : late) {
            assertThat(verdict(owner, id)).isEqualTo(Verdict.VOID);
            assertThat(verdict(writer, id)).isEqualTo(Verdict.VOID);
        }
        assertThat(writer.log(space.space()).state().fingerprint()).isEqualTo(space.state().fingerprint());
        assertThat(removed.heard(Notice.Differs.class)).isEmpty();
    }

    /// The writer does not know of the removal and takes what the removed node writes on; then it hears of it.
    @Tag("A05") @Tag("lesson-old-settings") @Test void what_was_taken_in_ignorance_is_void_as_soon_as_the_removal_is_known() {
        net.cut(owner, writer);
        net.cut(owner, removed);
        remove();
        var late = removed.write(space.space(), 2);
        net.run(20_000);
        var together = verdict(writer, late.getFirst());
        net.heal();
        net.run(900_000);
        if (together != null) assertThat(together).isEqualTo(Verdict.COUNTS);
        for (var id : late) assertThat(List.of(verdict(owner, id), verdict(writer, id))).containsOnly(Verdict.VOID);
        assertThat(writer.log(space.space()).state().fingerprint()).isEqualTo(space.state().fingerprint());
        assertThat(removed.heard(Notice.Removed.class)).isNotEmpty();
    }

    /// Only the removed node's own events are still exchanged. That those are equal says nothing of the logs, and a connection to it is none to a member.
    @Tag("lesson-green-while-frozen") @Test void a_log_of_which_one_author_is_exchanged_is_called_equal_by_neither_side() {
        remove();
        owner.write(space.space(), 1);
        net.run(20_000);
        net.cut(owner, writer);
        net.cut(writer, removed);
        net.run(400_000);
        assertThat(share(owner, removed)).satisfies(share -> {
            assertThat(share.open()).isTrue();
            assertThat(share.whole()).isFalse();
            assertThat(share.agreed()).isFalse();
            assertThat(share.lagEvents()).as("it shall get nothing").isZero();
        });
        assertThat(owner.status().space(space.space()).orElseThrow()).satisfies(here -> {
            assertThat(here.reachable()).as("members").isZero();
            assertThat(here.agreeing()).isZero();
        });
        assertThat(share(removed, owner).agreed()).isFalse();
        assertThat(removed.status().space(space.space()).orElseThrow().agreeing()).isZero();
    }

    private SyncStatus.ShareStatus share(SimNode node, SimNode peer) {
        return node.status().peer(peer.id).orElseThrow().spaces().getFirst();
    }

    @Test void who_is_added_again_gets_everything() {
        remove();
        net.run(5_000);
        var secret = owner.write(space.space(), 1).getFirst();
        net.run(400_000);
        assertThat(removed.holds(space.space(), secret)).isFalse();
        space.write(owner.author(), List.of(new Draft("member_added", Json.object("subject", removed.id.hex(), "role", "writer"))), List.of(), Map.of(), owner.wallMs());
        owner.turn();
        net.run(900_000);
        assertThat(removed.holds(space.space(), secret)).isTrue();
        assertThat(removed.log(space.space()).state().fingerprint()).isEqualTo(space.state().fingerprint());
    }
}
