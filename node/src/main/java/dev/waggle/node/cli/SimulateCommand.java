package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.net.wire.FrameCodec;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Exit;
import dev.waggle.node.problem.Problem;
import dev.waggle.sim.Fault;
import dev.waggle.sim.Seeds;
import dev.waggle.sim.Shrinker;
import dev.waggle.sim.Simulation;
import dev.waggle.sim.Sometimes;
import dev.waggle.sim.Wire;
import dev.waggle.sync.protocol.Frame;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

@Command(name = "simulate", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Run the real engine of several nodes under a virtual clock, with a network that fails, disks that break, clocks that lie and members that cheat.",
        "Every seed is one run. Exit 1 when a run broke an invariant; the line it prints replays it.", ""})
final class SimulateCommand implements Callable<Integer> {
    private static final int SHRINK_RUNS_MAX = 200;
    private static final int SHRUNK_MAX = 5;

    @Option(names = "--seed", paramLabel = "SEED", defaultValue = "1", description = "The first seed. Default: 1.")
    long first;

    @Option(names = "--seeds", paramLabel = "COUNT", defaultValue = "100", description = "How many seeds. Default: 100.")
    long count;

    @Option(names = "--nodes", paramLabel = "COUNT", defaultValue = "0", description = "Nodes in each run. Default: drawn from the seed, 3 to 10.")
    int nodes;

    @Option(names = "--writes", paramLabel = "COUNT", defaultValue = "0", description = "Transactions of programs in each run. Default: drawn from the seed, about 100 to 1000.")
    int writes;

    @Option(names = "--minutes", paramLabel = "COUNT", defaultValue = "0", description = "Virtual minutes in which things go wrong. Default: drawn from the seed, 1 to 10.")
    int minutes;

    @Option(names = "--faults", paramLabel = "LIST", defaultValue = "all",
        description = "What goes wrong: all (each run draws some of them), none, or names with commas between them; --faults help lists them. Default: all.")
    String faults;

    @Option(names = "--mode", paramLabel = "MODE", defaultValue = "drawn",
        description = "safety: faults to the end, and what holds at any moment is checked. liveness: faults stop and the nodes have to agree. Default: drawn from the seed.")
    String mode;

    @Option(names = "--threads", paramLabel = "COUNT", defaultValue = "0", description = "Runs at a time. Default: one for each processor. The results are the same.")
    int threads;

    @Option(names = "--no-shrink", description = "Do not look for a smaller run that fails, too.")
    boolean noShrink;

    @Option(names = "--json", description = "Print one JSON document.")
    boolean json;

    @Override public Integer call() {
        var out = new Output(Main.out(), Main.err(), json);
        if (faults.equals("help")) return listFaults(out);
        var options = options();
        int atATime = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        Seeds.Summary summary;
        try (var progress = new Progress(out, "simulating", count)) {
            summary = Seeds.run(options, count, atATime, result -> {
                progress.step();
                result.failure().ifPresent(failure -> out.note("seed " + result.seed() + ": " + failure + "\nreplay: waggle simulate --seeds 1 " + replay(options, result.seed())));
            });
        }
        var shrunk = noShrink ? List.<Simulation.Result>of()
            : summary.failures().stream().limit(SHRUNK_MAX).map(failed -> Shrinker.shrink(failed, SHRINK_RUNS_MAX)).toList();
        for (var small : shrunk)
            out.note("seed " + small.seed() + " also fails smaller: " + small.failure().orElseThrow() + "\nreplay: waggle simulate --seeds 1 " + small.drawn().arguments());
        var never = options.faults().equals(Fault.all()) && count >= Sometimes.RUNS_MIN ? Sometimes.never(summary.happened()) : List.<String>of();
        answer(out, options, summary, shrunk, never);
        return summary.failures().isEmpty() && never.isEmpty() ? Exit.OK : Exit.DIFFERENCE;
    }

    private Simulation.Options options() {
        try {
            return Simulation.Options.of(first).withNodes(nodes).withWrites(writes).withMinutes(minutes).withFaults(Fault.parse(faults))
                .withMode(Simulation.Mode.valueOf(mode.toUpperCase(Locale.ROOT))).withWire(REAL_BYTES);
        } catch (IllegalArgumentException e) {
            throw new Problem(ErrorCode.BAD_REQUEST, "That cannot be simulated: " + e.getMessage() + ".", "`waggle simulate --help` lists what can be asked for.");
        }
    }

    private static String replay(Simulation.Options options, long seed) {
        return options.withSeed(seed).arguments();
    }

    private static int listFaults(Output out) {
        out.answer(Json.object("faults", Json.array(Arrays.stream(Fault.values()).map(each -> (Json) Json.object("name", each.wire(), "says", each.says())).toList())),
            () -> out.table(Arrays.stream(Fault.values()).map(each -> List.of(each.wire(), each.says())).toList()));
        return Exit.OK;
    }

    private static void answer(Output out, Simulation.Options options, Seeds.Summary summary, List<Simulation.Result> shrunk, List<String> never) {
        var happened = new TreeMap<String, Json>();
        summary.happened().forEach((what, times) -> happened.put(what, Json.of(times)));
        var failures = summary.failures().stream().map(each -> (Json) Json.object("seed", each.seed(), "failure", each.failure().orElseThrow(),
            "replay", replay(options, each.seed()))).toList();
        var smaller = shrunk.stream().map(each -> (Json) Json.object("seed", each.seed(), "failure", each.failure().orElseThrow(), "replay", each.drawn().arguments())).toList();
        out.answer(Json.object("seeds", summary.seeds(), "failures", Json.array(failures), "shrunk", Json.array(smaller), "events", summary.events(),
            "virtual_ms", summary.virtualMs(), "happened", new Json.Obj(happened), "never", Json.array(never.stream().map(Json::of).toList())), () -> {
                out.line(summary.seeds() + " seeds, " + summary.events() + " acknowledged writes, " + summary.virtualMs() / 3_600_000 + " virtual hours, "
                    + summary.failures().size() + " failed.");
                out.line(summary.happened().entrySet().stream().map(each -> each.getKey() + " " + each.getValue()).collect(Collectors.joining(", ")));
                if (!never.isEmpty()) out.line("Never happened, although it should in so many runs: " + String.join(", ", never) + ".");
            });
    }

    /// Frames go through the codec that real nodes use.
    private static final Wire REAL_BYTES = new Wire() {
        @Override public byte[] encode(Frame frame) {
            return FrameCodec.encode(frame);
        }

        @Override public Frame decode(byte[] bytes) {
            return FrameCodec.decode(bytes, Frame.FRAME_BYTES_MAX);
        }
    };
}
