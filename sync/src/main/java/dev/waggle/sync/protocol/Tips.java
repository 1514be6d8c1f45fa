package dev.waggle.sync.protocol;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Event;
import dev.waggle.core.log.Tip;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a peer is known to hold: its tips when it told them, and since then what it sent here. So nothing is sent back to where it came from.
final class Tips {
    private static final int BRANCHES_MAX = 64;

    private final SortedMap<ChainId, List<Tip>> byChain = new TreeMap<>();

    void set(List<Tip> tips) {
        byChain.clear();
        for (var tip : tips) byChain.computeIfAbsent(tip.chain(), _ -> new ArrayList<>(1)).add(tip);
    }

    void clear() {
        byChain.clear();
    }

    int chains() {
        return byChain.size();
    }

    /// The peer sent this event, so it has it and its chain before it.
    void add(Event event) {
        var tips = byChain.computeIfAbsent(event.chain(), _ -> new ArrayList<>(1));
        var tip = new Tip(event.chain(), 0, event.seq(), event.id(), event.envelope().ts());
        for (int i = 0; i < tips.size(); i++) {
            var old = tips.get(i);
            if (old.id().equals(event.id())) return;
            boolean continues = event.envelope().prev().map(old.id()::equals).orElse(false);
            if (continues) {
                tips.set(i, tip);
                return;
            }
        }
        // A later event of a chain whose middle came another way, or another branch. Few branches exist; a peer that sends many is not believed.
        if (tips.size() >= BRANCHES_MAX) tips.removeFirst();
        tips.add(tip);
    }

    /// Whether the peer has all that its chain holds before this event.
    boolean continues(Event event) {
        var prev = event.envelope().prev();
        return prev.isEmpty() || byChain.getOrDefault(event.chain(), List.of()).stream().anyMatch(tip -> tip.id().equals(prev.get()));
    }

    /// The peer and this log share the chain up to `common`, not to the tip that the peer named.
    void replace(Tip named, Tip common) {
        var tips = byChain.get(named.chain());
        if (tips == null) return;
        tips.remove(named);
        if (common != null) tips.add(common);
    }

    List<Tip> all() {
        var all = new ArrayList<Tip>();
        for (var tips : byChain.values()) all.addAll(tips);
        return all;
    }
}
