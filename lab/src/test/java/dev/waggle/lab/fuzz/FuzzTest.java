package dev.waggle.lab.fuzz;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.nio.file.Files;
import java.util.HashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/// What every build does about hostile inputs: all that are kept are replayed, then each target is fuzzed for half a minute, two at once, from the same seed. What
/// breaks is kept among the sources, so the next build replays it, and the failure prints the line that does so now.
class FuzzTest {
    private static final long SECONDS = 30;
    private static final int AT_ONCE = 2;
    private static final int PLANTED_SECONDS_MAX = 60;
    private static final ExecutorService RUNS = Executors.newFixedThreadPool(AT_ONCE);

    @AfterAll static void stop() {
        RUNS.shutdownNow();
    }

    @TestFactory Stream<DynamicTest> every_kept_input_keeps_the_promise() {
        return Targets.ALL.stream().map(target -> DynamicTest.dynamicTest(target.name() + ": " + target.says(), () -> {
            var files = new Corpus(target.name()).files();
            assertThat(files).as("kept inputs of " + target.name()).isNotEmpty();
            var one = target.make().get();
            for (var file : files) {
                try {
                    Limits.run(one, Files.readAllBytes(file));
                } catch (Throwable broken) {
                    throw new AssertionError("replay: ./waggle fuzz --replay " + file + ": " + broken, broken);
                }
            }
        }));
    }

    @TestFactory Stream<DynamicTest> new_inputs_keep_the_promise_too() {
        var runs = new HashMap<String, Future<FuzzRun.Outcome>>();
        for (var target : Targets.ALL) runs.put(target.name(), RUNS.submit(() -> new FuzzRun(target).fuzzAlike(SECONDS)));
        return Targets.ALL.stream().map(target -> DynamicTest.dynamicTest(target.name() + " for " + SECONDS + " s", () -> {
            var outcome = result(runs.get(target.name()));
            if (outcome.finding().isPresent()) throw new AssertionError(new FuzzRun(target).report(outcome));
            System.out.println("fuzz " + target.name() + ": " + outcome.executions() + " inputs, " + outcome.branches() + " branches, nothing found");
            assertThat(outcome.executions()).as("inputs tried, beyond the kept ones").isGreaterThan(new Corpus(target.name()).files().size());
            assertThat(outcome.branches()).as("branches of instrumented code").isGreaterThan(50);
        }));
    }

    /// A fuzzer that sees no coverage finds nothing and says that all is well.
    @Test void a_planted_bug_is_found_in_seconds_because_coverage_guides() throws Exception {
        var outcome = result(RUNS.submit(() -> new FuzzRun(Targets.PLANTED).fuzz(PLANTED_SECONDS_MAX)));
        assertThat(outcome.finding()).hasValueSatisfying(input -> assertThat(new String(input, 0, 4, java.nio.charset.StandardCharsets.US_ASCII)).isEqualTo("bees"));
        assertThat(outcome.failure()).contains("the planted bug");
    }

    private static <T> T result(Future<T> run) throws Exception {
        try {
            return run.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
