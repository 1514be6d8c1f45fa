package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.NodeSettings;
import dev.waggle.node.Plural;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

/// A command that asks a node: the running one, or one in this process for as long as the command takes.
abstract class NodeCommand implements Callable<Integer> {
    @Spec CommandSpec spec;

    @Option(names = "--data", paramLabel = "DIR", description = "The node's data folder. Default: $WAGGLE_DATA, $XDG_DATA_HOME/waggle or ~/.waggle.")
    Path data;

    @Option(names = "--json", description = "Print one JSON document instead of lines for people.")
    boolean json;

    /// Asks, prints, and says how it went.
    ///
    /// @return one of [Exit]
    abstract int run(Client node, Output out);

    @Override public Integer call() {
        var out = output();
        try (var node = client()) {
            return run(node, out);
        }
    }

    Output output() {
        return new Output(Main.out(), Main.err(), json);
    }

    Path dataFolder() {
        return NodeSettings.dataFolder(Optional.ofNullable(data), Main.environment());
    }

    private Client client() {
        var folder = dataFolder();
        var running = HttpNode.find(folder);
        return running.isPresent() ? running.get() : LocalNode.start(folder);
    }

    /// A path of the person's working folder, as the node (which has another one) has to see it.
    static String absolute(Path file) {
        try {
            var parent = file.toAbsolutePath().normalize().getParent();
            if (parent == null || !parent.toFile().isDirectory()) return file.toAbsolutePath().normalize().toString();
            return parent.toRealPath().resolve(file.getFileName()).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String encode(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// An id as people read it.
    static String brief(String id) {
        return id.length() > 8 ? id.substring(0, 8) : id;
    }

    /// A number of the answer with what it counts: "1 table", "3 tables".
    static String count(Json.Obj object, String name, String one) {
        return Plural.of(object.integer(name), one);
    }

    static String text(Json.Obj object, String name) {
        return object.get(name).map(NodeCommand::shown).orElse("");
    }

    static String shown(Json value) {
        return switch (value) {
            case Json.Str(var text) -> text;
            case Json.Num(var number) -> number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
            case Json.Bool(var truth) -> truth ? "yes" : "no";
            case Json.Null _ -> "NULL";
            case Json.Arr(var items) -> String.join(", ", items.stream().map(NodeCommand::shown).toList());
            case Json.Obj object -> dev.waggle.core.event.Canonical.text(object);
        };
    }

    static String size(long bytes) {
        if (bytes < 10_000) return bytes + " bytes";
        return bytes < 10_000_000 ? bytes / 1_000 + " kB" : bytes / 1_000_000 + " MB";
    }
}
