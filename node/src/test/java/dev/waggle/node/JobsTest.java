package dev.waggle.node;

import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.concurrent.CountDownLatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@Timeout(20)
class JobsTest {
    @Test void a_job_reports_its_progress_and_its_result() throws InterruptedException {
        try (var jobs = new Jobs<String>()) {
            var go = new CountDownLatch(1);
            var job = jobs.start("counting", working -> {
                working.progress(1, 2);
                await(go);
                return "two";
            });
            for (var state = job.state(); state.done() == 0; state = job.state()) Thread.onSpinWait();
            assertThat(job.await(1).ended()).isFalse();
            go.countDown();
            assertThat(jobs.job(job.id()).await(10_000).result()).contains("two");
        }
    }

    @Test void a_failure_is_kept_for_whoever_asks() throws InterruptedException {
        try (var jobs = new Jobs<String>()) {
            var job = jobs.start("failing", _ -> {
                throw new Problem(ErrorCode.NOT_FOUND, "It is not there.", "Look elsewhere.");
            });
            assertThat(job.await(10_000).failure().orElseThrow()).hasMessage("It is not there.");
        }
    }

    @Test void too_many_at_once_are_refused_and_old_ones_forgotten() throws InterruptedException {
        try (var jobs = new Jobs<String>()) {
            var go = new CountDownLatch(1);
            for (int i = 0; i < Jobs.RUNNING_MAX; i++) jobs.start("waiting", _ -> await(go));
            assertThatThrownBy(() -> jobs.start("one more", _ -> "")).isInstanceOf(Problem.class);
            go.countDown();
            for (int i = 1; i <= Jobs.RUNNING_MAX; i++) jobs.job("job-" + i).await(10_000);
            for (int i = 0; i < Jobs.KEPT_MAX; i++) jobs.start("short", _ -> "").await(10_000);
            assertThatThrownBy(() -> jobs.job("job-1")).isInstanceOf(Problem.class);
        }
    }

    private static String await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return "";
    }
}
