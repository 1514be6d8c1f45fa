package dev.waggle.store.capture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class NoticeTest {
    private static final int LOOKS = 3;

    /// A look that follows no touch is what finds a commit whose touch was seen too early: it must not wait for the whole directory to be quiet.
    @Test void a_directory_that_never_rests_keeps_nobody_from_looking(@TempDir Path folder) throws Exception {
        var looks = new CountDownLatch(LOOKS);
        var other = folder.resolve("other.log");
        try (var notice = new Notice(Files.createFile(folder.resolve("file.sqlite")), () -> { }, looks::countDown)) {
            notice.start();
            assertThat(notice.isWatching()).isTrue();
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
            do Files.writeString(other, "x", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            while (!looks.await(5, TimeUnit.MILLISECONDS) && System.nanoTime() < until);
            assertThat(looks.getCount()).isZero();
        }
    }
}
