package dev.waggle.store.sql;

import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Draft;
import dev.waggle.core.log.Entry;
import dev.waggle.core.log.EventLog;
import dev.waggle.core.log.Genesis;

import com.sun.management.OperatingSystemMXBean;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/// How fast one log is, on one thread: run by hand, with a folder on a real disk. Guesses beside the questions:
/// local write in groups of 100 (20,000 events/s), serving (100,000), append of 500-event batches with one signature a run (60,000), opening
/// (well under 2 s at 1,000,000 events).
final class LogBench {
    private static final long NOW = 1_800_000_000_000L;

    private LogBench() {}

    public static void main(String[] arguments) throws Exception {
        int events = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 200_000;
        var folder = Files.createTempDirectory(Path.of(arguments.length > 0 ? arguments[0] : "."), "log-bench");
        var random = new Random(1);
        var keys = new Ed25519();
        var owner = new Author(Ed25519.signer(new byte[32]), new Epoch("11".repeat(16)));
        var genesis = Genesis.write(owner, "bench", "table", Json.object(), new byte[32]);
        var source = SqlEventLog.create(folder.resolve("source.sqlite"), genesis, keys, () -> epoch(random), NOW);

        for (int size : new int[] {1, 10, 100, 1_000}) {
            int count = size == 1 ? 2_000 : events / 4;
            var start = Watch.start();
            for (int i = 0; i < count; i += size) source.write(owner, drafts(i, size), List.of(), Map.of(), NOW + i);
            say("local write in groups of " + size, count, start);
        }
        var fill = Watch.start();
        int left = (int) (events - source.state().lastOffset());
        for (int i = 0; i < left; i += 500) source.write(owner, drafts(i, 500), List.of(), Map.of(), NOW + i);
        say("local write in groups of 500", left, fill);

        serve(source, genesis, keys, folder);

        var start = Watch.start();
        source.find(genesis.id());
        say("building the index of ids", events, start);
        source.close();
        start = Watch.start();
        source = SqlEventLog.open(folder.resolve("source.sqlite"), genesis.space(), keys, () -> epoch(random));
        System.out.printf("%-50s %10.0f ms%n", "opening", start.wallNs() / 1e6);
        start = Watch.start();
        int read = 0;
        for (List<Entry> page = source.read(0, 1_000, 1 << 22); !page.isEmpty(); page = source.read(page.getLast().offset(), 1_000, 1 << 22))
            read += page.size();
        say("reading entries", read, start);
        start = Watch.start();
        var report = LogScrub.scan(folder.resolve("source.sqlite"), keys, owner.signer().node(), _ -> false, _ -> {});
        say("scrubbing, " + report.damages().size() + " damaged", events, start);
        System.out.printf("%-50s %10.0f bytes%n", "file, an event", (double) Files.size(folder.resolve("source.sqlite")) / events);
        source.close();
    }

    /// Serves all of it page by page, and appends each page to two other logs.
    private static void serve(EventLog source, Event genesis, Ed25519 keys, Path folder) {
        var serving = new Watch();
        var asServed = new Watch();
        var oneSignature = new Watch();
        long events = 0;
        try (EventLog copy = SqlEventLog.open(folder.resolve("copy.sqlite"), genesis.space(), keys, () -> new Epoch("22".repeat(16)));
             EventLog one = SqlEventLog.open(folder.resolve("one.sqlite"), genesis.space(), keys, () -> new Epoch("22".repeat(16)))) {
            for (long after = 0; ; ) {
                long from = after;
                var page = serving.time(() -> source.readMissing(List.of(), from, 500, 1 << 20));
                asServed.time(() -> copy.append(page.events(), NOW + 1_000_000));
                var few = new ArrayList<Event>(page.events());
                for (int i = 0; i + 1 < few.size(); i++) few.set(i, few.get(i).withoutSignature());
                oneSignature.time(() -> one.append(few, NOW + 1_000_000));
                events += few.size();
                after = page.upTo();
                if (page.end()) break;
            }
            if (copy.state().lastOffset() != events || one.state().lastOffset() != events)
                throw new AssertionError("not all were admitted: " + one.counts());
        }
        say("serving in pages of 500 (each hashed again)", events, serving);
        say("append as served (signed every 64)", events, asServed);
        say("append with one signature a batch", events, oneSignature);
    }

    private static Epoch epoch(Random random) {
        var bytes = new byte[16];
        random.nextBytes(bytes);
        return Epoch.of(bytes);
    }

    private static List<Draft> drafts(int from, int count) {
        var drafts = new ArrayList<Draft>(count);
        for (int i = from; i < from + count; i++)
            drafts.add(new Draft("row_changed", Json.object("table", "task", "key", "task-" + i, "title", "Something that has to be done, number " + i,
                "status", "open", "assignee", "somebody", "notes", "a line of text that makes the row about as long as a task is in practice")));
        return drafts;
    }

    private static void say(String what, long events, Watch watch) {
        System.out.printf("%-50s %10.0f events/s %10.0f events/CPU-s%n", what, events / (watch.wallNs() / 1e9), events / (watch.cpuNs() / 1e9));
    }

    /// Wall and processor time: on a shared machine only the second says what the code costs.
    private static final class Watch {
        private static final OperatingSystemMXBean PROCESS = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        private long wall;
        private long cpu;
        private boolean running;

        static Watch start() {
            var watch = new Watch();
            watch.wall = -System.nanoTime();
            watch.cpu = -PROCESS.getProcessCpuTime();
            watch.running = true;
            return watch;
        }

        <T> T time(Supplier<T> work) {
            wall -= System.nanoTime();
            cpu -= PROCESS.getProcessCpuTime();
            var result = work.get();
            wall += System.nanoTime();
            cpu += PROCESS.getProcessCpuTime();
            return result;
        }

        long wallNs() {
            return running ? wall + System.nanoTime() : wall;
        }

        long cpuNs() {
            return running ? cpu + PROCESS.getProcessCpuTime() : cpu;
        }
    }
}
