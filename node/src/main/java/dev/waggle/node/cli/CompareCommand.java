package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.Plural;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Exit;
import dev.waggle.node.problem.Problem;
import dev.waggle.store.compare.CannotCompare;
import dev.waggle.store.compare.Comparison;
import dev.waggle.store.compare.FileCompare;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

@Command(name = "compare", mixinStandardHelpOptions = true, sortOptions = false,
    description = {"Compare two SQLite files row by row, with exact types and bytes. Needs no node. Exit 1 on any difference.", ""})
final class CompareCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "A", description = "A SQLite database.")
    Path left;

    @Parameters(index = "1", paramLabel = "B", description = "Another one.")
    Path right;

    @Option(names = "--limit", paramLabel = "COUNT", defaultValue = "20", description = "How many differences to name. Default: 20. All are counted.")
    int limit;

    @Option(names = "--json", description = "Print one JSON document instead of lines for people.")
    boolean json;

    @Override public Integer call() {
        var out = new Output(Main.out(), Main.err(), json);
        for (var file : new Path[] {left, right})
            if (!Files.exists(file)) throw new Problem(ErrorCode.FILE_UNUSABLE, file + " does not exist.", "Check the path.");
        Comparison found;
        try {
            found = FileCompare.compare(left, right, Math.max(0, limit));
        } catch (CannotCompare e) {
            throw new Problem(ErrorCode.FILE_UNUSABLE, e.getMessage() + ".", "Name two SQLite databases that nobody keeps locked.", e);
        }
        out.answer(document(found), () -> lines(out, found));
        return found.isEqual() ? Exit.OK : Exit.DIFFERENCE;
    }

    private static void lines(Output out, Comparison found) {
        for (var each : found.schema())
            out.line(each.table() + each.column().map(column -> "." + column).orElse("") + ": " + each.left() + " <> " + each.right());
        found.differences().forEach(each -> out.line(each.show()));
        if (found.isEqual()) out.line("Equal: " + Plural.of(found.tables().size(), "table") + ", " + Plural.of(found.leftRows(), "row") + ".");
        else out.line("DIFFERENT: " + Plural.of(found.differenceCount(), "difference") + " in rows, " + found.schema().size() + " in tables or columns ("
            + found.leftRows() + " and " + Plural.of(found.rightRows(), "row") + ").");
    }

    private static Json.Obj document(Comparison found) {
        return Json.object("equal", found.isEqual(), "left_rows", found.leftRows(), "right_rows", found.rightRows(), "differences", found.differenceCount(),
            "tables", Json.array(found.tables().stream().map(table -> Json.object("table", table.table(), "left_rows", table.leftRows(),
                "right_rows", table.rightRows(), "differences", table.differences())).toList()),
            "schema", Json.array(found.schema().stream().map(each -> Json.object("table", each.table(), "column", each.column().orElse(null),
                "left", each.left(), "right", each.right())).toList()),
            "first", Json.array(found.differences().stream().map(each -> Json.object("table", each.table(),
                "key", Json.array(each.key().stream().map(value -> value.toJson()).toList()), "column", each.column().orElse(null),
                "left", each.left().map(value -> value.toJson()).orElse(null), "right", each.right().map(value -> value.toJson()).orElse(null))).toList()));
    }
}
