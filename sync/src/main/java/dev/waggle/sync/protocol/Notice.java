package dev.waggle.sync.protocol;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Admission;

import java.util.List;

/// What a person, the status or another part of the node should know. Losing one loses no data.
public sealed interface Notice {
    record PeerUp(NodeId peer, String remote) implements Notice {}

    record PeerDown(NodeId peer, String why) implements Notice {}

    /// A peer that a person did not name is not kept any more.
    record PeerForgotten(NodeId peer, String why) implements Notice {}

    record DialFailed(NodeId peer, String address, String why, long nextMs) implements Notice {}

    /// Both logs were equal at this moment.
    record Agreed(NodeId peer, SpaceId space, long offset) implements Notice {}

    /// Both ends believe that they sent everything, and the logs differ: in these chains (16 at most are named).
    record Differs(NodeId peer, SpaceId space, List<ChainId> chains) implements Notice {}

    /// A difference that was reported is gone.
    record Repaired(NodeId peer, SpaceId space) implements Notice {}

    /// A peer holds events of this node's own chain that this node has not: it was restored from a backup, or copied and its twin writes too.
    /// Open a new epoch before the next write.
    record BehindOnSelf(NodeId peer, SpaceId space, ChainId chain, long seq) implements Notice {}

    /// A peer sent an event that no honest node keeps.
    record Rejected(NodeId peer, SpaceId space, EventId event, Admission.Reason reason) implements Notice {}

    /// A peer rejected events of ours: the two nodes judge differently, or our log is damaged.
    record RejectedThere(NodeId peer, SpaceId space, int events) implements Notice {}

    /// A peer holds events that we sent for their stamps: one of the clocks is wrong.
    record HeldThere(NodeId peer, SpaceId space, int events) implements Notice {}

    /// A peer took events before and lacks them now: its cursor went back from `from`, by name (I7).
    record CursorReset(NodeId peer, SpaceId space, long from) implements Notice {}

    /// This node was a member of the space, and a peer says that it is none any more.
    record Removed(NodeId peer, SpaceId space, EventId by) implements Notice {}

    record Refused(NodeId peer, String code, String message) implements Notice {}

    /// A handshake failed: nobody is known to be there.
    record HandshakeFailed(String remote, String code, String message) implements Notice {}

    /// This node's clock differs from most of its peers' (`red`), or does no longer. While red, nothing is stamped.
    record ClockJudged(boolean red, long medianMs) implements Notice {}

    /// The answer to a join; `problem` is null when the space is open here.
    record Joined(long request, SpaceId space, TicketProblem problem) implements Notice {}

    /// The store or another part here failed; it is tried again.
    record TroubleHere(String what, String why) implements Notice {}

    /// What the peer that asked with [Input.HeardOf] is told of others.
    record ToldOf(long question, List<Frame.Told> records) implements Notice {}
}
