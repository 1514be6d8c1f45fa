package dev.waggle.node.explain;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Role;
import dev.waggle.core.log.Tip;
import dev.waggle.node.Node;
import dev.waggle.node.Peers;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.sync.protocol.Cursor;
import dev.waggle.sync.protocol.SyncStatus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Who is known to have an event of a space: from what peers acknowledged, and from what members wrote.
///
/// Of a member that acknowledged nothing the last [#TIPS_MAX] chains are looked at, [#BACK_MAX] events each, for one that names the event: who wrote that had it.
final class Holders {
    /// More members are counted, not looked at.
    static final int MEMBERS_MAX = 50;
    private static final int TIPS_MAX = 3;
    private static final int BACK_MAX = 32;
    private static final int BACK_BYTES_MAX = 1 << 20;

    private final EventLog log;
    private final NodeId self;
    private final Map<NodeId, Role> members;
    private final Map<NodeId, Cursor> cursors;
    private final Set<NodeId> muted;
    private final SyncStatus status;
    private final String name;

    Holders(Node node, SpaceRuntime space) {
        this(space.log(), space.name(), node.id(), node.peers().taken(space.id()), node.peers().status());
    }

    /// @param name what this node calls the space
    Holders(EventLog log, String name, NodeId self, Peers.Taken taken, SyncStatus status) {
        this.log = log;
        this.name = name;
        this.self = self;
        this.status = status;
        members = log.state().members();
        cursors = taken.cursors().stream().collect(Collectors.toMap(Cursor::peer, Function.identity(), (a, b) -> a.offset() >= b.offset() ? a : b));
        muted = taken.muted();
    }

    /// How many other members there are.
    long others() {
        return members.keySet().stream().filter(member -> !member.equals(self)).count();
    }

    /// @param offset where the event is in this log
    List<Holder> of(EventRef event, long offset) {
        var nodes = new TreeSet<>(members.keySet());
        cursors.values().stream().filter(cursor -> cursor.offset() >= offset).forEach(cursor -> nodes.add(cursor.peer()));
        nodes.remove(self);
        var holders = new ArrayList<Holder>();
        for (var node : nodes) {
            if (holders.size() == MEMBERS_MAX) break;
            holders.add(holder(node, event, offset));
        }
        holders.sort(Comparator.comparing(Holder::knowledge).thenComparing(Holder::node));
        return holders;
    }

    private Holder holder(NodeId node, EventRef event, long offset) {
        var role = Optional.ofNullable(members.get(node));
        if (node.equals(event.chain().origin())) return new Holder(node, role, Holder.Knowledge.WROTE, 0, Optional.empty(), 0, "");
        var cursor = Optional.ofNullable(cursors.get(node));
        if (cursor.filter(far -> far.offset() >= offset).isPresent()) return new Holder(node, role, Holder.Knowledge.ACKNOWLEDGED, cursor.get().atMs(), Optional.empty(), 0, "");
        var peer = status.peer(node);
        var share = peer.flatMap(known -> known.spaces().stream().filter(each -> each.space().equals(log.space())).findFirst());
        if (share.filter(now -> now.cursor() >= offset).isPresent()) return new Holder(node, role, Holder.Knowledge.ACKNOWLEDGED, 0, Optional.empty(), 0, "");
        var named = naming(node, event);
        if (named.isPresent()) return new Holder(node, role, Holder.Knowledge.NAMED, 0, named, 0, "");
        if (muted.contains(node)) return new Holder(node, role, Holder.Knowledge.NO_EXCHANGE, 0, Optional.empty(), 0, "somebody said that \"" + name + "\" is not exchanged with it");
        if (peer.isEmpty()) return new Holder(node, role, Holder.Knowledge.NO_EXCHANGE, 0, Optional.empty(), 0, "this node has no peer of that id");
        if (share.isEmpty() && cursor.isEmpty()) return new Holder(node, role, Holder.Knowledge.NO_EXCHANGE, 0, Optional.empty(), 0, contact(peer.get()));
        long behind = log.state().lastOffset() - Math.max(cursor.map(Cursor::offset).orElse(0L), share.map(SyncStatus.ShareStatus::cursor).orElse(0L));
        return new Holder(node, role, Holder.Knowledge.NOT_ACKNOWLEDGED, 0, Optional.empty(), behind, contact(peer.get()));
    }

    private static String contact(SyncStatus.PeerStatus peer) {
        var seen = peer.lastSyncMs() == 0 ? "it was never in sync with this node" : "it was last in sync with this node at " + Names.time(peer.lastSyncMs());
        return switch (peer.state()) {
            case CONNECTED -> "it is connected";
            case DIALLING, WAITING -> "it is not connected now; " + seen;
            case UNREACHABLE -> "it cannot be reached; " + seen;
        };
    }

    /// An event of `node` that names this event or a later one of its chain, so long as the chain was not forked.
    private Optional<EventId> naming(NodeId node, EventRef event) {
        var state = log.state();
        if (state.tips().stream().filter(tip -> tip.chain().equals(event.chain())).count() != 1) return Optional.empty();
        var tips = state.tips().stream().filter(tip -> tip.chain().origin().equals(node)).sorted(Comparator.comparing(Tip::ts).reversed()).limit(TIPS_MAX).toList();
        for (var tip : tips) {
            var branch = log.branches().stream().filter(each -> each.chain().equals(tip.chain()) && each.number() == tip.branch()).findFirst();
            if (branch.isEmpty()) continue;
            long from = Math.max(branch.get().first(), tip.seq() - BACK_MAX + 1);
            for (var entry : log.readBranch(branch.get(), from, tip.seq(), BACK_MAX, BACK_BYTES_MAX).reversed())
                for (var merged : entry.event().envelope().merges())
                    if (merged.chain().equals(event.chain()) && merged.seq() >= event.seq()) return Optional.of(entry.event().id());
        }
        return Optional.empty();
    }
}
