package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;

@Command(name = "doctor", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Check this node from the disk up: folders and permissions, versions, logs, tracked files, clock, peers. Exit 1 when something is wrong.", ""})
final class DoctorCommand extends NodeCommand {
    @Override int run(Client node, Output out) {
        var done = JobWatch.result(node, out, node.post("/api/v1/doctor", Json.object()));
        out.answer(done, () -> {
            for (var each : done.array("checks")) {
                Json.Obj check = each.asObject();
                out.line(check.text("result") + "  " + check.text("what") + ": " + check.text("says"));
            }
        });
        return done.get("healthy").filter(Json.TRUE::equals).isPresent() ? Exit.OK : Exit.DIFFERENCE;
    }
}
