package dev.waggle.lab.soak;

import dev.waggle.lab.bench.Machine;
import dev.waggle.lab.bench.Measure;
import dev.waggle.lab.bench.NodeProcess;
import dev.waggle.lab.bench.Rows;
import dev.waggle.lab.bench.Scratch;
import dev.waggle.lab.bench.Tasks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/// Three nodes, three programs that write without a pause, for as long as told: `./waggle soak`. Ends with 1 when the files differ, a log does not
/// verify, or a program's write failed.
public final class Soak {
    private static final String USAGE = "usage: waggle soak [--minutes N] [--rate TRANSACTIONS-A-SECOND] [--every SECONDS] [--folder DIR] [--report FILE.md] [--picture FILE.svg]";
    private static final int NODES = 3;
    private static final long QUIET_S = 600;

    private final Path folder;
    private final int everyS;
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private final List<Load> loads = new ArrayList<>();
    private final List<Sample> samples = new ArrayList<>();
    private final double[] cpu = new double[NODES];
    private long done;
    private long beganNs;
    private long sampledNs;

    private Soak(Path folder, int everyS) {
        this.folder = folder;
        this.everyS = everyS;
    }

    public static void main(String[] arguments) throws Exception {
        double minutes = 120;
        double rate = 500;
        int every = 30;
        var folder = Path.of(System.getProperty("java.io.tmpdir"));
        Path report = null;
        Path picture = null;
        for (int i = 0; i < arguments.length; i += 2) {
            if (i + 1 == arguments.length) exit(USAGE);
            var value = arguments[i + 1];
            switch (arguments[i]) {
                case "--minutes" -> minutes = Double.parseDouble(value);
                case "--rate" -> rate = Double.parseDouble(value);
                case "--every" -> every = Integer.parseInt(value);
                case "--folder" -> folder = Path.of(value);
                case "--report" -> report = Path.of(value);
                case "--picture" -> picture = Path.of(value);
                default -> exit(arguments[i] + " is not known\n" + USAGE);
            }
        }
        var here = Files.createTempDirectory(folder, "waggle-soak");
        var machine = Machine.here(here);
        var soak = new Soak(here, every);
        var ending = new ArrayList<String>();
        boolean good = soak.run(minutes, rate, ending);
        ending.forEach(System.out::println);
        var written = new SoakReport(machine, rate, soak.done, soak.samples, ending);
        if (picture != null) Files.writeString(picture, written.picture());
        if (report != null) Files.writeString(report, written.markdown(picture == null ? "" : report.toAbsolutePath().getParent().relativize(picture.toAbsolutePath()).toString()));
        if (good) Scratch.remove(here);
        else System.out.println("everything is still in " + here);
        System.exit(good ? 0 : 1);
    }

    private static void exit(String why) {
        System.err.println(why);
        System.exit(2);
    }

    private boolean run(double minutes, double rate, List<String> ending) throws Exception {
        var launcher = Path.of(System.getProperty("waggle.launcher"));
        try {
            for (int i = 0; i < NODES; i++) {
                nodes.add(new NodeProcess(launcher, folder, "n" + (i + 1)));
                files.add(folder.resolve("f" + (i + 1) + ".sqlite"));
                nodes.get(i).up();
            }
            try (var connection = Tasks.open(files.getFirst())) {
                Tasks.create(connection, "INTEGER");
            }
            Probe.prepare(files.getFirst());
            nodes.getFirst().run("track", files.getFirst().toString());
            for (int i = 1; i < NODES; i++) nodes.get(i).run("join", nodes.getFirst().ticket(), files.get(i).toString());
            for (int i = 0; i < NODES; i++) loads.add(new Load(files.get(i), i + 1, rate / NODES));
            try (var probe = new Probe(files.getFirst(), files.getLast())) {          // its failure ends the soak: a latency that nobody measures looks flat
                beganNs = sampledNs = System.nanoTime();
                loads.forEach(Load::start);
                probe.start();
                long end = beganNs + (long) (minutes * 60e9);
                for (int i = 0; i < NODES; i++) cpu[i] = nodes.get(i).cpuSeconds();
                while (System.nanoTime() < end) {
                    TimeUnit.SECONDS.sleep(everyS);
                    sample(probe);
                }
            }
            boolean good = true;
            for (var load : loads) good &= load.close(ending);
            return ended(ending) && good;
        } finally {
            for (var node : nodes) node.close();
        }
    }

