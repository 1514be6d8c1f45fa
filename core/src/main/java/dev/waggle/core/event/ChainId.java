package dev.waggle.core.event;

/// The events one node wrote under one epoch: `seq` 1, 2, 3 … with no gap, each naming its predecessor.
public record ChainId(NodeId origin, Epoch epoch) implements Comparable<ChainId> {
    @Override public int compareTo(ChainId other) {
        int byOrigin = origin.compareTo(other.origin);
        return byOrigin != 0 ? byOrigin : epoch.compareTo(other.epoch);
    }

    /// `origin.epoch`, as payloads spell a chain.
    public String text() {
        return origin.hex() + "." + epoch.hex();
    }

    /// @throws IllegalArgumentException when `text` is not a node id, a dot and an epoch
    public static ChainId parse(String text) {
        if (text.length() != 97 || text.charAt(64) != '.')
            throw new IllegalArgumentException("a chain is a node id, a dot and an epoch");
        return new ChainId(new NodeId(text.substring(0, 64)), new Epoch(text.substring(65)));
    }

    @Override public String toString() {
        return origin.brief() + "." + epoch.brief();
    }
}
