package dev.waggle.lab.bench;

import dev.waggle.core.event.Json;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What each project costs the hub that keeps it while nothing happens there: each is a space of its own, with a log and a view. What nobody uses gives up its thread and its files after ten seconds, so it is
/// looked at when they have ended.
final class HubProjects implements Question {
    private static final int EVENTS_A_PROJECT = 100;                  // of the setting: 100 projects, or 1,000; 10,000 with --events 1000000
    private static final int REST_S = 30;
    private static final int IDLE_S = 20;

    @Override public String name() {
        return "projects";
    }

    @Override public List<Measure> ask(Setting setting, Path folder) throws Exception {
        int projects = Math.max(1, setting.events() / EVENTS_A_PROJECT);
        try (var hub = new NodeProcess(setting.launcher(), folder, "hub")) {
            hub.up("--hub");
            TimeUnit.SECONDS.sleep(REST_S);
            double threads = hub.threads();
            double handles = hub.handles();
            double resident = hub.residentMiB();
            double idle = idle(hub);
            var made = new ArrayList<Double>();
            try (var rest = new Rest(hub)) {
                for (int i = 0; i < projects; i++) {
                    long began = System.nanoTime();
                    rest.post("/api/projects", Json.object("name", "project " + i));
                    made.add((System.nanoTime() - began) / 1e6);
                }
            }
            int part = Math.max(1, projects / 10);
            var measures = new ArrayList<Measure>();
            measures.add(new Measure("a project made at a hub that has " + (projects - part) + ", median of " + part, "ms", "50", "-", made.subList(projects - part, projects),
                "the first " + part + " in the same run", made.subList(0, part)));
            TimeUnit.SECONDS.sleep(REST_S);
            measures.add(Measure.once("threads for each of " + projects + " idle projects", "threads", "0", "-", (hub.threads() - threads) / projects));
            measures.add(Measure.once("file handles for each", "handles", "0", "-", (hub.handles() - handles) / projects));
            measures.add(Measure.once("memory for each", "KiB", "30", "-", 1_024 * (hub.residentMiB() - resident) / projects));
            measures.add(Measure.once("CPU of the hub at rest with none of them", "% of a core", "0.5", "-", idle));
            measures.add(Measure.once("CPU of the hub at rest with all of them", "% of a core", "2", "-", idle(hub)));
            hub.stop();
            measures.add(Measure.once("start of a hub that has them", "ms", "100,000", "-", hub.up("--hub")));
            measures.add(Measure.once("its CPU until then, for each", "ms", "8", "-", 1_000 * hub.cpuSeconds() / projects));
            TimeUnit.SECONDS.sleep(REST_S);
            measures.add(Measure.once("its memory then", "MiB", "500", "-", hub.residentMiB()));
            try (var rest = new Rest(hub)) {
                var seen = new ArrayList<Double>();
                for (int i = 0; i < 20; i++) {
                    long began = System.nanoTime();
                    rest.post("/api/projects/project%20" + i * (projects / 20) + "/tasks", Json.object("title", "first"));
                    seen.add((System.nanoTime() - began) / 1e6);
                }
                measures.add(Measure.alone("a task added to a project that rested, median of 20", "ms", "30", "-", seen));
            }
            return measures;
        }
    }

    private static double idle(NodeProcess hub) throws Exception {
        double cpu = hub.cpuSeconds();
        long began = System.nanoTime();
        TimeUnit.SECONDS.sleep(IDLE_S);
        return 100 * (hub.cpuSeconds() - cpu) / ((System.nanoTime() - began) / 1e9);
    }
}
