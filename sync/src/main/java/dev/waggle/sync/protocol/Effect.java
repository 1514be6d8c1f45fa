package dev.waggle.sync.protocol;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Tip;

import java.util.List;
import java.util.Optional;

/// What a step wants done in the world. Carrying one out twice does no harm; one that is lost is asked for again.
public sealed interface Effect {
    // connections

    record Send(long connection, Frame frame) implements Effect {}

    /// Says [Frame.Bye] and closes.
    record Close(long connection, String code, String message) implements Effect {}

    record Dial(NodeId peer, String address) implements Effect {}

    record SetAlarm(Alarm alarm, long atMonotonicMs) implements Effect {}

    // the log, off the loop; each is answered by the input of the same name or by [Input.StoreFailed]

    record Read(long connection, SpaceId space, List<Tip> have, long after, long until, int eventsMax, int bytesMax) implements Effect {}

    /// Which of these tips of a peer are not in the log here?
    record Locate(long connection, SpaceId space, List<Tip> tips) implements Effect {}

    record Append(long connection, SpaceId space, List<Event> events, long upTo) implements Effect {}

    record PutChunks(long connection, SpaceId space, List<Chunk> chunks) implements Effect {}

    /// Takes a step of adopting a checkpoint.
    ///
    /// @param checkpoint begins it; empty to go on with the one that was begun on this connection
    record Adopt(long connection, SpaceId space, Optional<Event> checkpoint, List<Chunk> chunks) implements Effect {}

    /// @param peer who asks: it is given what is held of its own chains, too
    record Fetch(long connection, SpaceId space, NodeId peer, List<EventId> events, List<ChunkId> chunks) implements Effect {}

    /// @param forPeer the answer goes to the peer as [Frame.Places]; else it is compared here
    record Look(long connection, SpaceId space, ChainId chain, List<Long> seqs, boolean forPeer) implements Effect {}

    record ListWaiting(long connection, SpaceId space, NodeId peer) implements Effect {}

    /// Held events whose time has come are admitted; not answered: the log says that it changed.
    record Release(SpaceId space) implements Effect {}

    /// Writes the peer as a member, once for a ticket; answered by [Input.TicketJudged].
    record Redeem(long connection, NodeId peer, Ticket ticket) implements Effect {}

    /// Opens, and makes if needed, the log of a space this node was let into; answered by [Input.SpaceOpened].
    record OpenSpace(long connection, long request, SpaceId space, String name) implements Effect {}

    // what is remembered

    record SavePeer(Peer peer) implements Effect {}

    /// A peer that was known from others only is not kept any more.
    record ForgetPeer(NodeId peer) implements Effect {}

    record SaveRelationship(Relationship relationship) implements Effect {}

    record SaveCursor(Cursor cursor) implements Effect {}

    record SaveRun(SyncRun run) implements Effect {}

    // people

    record Tell(Notice notice) implements Effect {}
}
