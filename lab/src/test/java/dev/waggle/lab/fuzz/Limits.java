package dev.waggle.lab.fuzz;

import java.lang.management.ManagementFactory;

/// What every input may cost, whatever it is: a second of this thread's time. Memory is bounded by the heap of the process, [#HEAP_MB].
///
/// Processor time decides, so a busy machine accuses nobody; waiting (for a lock, for another thread) counts from [#WAIT_MS_MAX] on. Three times in a row:
/// the first times load classes.
final class Limits {
    static final long INPUT_MS_MAX = 1_000;
    static final long WAIT_MS_MAX = 10_000;
    static final int HEAP_MB = 512;
    /// Of the whole process, outside the heap too (zstd, SQLite). Half of it is Jazzer's and the JVM's own.
    static final int PROCESS_MB = 1_536;

    private Limits() {}

    /// @throws Throwable what the target throws, or [AssertionError] for an input that takes too long
    static void run(Target target, byte[] input) throws Throwable {
        int slow = 0;
        while (isSlow(target, input)) {
            if (++slow == 3) throw new AssertionError("an input of " + input.length + " bytes takes longer than " + INPUT_MS_MAX + " ms, three times in a row");
        }
    }

    private static boolean isSlow(Target target, byte[] input) throws Throwable {
        var threads = ManagementFactory.getThreadMXBean();
        long startedNs = System.nanoTime();
        long cpuNs = threads.getCurrentThreadCpuTime();
        target.run(input);
        cpuNs = threads.getCurrentThreadCpuTime() - cpuNs;
        long wallNs = System.nanoTime() - startedNs;
        boolean waited = wallNs > WAIT_MS_MAX * 1_000_000;
        return cpuNs > INPUT_MS_MAX * 1_000_000 || waited;
    }
}
