package dev.waggle.sim;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/// Many runs, some at a time. What they come to does not depend on how many: results are taken in the order of their seeds.
public final class Seeds {
    /// So many runs wait for one that is slow.
    private static final int AHEAD = 64;

    /// @param failures  in the order of their seeds
    /// @param happened  how often what happened, over all runs
    /// @param inRuns    in how many runs it happened
    /// @param events    acknowledged writes
    public record Summary(long seeds, List<Simulation.Result> failures, Map<String, Long> happened, Map<String, Long> inRuns, long events, long virtualMs) {}

    private Seeds() {}

    /// @param options the seed is the first of `count`
    /// @param told    each result, in order, on the caller's thread
    public static Summary run(Simulation.Options options, long count, int threads, Consumer<Simulation.Result> told) {
        var failures = new ArrayList<Simulation.Result>();
        var happened = new TreeMap<String, Long>();
        var inRuns = new TreeMap<String, Long>();
        long events = 0;
        long virtualMs = 0;
        try (var pool = Executors.newFixedThreadPool(threads, task -> {
            var thread = new Thread(task, "simulation");
            thread.setDaemon(true);
            return thread;
        })) {
            var running = new ArrayDeque<Future<Simulation.Result>>();
            long next = 0;
            for (long taken = 0; taken < count; taken++) {
                while (next < count && running.size() < AHEAD + threads) {
                    var seed = options.withSeed(options.seed() + next++);
                    running.add(pool.submit((Callable<Simulation.Result>) () -> Simulation.run(seed)));
                }
                var result = running.remove().get();
                result.counts().forEach((what, times) -> {
                    happened.merge(what, times, Long::sum);
                    inRuns.merge(what, 1L, Long::sum);
                });
                events += result.events();
                virtualMs += result.virtualMs();
                if (result.failure().isPresent()) failures.add(result);
                told.accept(result);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
        return new Summary(count, List.copyOf(failures), happened, inRuns, events, virtualMs);
    }
}
