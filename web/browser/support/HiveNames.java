import dev.waggle.apps.hive.Actor;
import dev.waggle.apps.hive.HiveChange;
import dev.waggle.apps.hive.HiveCodec;
import dev.waggle.apps.hive.Snapshot;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.log.Draft;
import dev.waggle.node.Node;
import dev.waggle.node.NodeSettings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes a data folder with hives of these names, the first of which was joined by agents of these names, as another node could have written it: `java -cp … HiveNames.java DATA STATE FILE`.
/// The file is an object with `hives` and `members`. No route has looked at the names of members. Prints the first hive's id.
public final class HiveNames {
    private static final int GROUP = 100;

    public static void main(String[] args) throws Exception {
        var flags = new NodeSettings.Flags(Optional.of(Path.of(args[0])), Optional.empty(), List.of(), Optional.empty(), false);
        var settings = NodeSettings.read(flags, Map.of("WAGGLE_STATE", args[1])).unreachable();
        var names = Canonical.parse(Files.readAllBytes(Path.of(args[2]))).asObject();
        try (var node = Node.start(settings, bug -> {
            throw new IllegalStateException(bug);
        })) {
            var hives = new ArrayList<>(names.array("hives"));
            var first = node.create(hives.removeFirst().asText(), "hive");
            var drafts = new ArrayList<Draft>();
            for (var name : names.array("members")) {
                var who = new Snapshot(new Actor(node.id(), "m" + drafts.size()), Optional.of(name.asText()), Optional.empty());
                drafts.add(HiveCodec.draft(new HiveChange.MemberChanged(who, HiveChange.MemberAction.JOIN, who), List.of(), node.id()));
            }
            for (int from = 0; from < drafts.size(); from += GROUP)
                first.log().write(first.author(), drafts.subList(from, Math.min(from + GROUP, drafts.size())), List.of(), Map.of(), node.nowMs());
            for (var name : hives) node.create(name.asText(), "hive");
            System.out.println(first.id().hex());
        }
    }
}
