package dev.waggle.node.check;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.event.Verifier;
import dev.waggle.core.log.DamagedLog;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.LogUnavailable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Checks a log as a stranger would who is given nothing but its events: every hash, every chain link, every signature, and that no
/// event stands unsigned at the end of a run (I5, I6). Memory grows with the number of chains, not of events.
public final class LogVerify {
    private static final int PAGE_EVENTS = 500;
    private static final int PAGE_BYTES = 1 << 20;
    private static final int DAMAGES_NAMED_MAX = 100;

    /// @param damages one sentence each, the first [#DAMAGES_NAMED_MAX]
    public record Report(long events, long chains, long signatures, List<String> damages) {}

    /// Told how far it is.
    public interface Progress {
        void at(long events, long ofEvents);
    }

    /// The last event seen on a branch of a chain.
    ///
    /// @param unsignedFrom the offset where an unsigned run begins that no signature has closed yet; 0 when none is open
    private record BranchTip(long seq, long unsignedFrom) {}

    private final EventLog log;
    private final Verifier verifier;
    private final Map<ChainId, Map<EventId, BranchTip>> tips = new HashMap<>();
    private final List<String> damages = new ArrayList<>();
    private long events;
    private long signatures;

    private LogVerify(EventLog log, Verifier verifier) {
        this.log = log;
        this.verifier = verifier;
    }

    public static Report verify(EventLog log, Verifier verifier, Progress progress) {
        return new LogVerify(log, verifier).run(progress);
    }

    private Report run(Progress progress) {
        long last = log.state().lastOffset();
        long after = 0;
        while (after < last) {
            List<Entry> page;
            try {
                page = log.read(after, PAGE_EVENTS, PAGE_BYTES);
            } catch (MalformedPayload | LogUnavailable | DamagedLog e) {
                after = oneByOne(after, last);
                continue;
            }
            if (page.isEmpty()) {
                damage("entries " + (after + 1) + " to " + last + " are missing");
                break;
            }
            for (var entry : page) {
                if (entry.offset() != after + 1) damage("entries " + (after + 1) + " to " + (entry.offset() - 1) + " are missing");
                after = entry.offset();
                if (entry instanceof Entry.Admitted(var offset, var event, var _)) check(offset, event);
            }
            progress.at(after, last);
        }
        tips.forEach((chain, branches) -> branches.values().stream().filter(tip -> tip.unsignedFrom() > 0)
            .forEach(tip -> damage("the run of chain " + brief(chain) + " that begins at entry " + tip.unsignedFrom() + " has no signature at its end")));
        return new Report(events, tips.size(), signatures, List.copyOf(damages));
    }

    /// A page that cannot be read holds at least one damaged event: find out which, and go on behind it.
    private long oneByOne(long after, long last) {
        for (long offset = after + 1; offset <= Math.min(after + PAGE_EVENTS, last); offset++) {
            try {
                if (log.atOffset(offset).orElse(null) instanceof Entry.Admitted(var at, var event, var _)) check(at, event);
            } catch (MalformedPayload | LogUnavailable | DamagedLog e) {
                damage("entry " + offset + " cannot be read: " + e.getMessage());
            }
        }
        return Math.min(after + PAGE_EVENTS, last);
    }

    private void check(long offset, Event stored) {
        events++;
        Event event;
        try {
            event = Event.read(stored.payload(), stored.signature().orElse(null));
        } catch (MalformedPayload e) {
            damage("entry " + offset + " is no event: " + e.getMessage());
            return;
        }
        if (!event.id().equals(stored.id())) damage("entry " + offset + " is not the event " + stored.id().brief() + " that it is filed under");
        if (!event.space().equals(log.space())) damage("entry " + offset + " belongs to another space, " + SpaceId.of(event.space().bytes()).brief());
        var branches = tips.computeIfAbsent(event.chain(), _ -> new HashMap<>());
        var before = event.envelope().prev().map(prev -> predecessor(offset, event, branches, prev)).orElse(new BranchTip(0, 0));
        if (before == null) before = new BranchTip(event.seq() - 1, 0);
        var open = before.unsignedFrom();
        if (event.signature().isPresent()) {
            signatures++;
            if (verifier.verify(event.chain().origin(), event.payload(), event.signature().get())) open = 0;
            else damage("entry " + offset + " (" + event + ") has a wrong signature");
        } else if (open == 0) open = offset;
        branches.put(event.id(), new BranchTip(event.seq(), open));
    }

    /// The branch that this event continues; null, and a damage, when there is none.
    private BranchTip predecessor(long offset, Event event, Map<EventId, BranchTip> branches, EventId prev) {
        var tip = branches.remove(prev);
        if (tip == null && log.find(prev).map(entry -> entry.event().chain().equals(event.chain())).orElse(false))
            tip = new BranchTip(event.seq() - 1, 0);         // the beginning of another branch of a forked chain
        if (tip == null) damage("entry " + offset + " (" + event + ") names a predecessor that is not here");
        else if (tip.seq() != event.seq() - 1) damage("entry " + offset + " (" + event + ") does not follow on number " + tip.seq());
        return tip;
    }

    private void damage(String sentence) {
        if (damages.size() < DAMAGES_NAMED_MAX) damages.add(sentence);
    }

    private static String brief(ChainId chain) {
        return chain.origin().brief() + "/" + chain.epoch().brief();
    }
}
