package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.NodeSettings;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Exit;
import dev.waggle.node.problem.Problem;
import dev.waggle.node.rest.NodeService;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

@Command(name = "up", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Run the node: it follows the tracked files and talks to its peers until it is stopped (Ctrl-C).", ""})
final class UpCommand implements Callable<Integer> {
    @Option(names = "--data", paramLabel = "DIR", description = "The node's data folder. Default: $WAGGLE_DATA, $XDG_DATA_HOME/waggle or ~/.waggle.")
    Path data;

    @Option(names = "--listen", paramLabel = "HOST:PORT", description = "Where peers reach this node. Default: a free port on 127.0.0.1, the same at every start.")
    String listen;

    @Option(names = "--address", paramLabel = "HOST:PORT", description = "What invitations name instead of the listening address. May be repeated.")
    List<String> addresses = List.of();

    @Option(names = "--rest", paramLabel = "HOST:PORT", description = "Where REST and the status page are, on loopback. Default: any free port.")
    String rest;

    @Option(names = "--hub", description = "Other nodes register here and find each other by it. The key they need is in the file hub.key of the data folder.")
    boolean hub;

    @Option(names = "--database", paramLabel = "URL", description = {"Keep all logs in this PostgreSQL database: jdbc:postgresql://USER@HOST:5432/NAME. The password is taken from",
        "$WAGGLE_DATABASE_PASSWORD or the file $WAGGLE_DATABASE_PASSWORD_FILE. Default: a SQLite file for each space in the data folder."})
    String database;

    @Option(names = "--key-file", paramLabel = "FILE", description = {"Be a further process of the hub whose key is in FILE, on the same --database, behind the same balancer.",
        "The key of a node is the file `key` in its state folder, which `waggle node` names."})
    Path keyFile;

    @Option(names = "--fanout", paramLabel = "URL", description = "Where the processes of a hub tell each other what is new: nats://HOST:4222. Default: in the database.")
    String fanout;

    @Option(names = "--new-identity", description = "A copied data folder becomes a node of its own, with a new key. It has to be invited to its spaces.")
    boolean newIdentity;

    @Option(names = "--log", paramLabel = "FORM", defaultValue = "text", description = "How the log on standard error is written: ${COMPLETION-CANDIDATES}, a record a line. Default: text.")
    LogLines.Form log;

    @Option(names = "--json", description = "Print one JSON document when the node is up.")
    boolean json;

    @Override public Integer call() {
        var out = new Output(Main.out(), Main.err(), json);
        if (Main.err() == System.err) NodeLog.begin(System.err, log);          // a program that runs this command inside itself has a log of its own
        var flags = new NodeSettings.Flags(Optional.ofNullable(data), Optional.ofNullable(listen), addresses, Optional.ofNullable(rest), newIdentity, hub, Optional.ofNullable(database), Optional.ofNullable(keyFile).map(Path::toAbsolutePath), Optional.ofNullable(fanout));
        var stop = new CountDownLatch(1);
        var broken = new AtomicBoolean();
        try (var service = NodeService.start(NodeSettings.read(flags, Main.environment()), bug -> {
            out.problem(new Problem(ErrorCode.INTERNAL, "The node stops: " + bug + ".", "Its logs are safe; start it again and report this."));
            bug.printStackTrace(Main.err());
            broken.set(true);
            stop.countDown();
        })) {
            var hook = Thread.ofPlatform().name("stop").unstarted(service::close);
            Runtime.getRuntime().addShutdownHook(hook);
            var up = service.description();
            out.answer(up, () -> {
                out.line("Node " + brief(up) + " is up.");
                out.line("  peers reach it at  " + NodeCommand.text(up, "listen"));
                out.line("  status page        " + service.pageLink());
                out.line("  data folder        " + up.text("data"));
                up.textIfPresent("database").ifPresent(database -> out.line("  logs               " + database));
                up.arrayOrEmpty("notes").forEach(note -> out.line("  note: " + note.asText()));
            });
            try {
                var heap = HeapKeeper.ofThisProcess();
                while (!stop.await(HeapKeeper.LOOK_MS, TimeUnit.MILLISECONDS)) heap.look();
            } catch (InterruptedException _) {
                // whoever runs this command inside a program wants it to end
            }
            if (!Runtime.getRuntime().removeShutdownHook(hook)) throw new IllegalStateException("the hook was there");
            return broken.get() ? Exit.INTERNAL : Exit.OK;
        }
    }

    private static String brief(Json.Obj up) {
        return NodeCommand.brief(up.text("node"));
    }
}
