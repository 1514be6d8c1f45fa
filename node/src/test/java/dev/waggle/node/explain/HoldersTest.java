package dev.waggle.node.explain;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.MemoryEventLog;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.TestKeys;
import dev.waggle.core.log.TestSpace;
import dev.waggle.node.Peers;
import dev.waggle.sync.protocol.Cursor;
import dev.waggle.sync.protocol.GossipStatus;
import dev.waggle.sync.protocol.PeerSource;
import dev.waggle.sync.protocol.SyncStatus;
import dev.waggle.sync.protocol.Traffic;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import static org.assertj.core.api.Assertions.assertThat;

/// Who is known to have an event of this node, and by what.
class HoldersTest {
    private static final long NOW = TestSpace.NOW;
    private final TestSpace space = new TestSpace();
    private final Author friend = TestSpace.author("friend");
    private final NodeId self = space.owner.signer().node();
    private final NodeId writer = space.writer.signer().node();
    private final NodeId other = friend.signer().node();
    private final MemoryEventLog log = MemoryEventLog.create(space.genesis, new TestKeys(), space::fresh, NOW);
    private Event added;
    private Event mine;
    private long offset;

    @BeforeEach void write() {
        var first = space.after(space.genesis, space.owner).draft(TestSpace.member(space.writer, Role.WRITER)).event();
        added = space.after(first, space.owner).draft(TestSpace.member(friend, Role.WRITER)).event();
        mine = space.after(added, space.owner).text("mine").event();
        log.append(List.of(first, added, mine, space.after(mine, space.owner).text("later").event()), NOW);
        offset = log.find(mine.id()).map(Entry::offset).orElseThrow();
    }

    private Holder of(NodeId node, List<Cursor> cursors, Set<NodeId> muted, SyncStatus status) {
        return new Holders(log, "tasks", self, new Peers.Taken(cursors, muted), status).of(mine.ref(), offset).stream().filter(holder -> holder.node().equals(node)).findFirst().orElseThrow();
    }

    private Cursor cursor(NodeId node, long at) {
        return new Cursor(node, space.id, at, at, NOW);
    }

    private SyncStatus connected(NodeId node, SyncStatus.PeerState state, long cursor) {
        var share = new SyncStatus.ShareStatus(space.id, true, true, false, false, 1, cursor, Traffic.NONE);
        return new SyncStatus(List.of(new SyncStatus.PeerStatus(node, "", PeerSource.MANUAL, state, "", 0, 0, "", Optional.empty(), List.of(share))), List.of(), false, 0, 0, Traffic.NONE, GossipStatus.NOTHING);
    }

    @Test void a_cursor_at_the_event_is_an_acknowledgement_and_one_before_it_is_none() {
        assertThat(of(writer, List.of(cursor(writer, offset)), Set.of(), SyncStatus.NOTHING)).satisfies(holder -> {
            assertThat(holder.knowledge()).isEqualTo(Holder.Knowledge.ACKNOWLEDGED);
            assertThat(holder.byMs()).isEqualTo(NOW);
        });
        var behind = of(writer, List.of(cursor(writer, offset - 1)), Set.of(), connected(writer, SyncStatus.PeerState.CONNECTED, 0));
        assertThat(behind.knowledge()).isEqualTo(Holder.Knowledge.NOT_ACKNOWLEDGED);
        assertThat(behind.behind()).isEqualTo(2);
        assertThat(of(writer, List.of(cursor(writer, offset - 1)), Set.of(), connected(writer, SyncStatus.PeerState.CONNECTED, offset)).knowledge()).as("what is not saved yet").isEqualTo(Holder.Knowledge.ACKNOWLEDGED);
        assertThat(of(writer, List.of(), Set.of(), connected(writer, SyncStatus.PeerState.UNREACHABLE, 0)).contact()).contains("cannot be reached; it was never in sync");
    }

    @Test void who_wrote_something_that_names_it_or_a_later_one_has_it_though_it_never_said_so() {
        var unrelated = space.after(null, friend).control(added).merging(added).text("before it knew").event();
        log.append(List.of(unrelated), NOW);
        assertThat(of(other, List.of(), Set.of(), SyncStatus.NOTHING).knowledge()).isEqualTo(Holder.Knowledge.NO_EXCHANGE);
        var later = log.read(offset, 1, 1 << 20).getFirst() instanceof Entry.Admitted entry ? entry.event() : null;
        var answer = space.after(unrelated, friend).merging(later).text("an answer").event();
        log.append(List.of(answer, space.after(answer, friend).text("and more").event()), NOW);
        assertThat(of(other, List.of(), Set.of(), SyncStatus.NOTHING)).satisfies(holder -> {
            assertThat(holder.knowledge()).isEqualTo(Holder.Knowledge.NAMED);
            assertThat(holder.named()).contains(answer.id());
        });
    }

    @Test void its_author_has_it_a_muted_or_unknown_node_is_not_exchanged_with_and_others_than_members_are_told_of_when_they_acknowledged() {
        var theirs = space.after(null, space.writer).control(added).text("theirs").event();
        log.append(List.of(theirs), NOW);
        var holders = new Holders(log, "tasks", self, new Peers.Taken(List.of(cursor(TestSpace.author("gone").signer().node(), 100)), Set.of(other)), SyncStatus.NOTHING);
        assertThat(holders.others()).isEqualTo(2);
        assertThat(holders.of(theirs.ref(), log.state().lastOffset())).extracting(Holder::knowledge)
            .containsExactly(Holder.Knowledge.WROTE, Holder.Knowledge.ACKNOWLEDGED, Holder.Knowledge.NO_EXCHANGE);
        assertThat(of(other, List.of(), Set.of(other), SyncStatus.NOTHING).contact()).contains("\"tasks\" is not exchanged with it");
    }
}
