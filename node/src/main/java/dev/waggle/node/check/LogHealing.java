package dev.waggle.node.check;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;
import dev.waggle.store.sql.Damage;
import dev.waggle.store.sql.Database;
import dev.waggle.store.sql.LogScrub;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/// Finds what the disk changed in a log and mends it: from the log itself where it proves what was there, else with the event as another
/// member has it. What is nowhere else is named as lost.
public final class LogHealing {
    private static final int FETCH_IDS_MAX = 200;
    private static final int DAMAGES_NAMED_MAX = 20;

    /// @param open one sentence for each damage that could not be mended
    /// @param lost how many of those were this node's own and never left it
    public record Report(int found, int mended, int lost, List<String> open) {
        public boolean isGood() {
            return open.isEmpty();
        }
    }

    private LogHealing() {}

    /// @param acknowledged whether some other node has the entry at an offset
    /// @param fetch        asks peers for events by id
    public static Report heal(Database log, SpaceId space, Verifier verifier, NodeId self, LongPredicate acknowledged, Function<List<EventId>, List<Event>> fetch, LongConsumer progress) {
        var scan = LogScrub.scan(log, space, verifier, self, acknowledged, progress);
        var left = new ArrayList<Damage>();
        for (var damage : scan.damages()) if (!LogScrub.repair(log, damage, Optional.empty(), verifier)) left.add(damage);
        var fetched = fetched(left, fetch);
        left.removeIf(damage -> LogScrub.repair(log, damage, Optional.ofNullable(fetched.get(damage.id())), verifier));
        var open = new ArrayList<>(scan.other());
        left.stream().limit(DAMAGES_NAMED_MAX).forEach(damage -> open.add(damage.toString()));
        if (left.size() > DAMAGES_NAMED_MAX) open.add("and " + (left.size() - DAMAGES_NAMED_MAX) + " more");
        return new Report(scan.damages().size() + scan.other().size(), scan.damages().size() - left.size(), (int) left.stream().filter(Damage::lost).count(), open);
    }

    private static Map<EventId, Event> fetched(List<Damage> damages, Function<List<EventId>, List<Event>> fetch) {
        var events = new HashMap<EventId, Event>();
        for (int from = 0; from < damages.size(); from += FETCH_IDS_MAX) {
            var ids = damages.subList(from, Math.min(damages.size(), from + FETCH_IDS_MAX)).stream().map(Damage::id).distinct().toList();
            for (var event : fetch.apply(ids)) events.put(event.id(), event);
        }
        return events;
    }
}
