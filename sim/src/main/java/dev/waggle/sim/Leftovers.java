package dev.waggle.sim;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.EventRef;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.ControlType;
import dev.waggle.core.log.EventLog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// In what the honest logs may differ until its time comes (docs/decisions.md, "Clocks that are years wrong"): what a liar stamped years ahead and never repairs is
/// held, and was admitted where a clock was as wrong at that moment; so is an ownership that was handed over with such a clock, since nobody can take that back; and so is all
/// that builds on either. Everything else has to be the same.
final class Leftovers {
    private final Set<EventId> differing = new HashSet<>();
    private final Map<EventId, Event> early = new HashMap<>();           // what builds on what is early is early, too
    private final Set<EventId> excused = new HashSet<>();

    Leftovers(Simulation simulation) {
        long earlyMs = Simulation.START_WALL_MS + simulation.schedule.nowMs() + EventLog.FUTURE_MS_MAX;
        var honest = simulation.nodes().stream().filter(node -> node.isHonest() && node.log() != null).toList();
        for (var node : honest)
            for (long offset = 1; offset <= node.log().storage().size(); offset++) {
                var event = node.log().storage().raw(offset);
                if (event == null) continue;
                boolean differs = !honest.stream().allMatch(other -> other.holds(event));
                if (differs) differing.add(event.id());
                if (event.envelope().ts().wallMs() <= earlyMs) continue;
                early.put(event.id(), event);
                boolean lied = honest.stream().noneMatch(author -> author.id().equals(event.chain().origin()));
                if (event.type().equals(ControlType.OWNERSHIP_TRANSFERRED) || differs && lied) excused.add(event.id());
            }
        for (boolean more = true; more; ) {
            more = false;
            for (var event : early.values()) if (causes(event).stream().anyMatch(excused::contains)) more |= excused.add(event.id());
        }
    }

    /// What has to be there before the event is admitted.
    private static List<EventId> causes(Event event) {
        var causes = new ArrayList<>(event.envelope().control());
        event.envelope().prev().ifPresent(causes::add);
        event.envelope().merges().stream().map(EventRef::id).forEach(causes::add);
        if (event.type().equals(ControlType.REBASE)) event.body().textIfPresent("id").map(EventId::new).ifPresent(causes::add);
        if (ControlType.isControl(event.type()))
            for (var member : List.of("cuts", "counts"))
                for (var named : event.body().arrayOrEmpty(member)) causes.add(new EventId(((Json.Obj) named).text("id")));
        return causes;
    }

    /// Whether an event may be missing somewhere.
    boolean excuse(Event event) {
        return excused.contains(event.id());
    }

    boolean excuseAll() {
        return excused.containsAll(differing);
    }
}
