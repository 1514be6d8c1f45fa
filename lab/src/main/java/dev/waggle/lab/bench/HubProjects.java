package dev.waggle.lab.bench;

import dev.waggle.core.event.Json;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What each project costs the hub that keeps it while nothing happens there: each is a space of its own, with a log and a view.
final class HubProjects implements Question {
    private static final int EVENTS_A_PROJECT = 100;                  // of the setting: 100 projects, or 1,000

    @Override public String name() {
        return "projects";
    }

    @Override public List<Measure> ask(Setting setting, Path folder) throws Exception {
        int projects = Math.max(1, setting.events() / EVENTS_A_PROJECT);
        try (var hub = new NodeProcess(setting.launcher(), folder, "hub")) {
            hub.up("--hub");
            double threads = hub.threads();
            double handles = hub.handles();
            double resident = hub.residentMiB();
            var made = new ArrayList<Double>();
            try (var rest = new Rest(hub)) {
                for (int i = 0; i < projects; i++) {
                    long began = System.nanoTime();
                    rest.post("/api/projects", Json.object("name", "project " + i));
                    made.add((System.nanoTime() - began) / 1e6);
                }
            }
            var measures = new ArrayList<Measure>();
            measures.add(Measure.alone("a project made at a hub, median of " + projects, "ms", "50", "-", made));
            measures.add(Measure.once("threads for each of " + projects + " idle projects", "threads", "1", "-", (hub.threads() - threads) / projects));
            measures.add(Measure.once("file handles for each", "handles", "2", "-", (hub.handles() - handles) / projects));
            measures.add(Measure.once("memory for each", "KiB", "300", "-", 1_024 * (hub.residentMiB() - resident) / projects));
            hub.stop();
            measures.add(Measure.once("start of a hub that has them", "ms", "10,000", "-", hub.up("--hub")));
            return measures;
        }
    }
}
