package dev.waggle.sync.engine;

import dev.waggle.core.log.LogUnavailable;

import java.util.LinkedHashMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/// Saves what is remembered, off the loop, one after the other. Something newer under the same key replaces what was not saved yet, so the
/// queue holds at most one thing for each peer and space. What fails stays queued and is tried with the next.
final class SaveQueue {
    private static final int WAITING_MAX = 10_000;

    private final Executor workers;
    private final BiConsumer<String, String> trouble;
    private final Consumer broken;
    private final LinkedHashMap<Object, Runnable> waiting = new LinkedHashMap<>();
    private boolean running;

    interface Consumer {
        void accept(RuntimeException bug);
    }

    SaveQueue(Executor workers, BiConsumer<String, String> trouble, Consumer broken) {
        this.workers = workers;
        this.trouble = trouble;
        this.broken = broken;
    }

    void save(Object key, Runnable save) {
        synchronized (this) {
            waiting.remove(key);
            if (waiting.size() >= WAITING_MAX) {                  // only with a store that fails for long: the oldest is derivable again
                var oldest = waiting.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
            waiting.put(key, save);
        }
        retry();
    }

    /// Goes on after a failure.
    void retry() {
        synchronized (this) {
            if (running || waiting.isEmpty()) return;
            running = true;
        }
        workers.execute(this::run);
    }

    private void run() {
        while (true) {
            Object key;
            Runnable save;
            synchronized (this) {
                if (waiting.isEmpty()) {
                    running = false;
                    return;
                }
                var next = waiting.entrySet().iterator().next();
                key = next.getKey();
                save = next.getValue();
                waiting.remove(key);
            }
            try {
                save.run();
            } catch (LogUnavailable e) {
                synchronized (this) {
                    waiting.putIfAbsent(key, save);
                    running = false;
                }
                trouble.accept("save", e.getMessage());
                return;
            } catch (RuntimeException bug) {
                broken.accept(bug);
                return;
            }
        }
    }
}
