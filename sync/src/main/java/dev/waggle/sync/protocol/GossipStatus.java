package dev.waggle.sync.protocol;

import java.util.Map;

/// What came of what peers told of peers, since the node started.
///
/// @param records signed records known now, of whatever source their peers are
/// @param learnt  peers that are known from others alone
/// @param told    records sent
/// @param heard   records received
/// @param refused how many of them were not believed, and why
public record GossipStatus(int records, int learnt, long told, long heard, Map<GossipRefusal, Long> refused) {
    public static final GossipStatus NOTHING = new GossipStatus(0, 0, 0, 0, Map.of());

    public long refused(GossipRefusal why) {
        return refused.getOrDefault(why, 0L);
    }
}
