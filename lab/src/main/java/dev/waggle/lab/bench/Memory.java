package dev.waggle.lab.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A node with many events: how fast it starts, how much memory it holds when it only serves them, and when it takes all of them into a file.
final class Memory implements Question {
    @Override public String name() {
        return "memory";
    }

    @Override public List<Measure> ask(Setting setting, Path folder) throws Exception {
        var startA = new ArrayList<Double>();
        var startB = new ArrayList<Double>();
        var measures = new ArrayList<Measure>();
        var many = String.format(java.util.Locale.ROOT, "%,d events", setting.manyEvents());
        try (var a = new NodeProcess(setting.launcher(), folder, "a"); var b = new NodeProcess(setting.launcher(), folder, "b")) {
            LongLog.make(a, folder, setting.manyEvents());
            for (int round = 0; round < setting.rounds(); round++) {
                startA.add(a.up());
                if (round + 1 < setting.rounds()) a.stop();
            }
            TimeUnit.SECONDS.sleep(2);
            double idle = a.residentMiB();
            b.up();
            long began = System.nanoTime();
            b.run("join", a.ticket(), folder.resolve("b.sqlite").toString());
            double rate = setting.manyEvents() / ((System.nanoTime() - began) / 1e9);
            measures.add(Measure.once("join of " + many, "rows/s", "20,000", "no slower than fewer", rate));
            measures.add(Measure.once("resident, serving: " + many + ", before anybody asked", "MiB", "130", "256", idle));
            measures.add(Measure.once("resident, serving: the most while they were sent", "MiB", "200", "256", a.peakMiB()));
            measures.add(Measure.once("resident, receiving into a file: the most", "MiB", "250", "256", b.peakMiB()));
            b.stop();
            for (int round = 0; round < setting.rounds(); round++) {
                startB.add(b.up());
                if (round + 1 < setting.rounds()) b.stop();
            }
            TimeUnit.SECONDS.sleep(2);
            measures.add(Measure.once("resident, following a file of as many rows, after a start", "MiB", "150", "256", b.residentMiB()));
        }
        measures.add(Measure.alone("start with " + many + ", no file", "ms", "1,000", "2,000", startA));
        measures.add(Measure.alone("start with " + many + " and the file that follows them", "ms", "1,200", "2,000", startB));
        return measures;
    }
}
