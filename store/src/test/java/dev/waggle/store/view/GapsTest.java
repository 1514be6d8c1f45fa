package dev.waggle.store.view;

import dev.waggle.core.Property;
import org.junit.jupiter.api.Test;

import java.util.TreeSet;

import static org.assertj.core.api.Assertions.assertThat;

class GapsTest {
    @Test void a_key_in_a_gap_is_claimed_by_nobody() {
        Property.check(300, random -> {
            var gaps = new Gaps();
            var claimed = new TreeSet<Integer>();
            for (int step = 0; step < 200; step++) {
                int key = random.nextInt(40);
                if (gaps.has(key(key))) assertThat(claimed).as("step " + step).doesNotContain(key);
                switch (random.nextInt(4)) {
                    case 0 -> claimed.remove(key);
                    case 1 -> {
                        if (claimed.contains(key) || gaps.has(key(key))) continue;
                        var next = claimed.higher(key);
                        gaps.learn(key(key), next == null ? null : key(next));
                    }
                    default -> {
                        if (claimed.contains(key)) continue;
                        if (!gaps.has(key(key))) {                    // as the store does: it looks, then claims
                            var next = claimed.higher(key);
                            gaps.learn(key(key), next == null ? null : key(next));
                        }
                        claimed.add(key);
                        gaps.filled(key(key));
                    }
                }
            }
        });
    }

    @Test void a_table_filled_in_the_order_of_its_keys_asks_once() {
        var gaps = new Gaps();
        gaps.learn(key(1), key(200));
        for (int key = 1; key < 200; key++) {
            assertThat(gaps.has(key(key))).isTrue();
            gaps.filled(key(key));
        }
        assertThat(gaps.has(key(200))).isFalse();
    }

    private static byte[] key(int number) {
        return new byte[] {1, (byte) number};
    }
}
