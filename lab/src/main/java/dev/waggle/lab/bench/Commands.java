package dev.waggle.lab.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How long people wait for a command, from the shell's start of the launcher to its end. Beside it, the shortest there is.
final class Commands implements Question {
    @Override public String name() {
        return "commands";
    }

    @Override public List<Measure> ask(Setting setting, Path folder) throws Exception {
        var version = new ArrayList<Double>();
        var asked = new ArrayList<Double>();
        var alone = new ArrayList<Double>();
        var up = new ArrayList<Double>();
        try (var pair = Pair.open(setting, folder, 1_000)) {
            for (int round = 0; round < 2 * setting.rounds(); round++) {
                version.add(time(pair.a, "space", "--help"));
                asked.add(time(pair.a, "sync", "status"));
            }
            pair.b.stop();
            pair.a.stop();
            for (int round = 0; round < setting.rounds(); round++) {
                alone.add(time(pair.b, "space", "list"));
                up.add(pair.b.up());
                pair.b.stop();
            }
        }
        return List.of(
            Measure.alone("command that asks nobody", "ms", "250", "500", version),
            new Measure("command that asks the running node", "ms", "350", "500", asked, "one that asks nobody", version),
            new Measure("command that brings its own node", "ms", "500", "500", alone, "one that asks nobody", version),
            new Measure("`waggle up` until it answers", "ms", "900", "1,000", up, "one that asks nobody", version));
    }

    private static double time(NodeProcess node, String... command) throws Exception {
        long began = System.nanoTime();
        node.run(command);
        return (System.nanoTime() - began) / 1e6;
    }
}
