package dev.waggle.lab.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The long command: `./waggle fuzz [--minutes N] [TARGET …]`, two targets at once, N minutes each. Inputs that it discovers stay under `lab/target/fuzz`, so
/// the next night goes on where this one ended.
///
/// `--replay FILE` feeds one kept input to its target. `--keep` copies the fewest discovered inputs that reach everything into the sources, for a commit.
public final class FuzzMain {
    private static final int AT_ONCE = 2;
    private long minutes = 10;
    private boolean keep;
    private final List<Targets.Entry> targets = new ArrayList<>();

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 2 && arguments[0].equals("--replay")) System.exit(replay(Path.of(arguments[1]).toAbsolutePath()));
        System.exit(new FuzzMain().run(arguments));
    }

    private int run(String[] arguments) throws InterruptedException, IOException {
        try {
            read(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println("waggle fuzz: " + e.getMessage() + "\n  ./waggle fuzz [--minutes N] [--keep] [TARGET …]\n  ./waggle fuzz --replay FILE");
            return 2;
        }
        var found = new ArrayList<String>();
        try (var runs = Executors.newFixedThreadPool(AT_ONCE)) {
            var outcomes = new ArrayList<Future<FuzzRun.Outcome>>();
            for (var target : targets) outcomes.add(runs.submit(() -> ended(new FuzzRun(target), target)));
            for (int i = 0; i < targets.size(); i++) {
                try {
                    if (outcomes.get(i).get().finding().isPresent()) found.add(targets.get(i).name());
                } catch (ExecutionException e) {
                    System.out.println(targets.get(i).name() + ": " + e.getCause().getMessage());
                    found.add(targets.get(i).name());
                }
            }
        }
        System.out.println(found.isEmpty() ? "nothing found" : "found something in " + String.join(", ", found));
        return found.isEmpty() ? 0 : 1;
    }

    private void read(String[] arguments) {
        for (int i = 0; i < arguments.length; i++) {
            switch (arguments[i]) {
                case "--minutes" -> {
                    if (i + 1 == arguments.length || !arguments[i + 1].matches("[0-9]{1,6}")) throw new IllegalArgumentException("--minutes needs a number");
                    minutes = Long.parseLong(arguments[++i]);
                }
                case "--keep" -> keep = true;
                case String name -> targets.add(Targets.named(name));
            }
        }
        if (targets.isEmpty()) targets.addAll(Targets.ALL);
    }

    private FuzzRun.Outcome ended(FuzzRun run, Targets.Entry target) throws IOException, InterruptedException {
        System.out.println(target.name() + ": begins, " + minutes + " minutes");
        var outcome = run.fuzz(minutes * 60);
        System.out.println(outcome.finding().isPresent() ? run.report(outcome)
            : target.name() + ": " + outcome.executions() + " inputs, " + outcome.branches() + " branches, nothing found");
        if (keep) run.merge();
        return outcome;
    }

    private static int replay(Path file) throws IOException {
        var target = Targets.named(file.getParent().getFileName().toString());
        try {
            Limits.run(target.make().get(), Files.readAllBytes(file));
        } catch (Throwable broken) {
            broken.printStackTrace(System.out);
            return 1;
        }
        System.out.println(target.name() + ": the promise is kept for this input");
        return 0;
    }
}
