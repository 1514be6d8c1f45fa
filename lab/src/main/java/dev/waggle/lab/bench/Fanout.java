package dev.waggle.lab.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One node has many separate events that 1, 3 and 9 peers lack; each peer has them from it alone, into a log and a file of its own. How many each peer takes a
/// second, and what one more peer costs the one that sends. All run on one machine, so more peers also share its processors.
final class Fanout implements Question {
    private static final List<Integer> PEERS = List.of(1, 3, 9);
    private static final long PATIENCE_S = 1_800;

    @Override public String name() {
        return "fanout";
    }

    @Override public List<Measure> ask(Setting setting, Path folder) throws Exception {
        int events = setting.events();
        var rates = new ArrayList<Double>();
        var sends = new ArrayList<Double>();
        var takes = new ArrayList<Double>();
        for (int peers : PEERS) run(setting.launcher(), folder.resolve(Integer.toString(peers)), peers, events, rates, sends, takes);
        var measures = new ArrayList<Measure>();
        var guesses = List.of("8,000", "4,000", "1,200");
        for (int i = 0; i < PEERS.size(); i++)
            measures.add(new Measure("each of " + PEERS.get(i) + " peers takes " + events + " events, rows in its file", "events/s", guesses.get(i), "-", List.of(rates.get(i)),
                i == 0 ? "" : "one peer", i == 0 ? List.of() : List.of(rates.getFirst())));
        measures.add(Measure.once("sending: CPU for each event and each further peer", "us", "20", "-", 1e6 * (sends.getLast() - sends.getFirst()) / (PEERS.getLast() - PEERS.getFirst()) / events));
        measures.add(Measure.once("taking: CPU for each event in each of " + PEERS.getLast() + " peers", "us", "120", "-", 1e6 * takes.getLast() / PEERS.getLast() / events));
        return measures;
    }

    private static void run(Path launcher, Path folder, int count, int events, List<Double> rates, List<Double> sends, List<Double> takes) throws Exception {
        var peers = new ArrayList<NodeProcess>();
        var files = new ArrayList<Path>();
        try (var a = new NodeProcess(launcher, folder, "a")) {
            LongLog.make(a, folder, 1);
            a.up();
            for (int i = 0; i < count; i++) {
                peers.add(new NodeProcess(launcher, folder, "p" + i));
                files.add(folder.resolve("p" + i + ".sqlite"));
                peers.getLast().up();
                peers.getLast().run("join", a.ticket(), files.getLast().toString());
            }
            a.stop();
            LongLog.more(a, folder, 2, events + 1);
            double before = cpu(peers);
            a.up();
            double own = a.cpuSeconds();
            Rows.await("the first rows", PATIENCE_S, () -> Rows.count(files.getFirst(), "task") > 1);
            long began = System.nanoTime();
            long first = Rows.count(files.getFirst(), "task");
            for (var file : files) Rows.await("all rows in " + file, PATIENCE_S, () -> Rows.count(file, "task") == events + 1);
            rates.add((events + 1 - first) / ((System.nanoTime() - began) / 1e9));
            sends.add(a.cpuSeconds() - own);
            takes.add(cpu(peers) - before);
        } finally {
            for (var peer : peers) peer.close();
        }
    }

    private static double cpu(List<NodeProcess> nodes) {
        return nodes.stream().mapToDouble(NodeProcess::cpuSeconds).sum();
    }
}
