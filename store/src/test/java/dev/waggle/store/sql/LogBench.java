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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

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
            long start = System.nanoTime();
            for (int i = 0; i < count; i += size) source.write(owner, drafts(i, size), List.of(), Map.of(), NOW + i);
            say("local write in groups of " + size, count, start);
        }
        long fill = System.nanoTime();
        int left = (int) (events - source.state().lastOffset());
        for (int i = 0; i < left; i += 500) source.write(owner, drafts(i, 500), List.of(), Map.of(), NOW + i);
        say("local write in groups of 500", left, fill);

        var batches = new ArrayList<List<Event>>();
        long start = System.nanoTime();
        for (var page = source.readMissing(List.of(), 0, 500, 1 << 20); ; page = source.readMissing(List.of(), page.upTo(), 500, 1 << 20)) {
            batches.add(page.events());
            if (page.end()) break;
        }
        say("serving in pages of 500 (each hashed again)", events, start);
        append(folder.resolve("copy.sqlite"), genesis, keys, batches, "append as served (signed every 64)");

        batches.replaceAll(batch -> {
            var few = new ArrayList<Event>(batch.size());
            for (int i = 0; i < batch.size(); i++) few.add(i + 1 < batch.size() ? batch.get(i).withoutSignature() : batch.get(i));
            return few;
        });
        append(folder.resolve("one.sqlite"), genesis, keys, batches, "append with one signature a batch");

        start = System.nanoTime();
        source.find(genesis.id());
        say("building the index of ids", events, start);
        source.close();
        start = System.nanoTime();
        source = SqlEventLog.open(folder.resolve("source.sqlite"), genesis.space(), keys, () -> epoch(random));
        System.out.printf("%-50s %10.0f ms%n", "opening", (System.nanoTime() - start) / 1e6);
        start = System.nanoTime();
        int read = 0;
        for (List<Entry> page = source.read(0, 1_000, 1 << 22); !page.isEmpty(); page = source.read(page.getLast().offset(), 1_000, 1 << 22)) read += page.size();
        say("reading entries", read, start);
        start = System.nanoTime();
        var report = LogScrub.scan(folder.resolve("source.sqlite"), keys, owner.signer().node(), _ -> false, _ -> {});
        say("scrubbing, " + report.damages().size() + " damaged", events, start);
        System.out.printf("%-50s %10.0f bytes%n", "file, an event", (double) Files.size(folder.resolve("source.sqlite")) / events);
        source.close();
    }

    private static void append(Path file, Event genesis, Ed25519 keys, List<List<Event>> batches, String what) {
        try (EventLog log = SqlEventLog.open(file, genesis.space(), keys, () -> new Epoch("22".repeat(16)))) {
            long start = System.nanoTime();
            long events = 0;
            for (var batch : batches) {
                log.append(batch, NOW + 1_000_000);
                events += batch.size();
            }
            say(what, events, start);
            if (log.state().lastOffset() != events) throw new AssertionError("not all were admitted: " + log.counts());
        }
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

    private static void say(String what, long events, long startNs) {
        System.out.printf("%-50s %10.0f events/s%n", what, events / ((System.nanoTime() - startNs) / 1e9));
    }
}
