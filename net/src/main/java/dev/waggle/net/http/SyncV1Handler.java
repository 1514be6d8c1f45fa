package dev.waggle.net.http;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Admission;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// What a node answers to peers that ask over HTTP. Thread-safe; called on virtual threads, so it may block on the disk.
///
/// `peer` has proven its key. An empty answer stands for every reason not to answer (no such space, no member, no right to read), and the caller makes
/// one and the same refusal of all of them; an implementation takes about as long for each. `dev.waggle.core.log.LogUnavailable` becomes
/// "try again later".
public interface SyncV1Handler {
    /// Events of one page, in offset order.
    ///
    /// @param nextSeq   what to ask with as `since` for the next page: the offset this page reaches
    /// @param condensed what comes next was condensed here: it comes with a checkpoint, over the stream
    record Page(List<Event> events, long nextSeq, boolean hasMore, boolean condensed) {
        public Page(List<Event> events, long nextSeq, boolean hasMore) {
            this(events, nextSeq, hasMore, false);
        }
    }

    /// @param receivedSeq the sender's own sequence up to which everything is durable here or has an answer that will not change; what the sender's
    ///                    cursor may move to
    /// @param answers     one for each event, in the order sent
    record Pushed(long receivedSeq, List<Admission> answers) {}

    /// How a peer of the space does, as seen from here.
    ///
    /// @param status     one word: `online`, `backfilling`, `offline`
    /// @param lastSyncMs milliseconds since 1970 UTC
    /// @param lag        events that it has not acknowledged
    record PeerStatus(NodeId id, String status, Optional<Long> lastSyncMs, long lag) {}

    record Status(List<PeerStatus> peers, long localSeq) {}

    /// A member sent what no honest node sends: no event, no JSON, too much. It was refused and nothing of it was kept.
    default void refused(NodeId peer, String why) {}

    /// True for a member of any space here: only those get a token.
    boolean authenticate(NodeId peer);

    /// The peer presents a ticket (`Frame.Redeem`). Once true, [#authenticate] is too.
    ///
    /// @return the space it is a member of now
    Optional<SpaceId> redeem(NodeId peer, byte[] ticket, byte[] signature);

    /// This node's log position in the space.
    Optional<Long> position(NodeId peer, SpaceId space);

    /// Events with offset > `since`. Stops before `bytesMax` of payload, but never before the first event. An event whose signature is left out comes
    /// only inside a run that ends signed.
    Optional<Page> eventsSince(NodeId peer, SpaceId space, long since, int eventsMax, int bytesMax);

    /// Offers events to the same admission as every other path.
    ///
    /// @param senderSeq the sender's own log position after these events
    Optional<Pushed> push(NodeId peer, SpaceId space, List<Event> events, long senderSeq);

    /// How much a peer may push is the implementation's to say.
    ///
    /// @return 0 when so many events may come now, else after how many seconds
    default int pushWaitSeconds(NodeId peer, int events) {
        return 0;
    }

    Optional<Status> status(NodeId peer, SpaceId space);

    /// The peer, and nobody else, stops syncing the space with this node.
    ///
    /// @return false when there was nothing to leave that it may know of
    boolean leave(NodeId peer, SpaceId space);

    /// The space of this name that the peer is a member of.
    Optional<SpaceId> named(NodeId peer, String name);

    /// What one node tells another of a third.
    ///
    /// @param syncEndpoint `https://host:port/sync/v1`, the first of the addresses in the record, for people
    /// @param sharedHives  names of spaces that all three are in
    /// @param signingKey   its id
    /// @param ttl          over how many hops it may be told, this one included
    /// @param record       `waggle-peer/1`, signed by the node it is about: the only part that is believed
    record KnownPeer(String syncEndpoint, String name, List<String> sharedHives, NodeId signingKey, int ttl, byte[] record, byte[] signature) {}

    /// Hears what a member knows of other peers, and answers what it is told in return.
    List<KnownPeer> knownPeers(NodeId peer, List<KnownPeer> said);

    /// Notes how far the peer is in the spaces it shares, and answers how far this node is in those of them that it shares.
    ///
    /// @param seqBySpace by space id, or by the name of the hive; answered under the same keys
    SortedMap<String, Long> heartbeat(NodeId peer, SortedMap<String, Long> seqBySpace);

    /// Lines that this node itself wrote to a task's log. Waits for the first when there is none.
    ///
    /// @param task   what the space calls it
    /// @param after  the `cursor` of an answer; empty to begin
    /// @param waitMs at most so long
    /// @return `entries`, some or none, and the `cursor` to ask with again
    /// @throws dev.waggle.core.event.MalformedPayload when `after` is no cursor
    default Optional<Json.Obj> taskLog(NodeId peer, SpaceId space, String task, String after, long waitMs) {
        return Optional.empty();
    }

    /// The ids of events that no other known event has as a parent.
    Optional<List<EventId>> tips(NodeId peer, SpaceId space);

    /// The events with these ids, as far as they are here.
    Optional<List<Event>> entries(NodeId peer, SpaceId space, List<EventId> ids);
}
