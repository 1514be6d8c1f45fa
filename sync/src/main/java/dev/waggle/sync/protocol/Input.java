package dev.waggle.sync.protocol;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Admission;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogState;
import dev.waggle.core.log.Tip;

import java.util.List;
import java.util.Optional;

/// Everything that can happen to a node's sync. Nothing else changes its state.
///
/// `random` members are fresh random numbers: the step itself draws none.
public sealed interface Input {
    /// The first input of a run: dials who is known and sets the clocks.
    record Started() implements Input {}

    // connections

    /// @param expected who was dialled, when that is known: anybody else is refused
    /// @param proven   whom the channel itself proved
    /// @param binding  the channel's binding value, empty on a plain connection
    /// @param nonce    32 fresh random bytes
    record Opened(long connection, boolean initiator, Optional<NodeId> expected, Optional<NodeId> proven, String remote, byte[] binding,
                  byte[] nonce) implements Input {}

    record Closed(long connection, String why, long random) implements Input {}

    record Received(long connection, Frame frame) implements Input {}

    /// The connection's outbound buffer is full, or has room again.
    record Congested(long connection, boolean full) implements Input {}

    record DialFailed(NodeId peer, String address, String why, long random) implements Input {}

    record Rang(Alarm alarm, long random) implements Input {}

    // logs

    /// A log is open here, with the state after its last commit. Also when it grew: the latest state replaces the one before.
    record LogChanged(SpaceId space, LogState state) implements Input {}

    record SpaceClosed(SpaceId space) implements Input {}

    // answers of the store; at most one of a kind is out for a connection and space

    /// @param firstOffset where the first of the events lies here, 0 when there is none
    /// @param checkpoint  by which this log was condensed, when what is missing next is
    record ReadDone(long connection, SpaceId space, EventLog.Missing missing, long firstOffset, Optional<Event> checkpoint) implements Input {
        public ReadDone(long connection, SpaceId space, EventLog.Missing missing, long firstOffset) {
            this(connection, space, missing, firstOffset, Optional.empty());
        }
    }

    /// @param unknown which of the tips asked for are not in the log here
    record Located(long connection, SpaceId space, List<Tip> unknown) implements Input {}

    /// @param upTo 0 when the batch answered a [Frame.Want]: not acknowledged
    record Appended(long connection, SpaceId space, long upTo, List<Admission> answers) implements Input {}

    /// @param stored  ids of the chunks that are durable now
    /// @param answers events that these chunks admitted
    record ChunksPut(long connection, SpaceId space, List<ChunkId> stored, List<Admission> answers) implements Input {}

    /// @param wanted  chunks that the adoption of a checkpoint needs next
    /// @param done    the log holds all that the checkpoint covers
    /// @param took    entries that the adoption added so far
    /// @param refused why the checkpoint is not believed; empty when it is
    record Adopted(long connection, SpaceId space, List<ChunkId> wanted, boolean done, long took, String refused) implements Input {}

    /// What was asked for with a Want and is here, as the frames that carry it.
    record Fetched(long connection, SpaceId space, List<Frame> frames) implements Input {}

    /// @param ids for each of `seqs` the ids here, one for each branch
    record Looked(long connection, SpaceId space, ChainId chain, List<Long> seqs, List<List<EventId>> ids, boolean forPeer) implements Input {}

    /// What the log's waiting room waits for, as far as a peer can have it.
    ///
    /// @param theirs the last event of each run of the peer's own that is held here for its stamps
    record WaitingListed(long connection, SpaceId space, List<EventId> events, List<ChunkId> chunks, List<Tip> theirs) implements Input {}

    /// The store could not do it now; nothing was changed.
    record StoreFailed(long connection, SpaceId space, String what, String why) implements Input {}

    /// @param problem null when the ticket was redeemed and `state` names the peer as a member
    record TicketJudged(long connection, SpaceId space, TicketProblem problem, LogState state) implements Input {}

    /// The space that a [Frame.Welcome] named is open here.
    record SpaceOpened(long connection, long request, SpaceId space, LogState state) implements Input {}

    // commands

    record AddPeer(Peer peer) implements Input {}

    /// What the hub says of peers now; whom it does not name it no longer knows. Members only count, and literal addresses.
    record HubPeers(List<Peer> peers) implements Input {}

    record RemovePeer(NodeId peer) implements Input {}

    record Relate(Relationship relationship) implements Input {}

    record Unrelate(NodeId peer, SpaceId space) implements Input {}

    /// Dial now, whatever the backoff says.
    record Connect(NodeId peer) implements Input {}

    /// Compare fingerprints now: with one peer, or with all.
    record SyncNow(Optional<NodeId> peer) implements Input {}

    record Join(long request, Ticket ticket) implements Input {}

    /// A member asks over HTTP where other peers are, and says what it knows of them. Answered by [Notice.ToldOf].
    record HeardOf(long question, NodeId peer, List<Frame.Told> records) implements Input {}

    /// Where this node can be reached, to be announced to peers.
    record Listening(List<String> addresses) implements Input {}
}
