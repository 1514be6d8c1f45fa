package dev.waggle.sim.oracle;

import dev.waggle.core.Property;
import dev.waggle.core.event.Event;
import dev.waggle.core.log.ControlHistories;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.LogChecks;
import dev.waggle.core.log.MemoryEventLog;
import dev.waggle.core.log.TestKeys;
import dev.waggle.core.log.TestSpace;
import dev.waggle.core.log.Verdict;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Random;
import java.util.TreeSet;

import static org.assertj.core.api.Assertions.assertThat;

/// The log's rules about members against the same rules written down by somebody else.
class RightsTest {
    @Tag("A05") @Tag("A06") @Test void the_log_and_the_oracle_hold_the_same_events_for_void() {
        var some = new int[1];
        Property.check(200, random -> {
            var space = new TestSpace();
            var log = new MemoryEventLog(space.id, new TestKeys(), space::fresh);
            ControlHistories.of(space, new Random(random.nextLong()), log, 60);
            var admitted = new ArrayList<Event>();
            for (var entry : log.read(0, Integer.MAX_VALUE, Integer.MAX_VALUE)) if (entry instanceof Entry.Admitted(_, var event, _)) admitted.add(event);
            var voids = new TreeSet<String>();
            LogChecks.verdicts(log).forEach((id, verdict) -> {
                if (verdict == Verdict.VOID) voids.add(id.hex());
            });
            some[0] += voids.size();
            assertThat(Rights.voids(admitted)).isEqualTo(voids);
        });
        assertThat(some[0]).as("void events in all of them").isGreaterThan(Long.getLong("seed") == null ? 500 : -1);
    }
}
