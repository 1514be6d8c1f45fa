import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Json;
import dev.waggle.core.log.Author;
import dev.waggle.core.log.Draft;
import dev.waggle.node.Node;
import dev.waggle.node.NodeSettings;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes a data folder with one space whose log has many events in several chains, which merge each other: `java -cp … LongLog.java DATA STATE EVENTS CHAINS`.
/// Written through the log as a node writes them; every thousandth is of the type `noted`. Prints the space's id.
public final class LongLog {
    private static final int GROUP = 500;
    private static final int SELDOM = 1_000;

    public static void main(String[] args) {
        int events = Integer.parseInt(args[2]);
        var flags = new NodeSettings.Flags(Optional.of(Path.of(args[0])), Optional.empty(), List.of(), Optional.empty(), false);
        var settings = NodeSettings.read(flags, Map.of("WAGGLE_STATE", args[1])).unreachable();
        try (var node = Node.start(settings, bug -> {
            throw new IllegalStateException(bug);
        })) {
            var space = node.create("long", Node.TABLE_SPACE);
            var authors = new ArrayList<Author>();
            for (int i = 0; i < Integer.parseInt(args[3]); i++) authors.add(new Author(node.signer(), Epoch.of(node.random(16))));
            for (int from = 1; from <= events; from += GROUP) {
                var drafts = new ArrayList<Draft>();
                for (int i = from; i < from + GROUP && i <= events; i++) drafts.add(new Draft(i % SELDOM == 0 ? "noted" : "measured", Json.object("number", (long) i, "says", "measurement " + i)));
                space.log().write(authors.get(from / GROUP % authors.size()), drafts, List.of(), Map.of(), node.nowMs());
            }
            System.out.println(space.id().hex());
        }
    }
}
