package dev.waggle.sim;

import java.util.PriorityQueue;

/// Virtual time: what happens next, and when. Things at one moment happen in the order they were scheduled.
final class Schedule {
    private record Task(long atMs, long number, Runnable work) {}

    private final PriorityQueue<Task> tasks = new PriorityQueue<>((a, b) ->
        a.atMs != b.atMs ? Long.compare(a.atMs, b.atMs) : Long.compare(a.number, b.number));
    private long nowMs;
    private long scheduled;

    /// Milliseconds since the run began.
    long nowMs() {
        return nowMs;
    }

    void after(long delayMs, Runnable work) {
        tasks.add(new Task(nowMs + Math.max(0, delayMs), scheduled++, work));
    }

    /// @return false when nothing is left at or before `untilMs`; the time is then `untilMs`
    boolean next(long untilMs) {
        var task = tasks.peek();
        if (task == null || task.atMs > untilMs) {
            nowMs = Math.max(nowMs, untilMs);
            return false;
        }
        tasks.poll();
        nowMs = task.atMs;
        task.work.run();
        return true;
    }
}
