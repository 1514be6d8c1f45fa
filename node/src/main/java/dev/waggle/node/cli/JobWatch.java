package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// Waits for a long piece of work of the node and shows how far it is: a bar on a terminal, else a line every five seconds.
final class JobWatch {
    private static final long WAIT_MS = 200;
    private static final long BAR_AFTER_MS = 400;
    private static final long LINE_EVERY_MS = 5_000;

    private JobWatch() {}

    /// @param started the answer of the route that started the job
    /// @return the job's result
    /// @throws Problem the job's own
    static Json.Obj result(Client node, Output out, Json.Obj started) {
        var state = started;
        var began = System.nanoTime();
        var lastLine = 0L;
        me.tongfei.progressbar.ProgressBar bar = null;
        try {
            while (!state.text("state").equals("done")) {
                if (state.text("state").equals("failed")) throw problem(state.object("error"));
                state = node.get("/api/v1/jobs/" + state.text("id") + "?wait_ms=" + WAIT_MS);
                var ms = (System.nanoTime() - began) / 1_000_000;
                var done = state.integer("done");
                var total = state.integer("total");
                if (out.json() || ms < BAR_AFTER_MS) continue;
                if (System.console() != null && System.console().isTerminal()) {
                    if (bar == null) bar = new ProgressBarBuilder().setTaskName(state.text("what")).setInitialMax(Math.max(total, 1))
                        .setStyle(ProgressBarStyle.ASCII).setUpdateIntervalMillis((int) WAIT_MS).build();
                    if (total > 0) bar.maxHint(total);
                    bar.stepTo(done);
                } else if (ms - lastLine >= LINE_EVERY_MS) {
                    lastLine = ms;
                    out.note(state.text("what") + ": " + done + (total > 0 ? " of " + total : ""));
                }
            }
            if (bar != null) bar.stepTo(Math.max(state.integer("total"), 1));
        } finally {
            if (bar != null) bar.close();
        }
        return state.object("result");
    }

    private static Problem problem(Json.Obj error) {
        return new Problem(ErrorCode.of(error.text("code")), error.text("message"), error.textIfPresent("remedy").orElse(""));
    }
}
