package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Option;

import java.util.ArrayList;
import java.util.List;

/// Lists open conflicts: `waggle sync conflicts`, with and without the word `list`.
abstract class ConflictListing extends NodeCommand {
    @Option(names = "--space", paramLabel = "SPACE", description = "Name or id of the space. Default: all.")
    String space;

    @Override int run(Client node, Output out) {
        var found = new ArrayList<Json>();
        for (var cursor = "";;) {
            var page = node.get("/api/v1/conflicts?limit=500&cursor=" + encode(cursor) + (space == null ? "" : "&space=" + encode(space)));
            found.addAll(page.array("conflicts"));
            cursor = page.text("cursor");
            if (cursor.isEmpty()) break;
        }
        out.answer(Json.object("conflicts", Json.array(found)), () -> {
            if (found.isEmpty()) out.line("No conflicts.");
            else {
                var rows = new ArrayList<>(List.of(List.of("ID", "SPACE", "TABLE", "KEY", "WHAT", "FIELDS")));
                for (var each : found) {
                    Json.Obj conflict = each.asObject();
                    rows.add(List.of(conflict.text("id"), conflict.text("space_name"), conflict.text("table"), text(conflict, "key"),
                        conflict.text("kind").replace('_', ' '), text(conflict, "fields")));
                }
                out.table(rows);
                out.note("`waggle sync conflicts show ID` compares the versions, `… resolve ID --keep shown|other|restore` settles one.");
            }
        });
        return Exit.OK;
    }
}
