package dev.waggle.core.log;

import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Sha256;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// What a log holds, at one moment: an immutable snapshot, taken after a commit.
///
/// @param tips       one for every branch of every chain, sorted by chain, then by (seq, id)
/// @param lastOffset the offset of the last entry, 0 for an empty log
/// @param members    who is a member now, and in which role: the fold of all control events that count
/// @param control    the control heads: what a new event names in `control`
/// @param forks      chains with more than one branch
/// @param former     who is no member any more, with a control event that says so
/// @param checkpoint the last checkpoint that counts
/// @param checkpointer who writes the next one: the owner, or the coordinator that he named
public record LogState(List<Tip> tips, long lastOffset, SortedMap<NodeId, Role> members, List<EventId> control, int forks,
                       SortedMap<NodeId, EventId> former, Optional<EventId> checkpoint, Optional<NodeId> checkpointer) {
    public static final Comparator<Tip> ORDER = Comparator.comparing(Tip::chain).thenComparingLong(Tip::seq).thenComparing(Tip::id);

    public LogState {
        tips = isSorted(tips) ? List.copyOf(tips) : tips.stream().sorted(ORDER).toList();
        control = List.copyOf(control);
    }

    public LogState(List<Tip> tips, long lastOffset, SortedMap<NodeId, Role> members, List<EventId> control, int forks) {
        this(tips, lastOffset, members, control, forks, Collections.emptySortedMap(), Optional.empty(), Optional.empty());
    }

    private static boolean isSorted(List<Tip> tips) {
        for (int i = 1; i < tips.size(); i++) if (ORDER.compare(tips.get(i - 1), tips.get(i)) > 0) return false;
        return true;
    }

    /// What it says of the chains of one author alone, and nothing of how long the log is.
    public LogState of(NodeId author) {
        return new LogState(tips.stream().filter(tip -> tip.chain().origin().equals(author)).toList(), 0, members, control, forks, former, checkpoint, checkpointer);
    }

    /// The hash over the sorted tips (chain, seq, id). A tip commits to its whole chain, so equal fingerprints mean equal logs.
    public byte[] fingerprint() {
        return fingerprintOf(tips);
    }

    public static byte[] fingerprintOf(List<Tip> sortedTips) {
        var digest = Sha256.digest();
        for (var tip : sortedTips)
            digest.update((tip.chain().text() + " " + tip.seq() + " " + tip.id().hex() + "\n").getBytes(StandardCharsets.US_ASCII));
        return digest.digest();
    }
}