    private void sample(Probe probe) throws Exception {
        long now = System.nanoTime();
        double seconds = (now - sampledNs) / 1e9;
        long committed = loads.stream().mapToLong(Load::done).sum();
        var ofNodes = new ArrayList<Sample.OfNode>();
        long most = 0;
        long least = Long.MAX_VALUE;
        for (int i = 0; i < NODES; i++) {
            var node = nodes.get(i);
            double used = node.cpuSeconds();
            ofNodes.add(new Sample.OfNode(node.residentMiB(), node.handles(), node.threads(), (used - cpu[i]) / seconds, diskMiB(node.data()) + fileMiB(files.get(i))));
            cpu[i] = used;
            long logged = Rows.logged(node.data());
            most = Math.max(most, logged);
            least = Math.min(least, logged);
        }
        var seen = probe.take();
        var sample = new Sample((now - beganNs) / 60e9, (committed - done) / seconds, seen.isEmpty() ? Double.NaN : Measure.percentile(seen, 50),
            seen.isEmpty() ? Double.NaN : Measure.percentile(seen, 99), most - least, ofNodes);
        samples.add(sample);
        done = committed;
        sampledNs = now;
        System.out.printf(Locale.ROOT, "%6.1f min  %,9d transactions, %4.0f/s  memory %4.0f MiB  files %3.0f  threads %3.0f  %.2f cores  disk %,6.0f MiB  A to C %5.1f, 99 of 100 %6.1f ms  behind %d%n",
            sample.minutes(), done, sample.perSecond(), sample.mostResident(), sample.mostHandles(), sample.mostThreads(), sample.cores(), sample.mostDisk(), sample.p50(), sample.p99(),
            sample.behind());
    }

    /// The load has stopped: all must become equal.
    private boolean ended(List<String> ending) throws Exception {
        boolean good = true;
        long quiet = System.nanoTime();
        for (int i = 1; i < NODES; i++) {
            var other = files.get(i);
            var difference = new AtomicReference<>("");
            try {
                Rows.await("equal files", QUIET_S, () -> equal(other, difference));
                ending.add(String.format(Locale.ROOT, "`compare` of the files of A and %s: equal, %.1f s after the last write.", "ABC".charAt(i), (System.nanoTime() - quiet) / 1e9));
            } catch (TimeoutException _) {
                good = false;
                ending.add("`compare` of the files of A and " + "ABC".charAt(i) + ": DIFFERENT after " + QUIET_S + " s: " + difference.get());
            }
        }
        for (int i = 0; i < NODES; i++) {
            try {
                nodes.get(i).run("log", "verify");
                ending.add("`log verify` on " + "ABC".charAt(i) + ": passed, " + String.format(Locale.ROOT, "%,d", Rows.logged(nodes.get(i).data())) + " events.");
            } catch (IOException e) {
                good = false;
                ending.add("`log verify` on " + "ABC".charAt(i) + ": FAILED: " + e.getMessage());
            }
        }
        return good;
    }

    /// @param difference gets what `compare` said
    private boolean equal(Path other, AtomicReference<String> difference) throws InterruptedException {
        try {
            nodes.getFirst().run("compare", files.getFirst().toString(), other.toString());
            return true;
        } catch (IOException e) {
            difference.set(e.getMessage());
            return false;
        }
    }

    private static double diskMiB(Path folder) throws IOException {
        try (var walk = Files.walk(folder)) {
            double bytes = 0;
            for (var path : (Iterable<Path>) walk::iterator) bytes += size(path);
            return bytes / (1 << 20);
        } catch (java.io.UncheckedIOException _) {
            return Double.NaN;                           // a file went away meanwhile
        }
    }

    private static double fileMiB(Path file) {
        return (size(file) + size(Path.of(file + "-wal"))) / (double) (1 << 20);
    }

    private static long size(Path path) {
        try {
            return Files.isRegularFile(path) ? Files.size(path) : 0;
        } catch (IOException _) {
            return 0;                                    // it went away meanwhile
        }
    }
}
