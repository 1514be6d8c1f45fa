package dev.waggle.sync.protocol;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Tip;

import java.util.List;
import java.util.Optional;

/// What two nodes say to each other. One binary form for streams (`net.wire`), one JSON form for `/sync/v1`.
/// Everything before a finished handshake is at most [#BEFORE_AUTH_BYTES_MAX] bytes a connection.
public sealed interface Frame {
    int FRAME_BYTES_MAX = 1 << 20;
    int BEFORE_AUTH_BYTES_MAX = 64 * 1024;
    int BATCH_EVENTS_MAX = 500;
    int TIPS_MAX = 4_000;

    /// First frame, both ways.
    ///
    /// @param versions offered protocol versions, highest first
    /// @param nonce    32 fresh random bytes
    /// @param wallMs   the sender's clock, for the clock comparison
    record Hello(List<Integer> versions, List<String> features, NodeId node, byte[] nonce, long wallMs) implements Frame {}

    /// Second frame, both ways: Ed25519 over the canonical object {"$":{"is":"waggle-hello/1"}, both ids, both nonces, roles, offered and chosen versions
    /// and features, channel binding}. A recording, a relayed proof or a downgrade is worth nothing.
    record Proof(byte[] signature) implements Frame {}

    /// The dialling side presents a ticket it was given. Answered by [Welcome], or by [Refused] (the same for every reason that a stranger could probe).
    record Redeem(byte[] ticket, byte[] signature) implements Frame {}

    /// The ticket was redeemed: the sender's log now names the receiver as a member of `space`.
    record Welcome(SpaceId space) implements Frame {}

    record Refused(String code, String message) implements Frame {}

    /// Which spaces the sender believes it shares with the receiver, each as SHA-256(space id, initiator's nonce, responder's nonce). Answered by the
    /// subset of which the receiver of this frame knows the sender to be a member. An unknown space and a forbidden one are answered alike.
    record Spaces(List<byte[]> keyedHashes) implements Frame {}

    record SharedSpaces(List<byte[]> keyedHashes) implements Frame {}

    /// @param fingerprint over the sorted tips
    /// @param tips        how many tips there are
    /// @param lastOffset  the sender's log position
    /// @param youHave     what the sender holds of the receiver's own chains: its highest (seq, id) in each
    record Have(SpaceId space, byte[] fingerprint, int tips, long lastOffset, List<Tip> youHave) implements Frame {}

    /// All tips whose chain sorts in [from, to); both empty for the whole. `more` says that further pages follow.
    record Tips(SpaceId space, List<Tip> tips, boolean more) implements Frame {}

    /// Events the receiver lacks, in the sender's offset order, parents first.
    ///
    /// @param upTo the sender's offset that this batch reaches: acknowledged back
    record Events(SpaceId space, List<Event> events, long upTo) implements Frame {}

    /// Chunks that following events name. Sent before them.
    record Chunks(SpaceId space, List<Chunk> chunks) implements Frame {}

    /// All up to the sender's offset `upTo` is durable at the receiver or has the stated answer.
    ///
    /// @param held the events of this batch that are held for their stamps: tells an author whose clock is wrong
    record Ack(SpaceId space, long upTo, int accepted, int duplicate, int waiting, int held, int rejected, int pushedBack) implements Frame {}

    /// Asks for events by id, or chunks, that something here waits for.
    record Want(SpaceId space, List<EventId> events, List<ChunkId> chunks) implements Frame {}

    /// Repair: asks for the ids at these places of a chain, to find the last common event of a forked chain.
    record Probe(SpaceId space, dev.waggle.core.event.ChainId chain, List<Long> seqs) implements Frame {}

    /// @param ids one list for each asked place: the ids here, one for each branch
    record Places(SpaceId space, dev.waggle.core.event.ChainId chain, List<Long> seqs, List<List<EventId>> ids) implements Frame {}

    record Ping(long token) implements Frame {}

    record Pong(long token) implements Frame {}

    /// The sender ends the connection and says why.
    record Bye(String code, Optional<String> message) implements Frame {}
}
