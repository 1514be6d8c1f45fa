package dev.waggle.node.cli;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Problem;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What a command prints: with `--json` one JSON document on standard output and nothing else there, otherwise lines for people.
final class Output {
    private final PrintStream out;
    private final PrintStream err;
    private final boolean json;

    Output(PrintStream out, PrintStream err, boolean json) {
        this.out = out;
        this.err = err;
        this.json = json;
    }

    boolean json() {
        return json;
    }

    PrintStream err() {
        return err;
    }

    /// The answer of the node for programs, or what `lines` makes of it for people.
    void answer(Json document, Runnable lines) {
        if (json) out.println(new String(Canonical.unlimited(document), StandardCharsets.UTF_8));
        else lines.run();
        out.flush();
    }

    void line(String text) {
        out.println(printable(text));
    }

    /// Text that is the answer itself: a script, an exported log.
    void raw(String text) {
        out.print(text);
        out.flush();
    }

    /// A remark beside the answer.
    void note(String text) {
        if (!json) err.println(printable(text));
    }

    void problem(Problem problem) {
        if (json) out.println(Canonical.text(Json.object("error",
            Json.object("code", problem.code().wire(), "message", problem.getMessage(), "remedy", problem.remedy()))));
        else err.println("waggle: " + printable(problem.sentences()));
        out.flush();
    }

    /// Columns as wide as their widest cell; the first row is the heading.
    void table(List<List<String>> rows) {
        var widths = new ArrayList<Integer>();
        for (var row : rows)
            for (int i = 0; i < row.size(); i++) {
                if (i == widths.size()) widths.add(0);
                widths.set(i, Math.max(widths.get(i), row.get(i).length()));
            }
        for (var row : rows) {
            var text = new StringBuilder();
            for (int i = 0; i < row.size(); i++)
                text.append(i + 1 == row.size() ? row.get(i) : row.get(i) + " ".repeat(widths.get(i) - row.get(i).length() + 2));
            line(text.toString());
        }
    }

    /// Text of other nodes must not move the cursor or colour the terminal.
    static String printable(String text) {
        var clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            var type = Character.getType(c);
            if (c == '\n' || c == '\t' || type != Character.CONTROL && type != Character.FORMAT && type != Character.SURROGATE) clean.appendCodePoint(c);
            else clean.append("\\u{").append(Integer.toHexString(c)).append('}');
        });
        return clean.toString();
    }
}
