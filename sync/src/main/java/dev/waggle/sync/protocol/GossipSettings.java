package dev.waggle.sync.protocol;

/// How peers tell each other of peers. All times are milliseconds.
///
/// @param enabled        off: nothing is told, and nothing that is told is heard
/// @param defaultTtl     over how many hops a peer that a person named is told
/// @param hubPeerTtl     the same for one that a hub named, or that came by itself
/// @param exchangeMs     peers tell each other what they know this often, and once when a connection begins
/// @param peersMax       peers learnt from others, at most, in each space
/// @param staleMs        a learnt peer that did not answer for this long and
/// @param failuresMax    so many attempts in a row is forgotten
/// @param allowPrivate   addresses of private networks are dialled; else only those in a network in which this node has an address itself
/// @param allowLoopback  addresses of this machine are dialled: for several nodes on one machine
/// @param dialsAMinute   learnt peers are dialled at most this often
/// @param dialsAtOnce    and at most so many at a time
public record GossipSettings(boolean enabled, int defaultTtl, int hubPeerTtl, long exchangeMs, int peersMax, long staleMs, int failuresMax,
                             boolean allowPrivate, boolean allowLoopback, int dialsAMinute, int dialsAtOnce) {
    /// No node passes a peer on over more hops, whatever it was told.
    public static final int TTL_MAX = 2;
    /// A record that this node issued is issued anew after so many exchanges.
    static final int EXCHANGES_A_RECORD = 5;
    private static final long RECORD_MS_MIN = 3_600_000;

    public GossipSettings {
        if (defaultTtl < 0 || defaultTtl > TTL_MAX || hubPeerTtl < 0 || hubPeerTtl > TTL_MAX)
            throw new IllegalArgumentException("a peer is told over 0 to " + TTL_MAX + " hops");
        if (exchangeMs < 100 || staleMs < exchangeMs || peersMax < 0 || failuresMax < 1 || dialsAMinute < 1 || dialsAtOnce < 1)
            throw new IllegalArgumentException("peers are exchanged every 100 ms at most, stale after an exchange at least; counts are positive");
    }

    public static GossipSettings defaults() {
        return new GossipSettings(true, 2, 1, 60_000, 50, 300_000, 3, false, false, 10, 3);
    }

    public GossipSettings off() {
        return new GossipSettings(false, defaultTtl, hubPeerTtl, exchangeMs, peersMax, staleMs, failuresMax, allowPrivate, allowLoopback, dialsAMinute, dialsAtOnce);
    }

    /// What is dialled when a hub says it.
    GossipSettings withPrivate() {
        return new GossipSettings(enabled, defaultTtl, hubPeerTtl, exchangeMs, peersMax, staleMs, failuresMax, true, allowLoopback, dialsAMinute, dialsAtOnce);
    }

    /// How long a record of this node is good.
    long recordMs() {
        return Math.min(PeerRecord.LIFE_MS_MAX, Math.max(RECORD_MS_MIN, 4 * EXCHANGES_A_RECORD * exchangeMs));
    }
}
