package dev.waggle.node.cli;

import dev.waggle.node.Version;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Exit;
import dev.waggle.node.problem.Problem;
import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.PrintStream;
import java.util.Map;

/// `waggle`: finds the command, runs it, and turns every "no" into two sentences and an exit code.
@Command(name = "waggle", mixinStandardHelpOptions = true, versionProvider = Main.Versions.class, sortOptions = false,
    subcommands = {UpCommand.class, TrackCommand.class, UntrackCommand.class, InviteCommand.class, JoinCommand.class, LeaveCommand.class,
        SpaceCommand.class, MemberCommand.class, PeerCommand.class, SyncCommand.class, LogCommand.class, ExplainCommand.class, HiveCommands.class, BoardCommands.class, TaskCommands.class, HubCommands.class, AgentCommand.class, ImportCommand.class,
        ExportCommand.class, CompareCommand.class, PageCommand.class, DoctorCommand.class, BackupCommand.class, RestoreCommand.class,
        CompletionCommand.class, SimulateCommand.class, VersionCommand.class},
    description = {"Keeps any SQLite database in sync on several machines.", ""},
    footer = {"", "To begin, on the first machine:", "  waggle up --listen 0.0.0.0:4747 &      run the node (it keeps running)",
        "  waggle track app.sqlite                share a database", "  waggle invite --address HOST:4747      prints a ticket",
        "On the second machine:", "  waggle up &", "  waggle join TICKET app.sqlite          creates the file, or fills an existing one", "",
        "Exit codes: 0 done, 1 a difference or a negative answer, 2 wrong usage, 3 node or peer not reachable, 4 refused, 70 a bug."})
public final class Main implements Runnable {
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
        return ScopedValue.where(ENVIRONMENT, environment).where(OUT, out).where(ERR, err).call(() -> commandLine().execute(args));
    }

    static CommandLine commandLine() {
        var line = new CommandLine(new Main());
        line.setOut(new java.io.PrintWriter(out(), true)).setErr(new java.io.PrintWriter(err(), true));
        line.setExecutionExceptionHandler((failure, command, _) -> failed(failure, command));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
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
