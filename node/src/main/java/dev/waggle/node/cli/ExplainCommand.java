package dev.waggle.node.cli;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Exit;
import dev.waggle.node.problem.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

@Command(name = "explain", mixinStandardHelpOptions = true,
    description = {"Tell where a change is, and why a row says what it says: who wrote it and when, who is known to have it, whether it shows, what it waits for, what it lost against.", ""},
    footer = {"", "For example:", "  waggle explain 3fa1c2d4                an event, by the beginning of its id", "  waggle explain app.sqlite task t1      a row of a tracked file, by its primary key",
        "  waggle explain --table task t1         the same, when the node has one space", "  waggle explain --task TASK             a task; so --post and --comment",
        "", "Lines that begin with ? tell what is still to come or not known here, lines with ! what has no effect or was passed over."})
final class ExplainCommand extends NodeCommand {
    private static final Pattern EVENT = Pattern.compile("[0-9a-fA-F]+");

    @Parameters(arity = "0..*", paramLabel = "WHAT", description = "The beginning of an event's id; or FILE TABLE KEY…; or KEY… with --table. One KEY for each column of the primary key.")
    List<String> what = List.of();

    @Option(names = "--table", paramLabel = "TABLE", description = "Explain a row of this table.")
    String table;

    @Option(names = "--space", paramLabel = "SPACE", description = "Name or id. May be left out when there is one; for an event: else all are looked through.")
    String space;

    @Option(names = "--post", paramLabel = "ID", description = "Explain a post of a hive.")
    String post;

    @Option(names = "--comment", paramLabel = "ID", description = "Explain a comment of a hive.")
    String comment;

    @Option(names = "--task", paramLabel = "TASK", description = "Explain a task.")
    String task;

    @Option(names = "--tables", description = "List the tables of a space and their keys.")
    boolean tables;

    @Override int run(Client node, Output out) {
        if (tables) return listTables(node, out);
        var answer = node.get("/api/v1/explain?" + query(node));
        out.answer(answer, () -> {
            out.line(answer.text("title"));
            out.line(answer.text("summary"));
            out.line("");
            for (var step : answer.array("steps")) out.line(mark(step.asObject().text("tone")) + step.asObject().text("says"));
        });
        return Exit.OK;
    }

    private static String mark(String tone) {
        return switch (tone) {
            case "open" -> "? ";
            case "bad" -> "! ";
            default -> "  ";
        };
    }

    private String query(Client node) {
        if (post != null || comment != null || task != null) {
            if (!what.isEmpty() || table != null || post != null && comment != null || task != null && (post != null || comment != null)) throw usage("Say one thing that is to be explained.");
            return post != null ? "post=" + encode(post) : comment != null ? "comment=" + encode(comment) : "task=" + encode(task);
        }
        if (table != null) {
            if (what.isEmpty()) throw usage("Say which row: the value of each column of the table's primary key.");
            return row(space == null ? "-" : space, table, what);
        }
        if (what.size() == 1 && !EVENT.matcher(what.getFirst()).matches()) throw usage("Give the beginning of an event's id (hexadecimal digits), or a file, a table and a key.");
        if (what.size() == 1) return "event=" + encode(what.getFirst()) + (space == null ? "" : "&space=" + encode(space));
        if (what.size() >= 3 && space == null) return row(spaceOf(node, what.getFirst()), what.get(1), what.subList(2, what.size()));
        throw usage("Give an event's id, or a file, a table and a key.");
    }

    private static String row(String space, String table, List<String> key) {
        return "space=" + encode(space) + "&table=" + encode(table) + "&key=" + encode(Canonical.text(Json.array(key.stream().map(Json::of).toList())));
    }

    private static String spaceOf(Client node, String file) {
        var wanted = absolute(Path.of(file));
        for (var each : node.get("/api/v1/spaces").array("spaces")) if (text(each.asObject(), "file").equals(wanted)) return each.asObject().text("id");
        throw new Problem(ErrorCode.NOT_FOUND, file + " follows no space of this node.", "`waggle space list` names the files that do.");
    }

    private int listTables(Client node, Output out) {
        var answer = node.get("/api/v1/spaces/" + encode(space == null ? "-" : space) + "/tables");
        out.answer(answer, () -> answer.array("tables").forEach(each -> out.line(each.asObject().text("name") + "  key: " + text(each.asObject(), "key"))));
        return Exit.OK;
    }

    private ParameterException usage(String says) {
        return new ParameterException(spec.commandLine(), says);
    }
}
