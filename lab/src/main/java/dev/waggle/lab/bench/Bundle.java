package dev.waggle.lab.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// `track` of an existing table, then `join` on an empty node: rows travel bundled. Both nodes run already.
final class Bundle implements Question {
    @Override public String name() {
        return "bundle";
    }

    @Override public List<Measure> ask(Setting setting, Path folder) throws Exception {
        var track = new ArrayList<Double>();
        var join = new ArrayList<Double>();
        var both = new ArrayList<Double>();
        for (int round = 0; round < Math.min(setting.rounds(), 3); round++) {
            var here = folder.resolve("round-" + round);
            var file = java.nio.file.Files.createDirectories(here).resolve("a.sqlite");
            try (var connection = Tasks.open(file)) {
                Tasks.create(connection, "INTEGER");
                Tasks.insert(connection, "INTEGER", 1, setting.rows() + 1, 1_000);
            }
            try (var a = new NodeProcess(setting.launcher(), here, "a"); var b = new NodeProcess(setting.launcher(), here, "b")) {
                a.up();
                b.up();
                long began = System.nanoTime();
                a.run("track", file.toString());
                long tracked = System.nanoTime();
                var ticket = a.ticket();
                long invited = System.nanoTime();
                b.run("join", ticket, here.resolve("b.sqlite").toString());
                long joined = System.nanoTime();
                if (Rows.count(here.resolve("b.sqlite"), "task") != setting.rows()) throw new IllegalStateException("not all rows arrived");
                track.add(setting.rows() / ((tracked - began) / 1e9));
                join.add(setting.rows() / ((joined - invited) / 1e9));
                both.add(setting.rows() / ((joined - invited + tracked - began) / 1e9));
            }
        }
        return List.of(
            Measure.alone("track of " + setting.rows() + " rows", "rows/s", "100,000", "-", track),
            Measure.alone("join of " + setting.rows() + " bundled rows", "rows/s", "80,000", "-", join),
            Measure.alone("track, then join, of " + setting.rows() + " rows", "rows/s", "50,000", "50,000", both));
    }
}
