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
    int VERSIONS_MAX = 16;
    int FEATURES_MAX = 32;
    int SPACES_MAX = 4_096;
    int WANT_MAX = 256;
    int PROBE_SEQS_MAX = 32;
    int ADDRESSES_MAX = 8;
    int TOLD_MAX = 20;
    int BRANCHES_MAX = 256;
    int CODE_BYTES_MAX = 64;
    int MESSAGE_BYTES_MAX = 512;

    /// First frame, both ways: the dialling side speaks first, so whoever accepts says nothing to somebody who does not.
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

    /// Where the sender says that it listens, at most [#ADDRESSES_MAX] of `host:port`. Hints: the receiver applies its own rule before it dials one.
    record Addresses(List<String> addresses) implements Frame {}

    /// Where other peers are: the sender's own record, and those of peers that it is connected to, at most [#TOLD_MAX]. Only between ends that both offer
    /// the feature [#GOSSIP].
    record Gossip(List<Told> records) implements Frame {}

    /// The feature in [Hello] that allows [Gossip].
    String GOSSIP = "gossip";

    /// @param record    the bytes of a [PeerRecord]
    /// @param signature by its subject
    /// @param ttl       over how many hops it may be told, this one included; not signed, so a node believes at most [GossipSettings#TTL_MAX]
    record Told(byte[] record, byte[] signature, int ttl) {}

    /// Which spaces the sender believes it shares with the receiver, each as SHA-256(space id, initiator's nonce, responder's nonce). Answered by the
    /// subset of which the receiver of this frame knows the sender to be a member. An unknown space and a forbidden one are answered alike.
    record Spaces(List<byte[]> keyedHashes) implements Frame {}

    record SharedSpaces(List<byte[]> keyedHashes) implements Frame {}

    /// To somebody who was a member of a space that it has shown to know, and is none any more: it is served nothing, and what it wrote itself is still
    /// taken. An honest receiver offers nothing else.
    ///
    /// @param keyedHash the space, as in [Spaces]
    /// @param by        the control event that says so
    record Removed(byte[] keyedHash, EventId by) implements Frame {}

    /// @param fingerprint over the sorted tips
    /// @param tips        how many tips there are
    /// @param lastOffset  the sender's log position
    /// @param youHave     what the sender has of the receiver's own chains: its highest (seq, id) in each, and the end of every run that it holds for its stamps;
    ///                    empty when it said the same before
    record Have(SpaceId space, byte[] fingerprint, int tips, long lastOffset, List<Tip> youHave) implements Frame {}

    /// The sender's tips, sorted, in pages of at most [#TIPS_MAX]. `more` says that further pages follow.
    record Tips(SpaceId space, List<Tip> tips, boolean more) implements Frame {}

    /// Events the receiver lacks, in the sender's offset order, parents first.
    ///
    /// @param upTo the sender's offset that this batch reaches: acknowledged back; 0 when this answers a [Want] and is not acknowledged
    record Events(SpaceId space, List<Event> events, long upTo) implements Frame {}

    /// Answers a [Want] for chunks: exactly one frame, with as many of them, in the order asked, as fit; empty when the sender has none of them.
    record Chunks(SpaceId space, List<Chunk> chunks) implements Frame {}

    /// All up to the sender's offset `upTo` is durable at the receiver or has the stated answer.
    ///
    /// @param held the events of this batch that are held for their stamps: tells an author whose clock is wrong
    record Ack(SpaceId space, long upTo, int accepted, int duplicate, int waiting, int held, int rejected, int pushedBack) implements Frame {}

    /// What the receiver lacks next lies below a checkpoint and is not served event by event: the receiver asks for the chunks that the checkpoint names, then for
    /// its segments, and compares again.
    ///
    /// @param checkpoint whole and signed
    record Checkpoint(SpaceId space, Event checkpoint) implements Frame {}

    /// Asks for events by id, or chunks, that something here waits for; at most [#WANT_MAX] of each. At most one is open per space.
    /// Answered by one [Events] frame when events were asked for, and by one [Chunks] frame when chunks were.
    record Want(SpaceId space, List<EventId> events, List<ChunkId> chunks) implements Frame {}

    /// Repair: asks for the ids at these places of a chain, to find the last common event of a forked chain.
    record Probe(SpaceId space, dev.waggle.core.event.ChainId chain, List<Long> seqs) implements Frame {}

    /// @param ids one list for each asked place: the ids here, one for each branch, at most [#BRANCHES_MAX] of them
    record Places(SpaceId space, dev.waggle.core.event.ChainId chain, List<Long> seqs, List<List<EventId>> ids) implements Frame {}

    /// Sent when nothing was heard for a while, and when the sender's clock was set.
    ///
    /// @param wallMs the sender's clock, for the clock comparison; the answer repeats it
    record Ping(long wallMs) implements Frame {}

    record Pong(long token) implements Frame {}

    /// The sender ends the connection and says why.
    record Bye(String code, Optional<String> message) implements Frame {
        /// @param message shortened to what a frame takes: it may repeat what the other side said
        public static Bye of(String code, String message) {
            return new Bye(start(code, CODE_BYTES_MAX), Optional.of(start(message, MESSAGE_BYTES_MAX)));
        }

        /// As much of a text as fits so many bytes of UTF-8, without half a character.
        private static String start(String text, int bytesMax) {
            var out = new StringBuilder();
            int bytes = 0;
            for (int each : text.codePoints().toArray()) {
                bytes += each < 0x80 ? 1 : each < 0x800 ? 2 : each < 0x10000 ? 3 : 4;
                if (bytes > bytesMax) break;
                out.appendCodePoint(each);
            }
            return out.toString();
        }
    }
}
