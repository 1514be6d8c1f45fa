package dev.waggle.sync.engine;

import dev.waggle.sync.protocol.Notice;
import dev.waggle.sync.protocol.SyncStatus;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/// Rows of hive-sync section 3.12 that take longer than a test may: under a virtual clock.
class FailureModesTest extends TwoNodes {
    @Tag("F01") @Tag("F02") @Test void a_peer_that_is_down_is_tried_ever_more_slowly_ten_failures_are_counted_and_all_arrives_when_it_is_back() {
        joined(b);
        a.crash();
        b.write(id(), 5);
        long began = net.nowMs();
        long tenthMs = 0;
        while (tenthMs == 0 && net.nowMs() - began < 3_600_000) {
            net.run(1_000);
            if (b.status().peer(a.id).orElseThrow().failures() >= 10) tenthMs = net.nowMs() - began;
        }
        assertThat(tenthMs).as("1 + 2 + 4 + 8 + 16 + 32 + 4 times 64 s, up to half of it taken off by chance").isBetween(120_000L, 340_000L);
        long triedMs = net.nowMs();
        int tries = b.heard(Notice.DialFailed.class).size();
        net.run(3_600_000);
        assertThat(b.heard(Notice.DialFailed.class).size() - tries).as("it is tried on, at least every 64 s").isGreaterThanOrEqualTo((int) ((net.nowMs() - triedMs) / 64_000) - 1);
        assertThat(b.status().peer(a.id).orElseThrow().state()).isNotEqualTo(SyncStatus.PeerState.CONNECTED);

        a.start();
        net.run(70_000);
        assertThat(b.status().peer(a.id).orElseThrow().failures()).isZero();
        assertThat(b.status().peer(a.id).orElseThrow().lagEvents()).isZero();
        assertEqual(a, b);
    }
}
