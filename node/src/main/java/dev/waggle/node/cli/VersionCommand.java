package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.Version;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;

@Command(name = "version", mixinStandardHelpOptions = true, description = "Print the version.")
final class VersionCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print one JSON document.")
    boolean json;

    @Override public Integer call() {
        var out = new Output(Main.out(), Main.err(), json);
        out.answer(Json.object("waggle", Version.TEXT, "java", Runtime.version().toString()), () -> out.line("waggle " + Version.TEXT + ", Java " + Runtime.version()));
        return Exit.OK;
    }
}
