package dev.waggle.node.cli;

import dev.waggle.node.Version;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Exit;
import dev.waggle.node.problem.Problem;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `waggle`: finds the command, runs it, and turns every "no" into two sentences and an exit code.
@Command(name = "waggle", mixinStandardHelpOptions = true, versionProvider = Main.Versions.class, sortOptions = false,
    description = {"Keeps any SQLite database in sync on several machines.", ""},
    footer = {"", "To begin, on the first machine:", "  waggle up --listen 0.0.0.0:7117 &      run the node (it keeps running)",
        "  waggle track app.sqlite                share a database", "  waggle invite --address HOST:7117      prints a ticket",
        "On the second machine:", "  waggle up &", "  waggle join TICKET app.sqlite          creates the file, or fills an existing one", "",
        "Exit codes: 0 done, 1 a difference or a negative answer, 2 wrong usage, 3 node or peer not reachable, 4 refused, 70 a bug."})
public final class Main implements Runnable {
    private static final int MEANT_MAX = 3;
    private static final ScopedValue<Map<String, String>> ENVIRONMENT = ScopedValue.newInstance();
    private static final ScopedValue<PrintStream> OUT = ScopedValue.newInstance();
    private static final ScopedValue<PrintStream> ERR = ScopedValue.newInstance();

    static final class Versions implements CommandLine.IVersionProvider {
        @Override public String[] getVersion() {
            return new String[] {"waggle " + Version.TEXT};
        }
    }

    public static void main(String[] args) {
        var exit = run(System.getenv(), System.out, System.err, args);
        System.out.flush();
        System.exit(exit);
    }

    /// Runs one command line with its own environment, standard output and error, so that tests can run many at once.
    public static int run(Map<String, String> environment, PrintStream out, PrintStream err, String... args) {
        return ScopedValue.where(ENVIRONMENT, environment).where(OUT, out).where(ERR, err).call(() -> commandLine(args).execute(args));
    }

    /// All commands, for whoever asks what there is.
    static CommandLine commandLine() {
        return commandLine(Commands.all());
    }

    /// What these words need: the one command that they name is found without reading how all the others are used, which takes as long as many a command.
    private static CommandLine commandLine(String[] args) {
        return commandLine(args.length == 0 ? Commands.all() : Commands.named(args[0]));
    }

    private static CommandLine commandLine(List<Commands> commands) {
        var line = new CommandLine(new Main());
        for (var each : commands) line.addSubcommand(each.word(), each.make());
        line.setOut(new java.io.PrintWriter(out(), true)).setErr(new java.io.PrintWriter(err(), true));
        line.setExecutionExceptionHandler((failure, command, _) -> failed(failure, command));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        var usual = line.getParameterExceptionHandler();
        line.setParameterExceptionHandler((wrong, words) -> {
            var meant = meant(wrong);
            if (meant.isEmpty()) return usual.handleParseException(wrong, words);
            line.getErr().println(wrong.getMessage());
            line.getErr().println(meant.get());
            return Exit.USAGE;
        });
        return line;
    }

    /// What whoever wrote `waggle status` or `waggle --data DIR sync status` looks for: no typing errors, so they resemble nothing that picocli would name.
    private static Optional<String> meant(ParameterException wrong) {
        if (!(wrong instanceof UnmatchedArgumentException unmatched) || wrong.getCommandLine().getParent() != null) return Optional.empty();
        var word = unmatched.getUnmatched().getFirst();
        if (word.startsWith("-")) return Optional.of("Options come after the command: waggle sync status --data DIR");
        var deeper = deeper(wrong.getCommandLine(), word);
        return deeper.isEmpty() || deeper.size() > MEANT_MAX ? Optional.empty() : Optional.of("Did you mean: " + String.join(" or ", deeper) + "?");
    }

    /// Commands below others that are called so, in full.
    private static List<String> deeper(CommandLine above, String word) {
        var found = new ArrayList<String>();
        above.getSubcommands().forEach((name, below) -> {
            if (name.equals(word)) found.add(below.getCommandSpec().qualifiedName(" "));
            found.addAll(deeper(below, word));
        });
        return found;
    }

    private static int failed(Exception failure, CommandLine command) {
        var out = command.getCommand() instanceof NodeCommand asked ? asked.output() : new Output(out(), err(), false);
        if (failure instanceof Problem problem) {
            out.problem(problem);
            return problem.code().exit();
        }
        out.problem(new Problem(ErrorCode.INTERNAL, "The command failed: " + failure + ".", "This is a bug; please report it with the lines below."));
        failure.printStackTrace(err());
        return Exit.INTERNAL;
    }

    static Map<String, String> environment() {
        return ENVIRONMENT.orElse(Map.of());
    }

    static PrintStream out() {
        return OUT.orElse(System.out);
    }

    static PrintStream err() {
        return ERR.orElse(System.err);
    }

    @Override public void run() {
        commandLine().usage(out());
    }
}
