package dev.waggle.store.capture;

import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.MemoryEventLog;
import dev.waggle.core.log.TestKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;

/// The thread that owns a file, while something keeps it busy.
@Timeout(60)
class OwnerTest {
    @TempDir Path folder;
    private final AtomicInteger asked = new AtomicInteger();
    private final EventLog log = counting(new MemoryEventLog(new SpaceId("ab".repeat(32)), new TestKeys(), () -> new Epoch("11".repeat(16))));

    private EventLog counting(EventLog log) {
        return (EventLog) Proxy.newProxyInstance(EventLog.class.getClassLoader(), new Class<?>[] {EventLog.class}, (_, method, arguments) -> {
            if (method.getName().equals("state")) asked.incrementAndGet();
            return method.invoke(log, arguments);
        });
    }

    /// A page asks four times a second: were each question answered later, the owner would be busy with answers that nobody waits for.
    @Test void a_status_that_came_too_late_is_not_found_out_afterwards() throws InterruptedException {
        var owner = new Owner("test");
        var followed = new FollowedFile(folder.resolve("file.sqlite"), log, () -> null, () -> 0, null);
        var busy = new CountDownLatch(1);
        var begun = new CountDownLatch(1);
        var work = Thread.ofVirtual().start(() -> owner.call(() -> {
            begun.countDown();
            busy.await();
            return null;
        }));
        begun.await();
        owner.status(followed, log);
        owner.status(followed, log);
        int before = asked.get();
        busy.countDown();
        work.join();
        owner.call(() -> null);                              // comes after whatever is still queued
        assertThat(asked).as("looks of the owner, for two who went away").hasValue(before);
        assertThat(owner.status(followed, log).state()).as("it answers again").isEqualTo(FollowStatus.State.NOT_TRACKED);
        owner.close();
    }
}
