package dev.waggle.core.log;

import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.EventId;

import java.util.HashMap;
import java.util.HashSet;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/// Invariants of one log, by walking all of it.
public final class LogChecks {
    private LogChecks() {}

    /// I4: parents before children; I5: gapless chains; I14: every event is in a class; offsets without a gap; unsigned events are vouched
    /// for.
    public static void check(EventLog log) {
        var seen = new HashSet<EventId>();
        var unsigned = new HashMap<EventId, EventId>();           // by what has to vouch for it
        long offset = 0;
        for (var entry : log.read(0, Integer.MAX_VALUE, Integer.MAX_VALUE)) {
            assertThat(entry.offset()).isEqualTo(++offset);
            if (!(entry instanceof Entry.Admitted(_, var event, _))) continue;
            assertThat(seen.add(event.id())).as("%s is there twice", event).isTrue();
            event.envelope().prev().ifPresent(prev -> assertThat(seen).contains(prev));
            event.envelope().merges().forEach(merge -> assertThat(seen).contains(merge.id()));
            assertThat(seen).containsAll(event.envelope().control());
            event.envelope().prev().ifPresent(unsigned::remove);
            if (event.signature().isEmpty()) unsigned.put(event.id(), event.id());
        }
        assertThat(unsigned).as("unsigned events with nothing after them").isEmpty();
        assertThat(offset).isEqualTo(log.state().lastOffset());
        var counts = log.counts();
        assertThat(counts.accepted() + counts.voided() + counts.duplicate() + counts.waiting() + counts.held() + counts.rejected() + counts.pushedBack())
            .as("%s", counts).isEqualTo(counts.received());
        assertThat(counts.accepted() + counts.voided()).isEqualTo(seen.size());
        assertThat(log.waiting(Integer.MAX_VALUE).size()).isEqualTo(counts.waiting() + counts.held());
        for (var tip : log.state().tips()) {
            EventId prev = null;
            for (long seq = 1; seq <= tip.seq(); seq++) {
                var event = at(log, tip.chain(), tip.branch(), seq).event();
                assertThat(event.seq()).isEqualTo(seq);
                assertThat(event.envelope().prev().orElse(null)).isEqualTo(prev);
                prev = event.id();
            }
            assertThat(prev).isEqualTo(tip.id());
        }
    }

    private static Entry.Admitted at(EventLog log, ChainId chain, int branch, long seq) {
        return log.at(chain, branch, seq).orElseThrow(() -> new AssertionError("a hole at " + chain + " " + branch + " " + seq));
    }

    /// What each event is worth, as somebody knows who followed the entries.
    public static TreeMap<EventId, Verdict> verdicts(EventLog log) {
        var verdicts = new TreeMap<EventId, Verdict>();
        for (var entry : log.read(0, Integer.MAX_VALUE, Integer.MAX_VALUE)) {
            switch (entry) {
                case Entry.Admitted(_, var event, var verdict) -> verdicts.put(event.id(), verdict);
                case Entry.VerdictChanged(_, var chain, var branch, var from, var to, var verdict) -> {
                    for (long seq = from; seq <= to; seq++) verdicts.put(at(log, chain, branch, seq).event().id(), verdict);
                }
            }
        }
        return verdicts;
    }
}
