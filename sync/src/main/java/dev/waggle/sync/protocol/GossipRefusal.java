package dev.waggle.sync.protocol;

/// Why a record that a peer passed on was not believed.
public enum GossipRefusal {
    /// No peer record, or one beyond its limits.
    MALFORMED,
    /// Not signed by the node it speaks of.
    FORGED,
    EXPIRED,
    /// Issued later than this node's clock allows.
    FUTURE,
    /// Older than what is known, or the same time with other words: a replay, or one of a peer that was forgotten because it did not answer.
    STALE,
    /// More hops than any node may give, or none left.
    TTL,
    /// The subject is no member of a space that the sender and this node share, or says itself that it is in none of them.
    FOREIGN,
    /// No address in it may be dialled.
    ADDRESS,
    /// The space has as many learnt peers as the settings allow.
    FULL,
    /// The sender tells more often than anybody needs to.
    FLOOD
}
