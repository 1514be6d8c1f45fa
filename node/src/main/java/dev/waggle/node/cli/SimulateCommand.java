package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.net.wire.FrameCodec;
import dev.waggle.node.problem.Exit;
import dev.waggle.sim.Simulation;
import dev.waggle.sync.protocol.Frame;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.TreeMap;
import java.util.concurrent.Callable;

@Command(name = "simulate", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Run the real engine of several nodes under a virtual clock, with a network that fails and stores that crash.",
        "Every seed is one run. Exit 1 when a run broke an invariant; the line it prints replays it.", ""})
final class SimulateCommand implements Callable<Integer> {
    @Option(names = "--seed", paramLabel = "SEED", defaultValue = "1", description = "The first seed. Default: 1.")
    long first;

    @Option(names = "--seeds", paramLabel = "COUNT", defaultValue = "100", description = "How many seeds. Default: 100.")
    long count;

    @Option(names = "--nodes", paramLabel = "COUNT", defaultValue = "0", description = "Nodes in each run. Default: drawn from the seed, 2 to 6.")
    int nodes;

    @Option(names = "--writes", paramLabel = "COUNT", defaultValue = "0", description = "Transactions of programs in each run. Default: drawn from the seed, 10 to 150.")
    int writes;

    @Option(names = "--schema", paramLabel = "FILE", description = {"A SQLite database, or a text of CREATE statements: the programs of the run use its tables.",
        "Its rows are not read. Default: a built-in schema, drawn from the seed."})
    Path schema;

    @Option(names = "--workload", paramLabel = "FILE", description = "What programs write to these tables (docs/simulate.md). Default: a bit of everything.")
    Path workload;

    @Option(names = "--json", description = "Print one JSON document.")
    boolean json;

    @Override public Integer call() {
        var out = new Output(Main.out(), Main.err(), json);
        try (var own = OwnWorkload.read(schema, workload, out::note)) {
            return run(out, own);
        }
    }

    private int run(Output out, OwnWorkload own) {
        var failures = new ArrayList<Json>();
        var counts = new TreeMap<String, Long>();
        long events = 0;
        for (long seed = first; seed < first + count; seed++) {
            var result = Simulation.run(new Simulation.Options(seed, nodes, writes, SimulateCommand::overTheWire), own.workload());
            result.counts().forEach((what, times) -> counts.merge(what, times, Long::sum));
            events += result.events();
            long replayed = seed;
            result.failure().ifPresent(failure -> {
                failures.add(Json.object("seed", replayed, "failure", failure));
                out.note("seed " + replayed + ": " + failure + "\nreplay: waggle simulate --seeds 1 --seed " + replayed
                    + (nodes > 0 ? " --nodes " + nodes : "") + (writes > 0 ? " --writes " + writes : "") + own.options());
            });
            if ((seed - first + 1) % 100 == 0) out.note((seed - first + 1) + " of " + count + " seeds, " + failures.size() + " failed");
        }
        var happened = new TreeMap<String, Json>();
        counts.forEach((what, times) -> happened.put(what, Json.of(times)));
        long acknowledged = events;
        out.answer(Json.object("seeds", count, "failures", Json.array(failures), "events", events, "happened", new Json.Obj(happened)), () -> {
            out.line(count + " seeds, " + acknowledged + " acknowledged writes, " + failures.size() + " failed.");
            counts.forEach((what, times) -> out.line("  " + what + ": " + times));
        });
        return failures.isEmpty() ? Exit.OK : Exit.DIFFERENCE;
    }

    /// Frames go through the codec that real nodes use.
    private static Frame overTheWire(Frame frame) {
        return FrameCodec.decode(FrameCodec.encode(frame), Frame.FRAME_BYTES_MAX);
    }
}
