package dev.waggle.sync.engine;

import dev.waggle.core.log.LogUnavailable;

import org.junit.jupiter.api.Test;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class SaveQueueTest {
    private final ArrayDeque<Runnable> work = new ArrayDeque<>();
    private final List<String> saved = new ArrayList<>();
    private final List<String> trouble = new ArrayList<>();
    private final SaveQueue queue = new SaveQueue(work::add, (_, why) -> trouble.add(why), bug -> { throw bug; });
    private boolean full;

    private void save(String key, String value) {
        queue.save(key, () -> {
            if (full) throw new LogUnavailable("save", new IllegalStateException("no space left"));
            saved.add(value);
        });
    }

    private void run() {
        while (!work.isEmpty()) work.remove().run();
    }

    @Test void what_fails_is_saved_when_the_store_works_again() {
        full = true;
        save("a", "first");
        run();
        assertThat(saved).isEmpty();
        assertThat(trouble).hasSize(1);
        full = false;
        save("b", "second");
        run();
        assertThat(saved).containsExactlyInAnyOrder("first", "second");
    }

    @Test void something_newer_under_the_same_key_replaces_what_waits() {
        save("a", "old");
        save("a", "new");
        run();
        assertThat(saved).containsExactly("new");
        full = true;
        save("a", "failed");
        run();
        full = false;
        save("a", "newest");
        run();
        assertThat(saved).containsExactly("new", "newest");
    }
}
