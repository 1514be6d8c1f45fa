import dev.waggle.apps.hub.AccountChange;
import dev.waggle.apps.hub.Kind;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.log.Draft;
import dev.waggle.node.Node;
import dev.waggle.node.NodeSettings;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes the data folder of a hub whose log says what it is told to say of its accounts, as another process of it could: `java -cp … HubAccounts.java DATA STATE FILE`.
/// Each line of the file is an object with `kind`, `id` and `fields`. No route has looked at them.
public final class HubAccounts {
    public static void main(String[] args) throws Exception {
        var flags = new NodeSettings.Flags(Optional.of(Path.of(args[0])), Optional.empty(), List.of(), Optional.empty(), false);
        var settings = NodeSettings.read(flags, Map.of("WAGGLE_STATE", args[1])).unreachable();
        try (var node = Node.start(settings, bug -> {
            throw new IllegalStateException(bug);
        })) {
            var space = node.create("hub", "hub");
            var drafts = new ArrayList<Draft>();
            for (var line : Files.readAllLines(Path.of(args[2]))) {
                var change = Canonical.parse(line.getBytes(StandardCharsets.UTF_8)).asObject();
                drafts.add(new AccountChange(Kind.valueOf(change.text("kind")), change.text("id"), change.object("fields").members(), "operator").draft());
            }
            space.log().write(space.author(), drafts, List.of(), Map.of(), node.nowMs());
        }
    }
}
