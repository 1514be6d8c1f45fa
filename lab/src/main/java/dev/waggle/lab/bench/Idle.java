package dev.waggle.lab.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A node that follows a file and has two peers, and nothing to do.
final class Idle implements Question {
    private static final int ROWS = 1_000;
    private static final long SETTLE_S = 5;

    @Override public String name() {
        return "idle";
    }

    @Override public List<Measure> ask(Setting setting, Path folder) throws Exception {
        try (var pair = Pair.open(setting, folder, ROWS); var c = new NodeProcess(setting.launcher(), folder, "c")) {
            c.up();
            c.run("join", pair.a.ticket(), folder.resolve("c.sqlite").toString());
            TimeUnit.SECONDS.sleep(SETTLE_S);
            double before = pair.a.cpuSeconds();
            double leafBefore = c.cpuSeconds();
            TimeUnit.SECONDS.sleep(setting.idleSeconds());
            double share = 100 * (pair.a.cpuSeconds() - before) / setting.idleSeconds();
            double leafShare = 100 * (c.cpuSeconds() - leafBefore) / setting.idleSeconds();
            return List.of(
                Measure.once("idle node with two peers and a file, over " + setting.idleSeconds() + " s", "% of a core", "0.3", "0.5", share),
                Measure.once("idle node with one peer and a file", "% of a core", "0.3", "0.5", leafShare),
                Measure.once("resident, idle node with two peers", "MiB", "120", "256", pair.a.residentMiB()));
        }
    }
}
