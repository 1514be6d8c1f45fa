package dev.waggle.node.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/// How far a long piece of work of this process is: a bar on a terminal, else a line every five seconds; nothing beside JSON.
final class Progress implements AutoCloseable {
    private static final long LINE_EVERY_MS = 5_000;

    private final Output out;
    private final String what;
    private final long total;
    private final ProgressBar bar;
    private final long began = System.nanoTime();
    private long lastLineMs;
    private long done;

    Progress(Output out, String what, long total) {
        this.out = out;
        this.what = what;
        this.total = total;
        boolean terminal = !out.json() && System.console() != null && System.console().isTerminal();
        bar = terminal ? new ProgressBarBuilder().setTaskName(what).setInitialMax(total).setStyle(ProgressBarStyle.ASCII).build() : null;
    }

    void step() {
        done++;
        if (bar != null) {
            bar.stepTo(done);
            return;
        }
        long ms = (System.nanoTime() - began) / 1_000_000;
        if (ms - lastLineMs < LINE_EVERY_MS) return;
        lastLineMs = ms;
        out.note(what + ": " + done + " of " + total);
    }

    @Override public void close() {
        if (bar != null) bar.close();
    }
}
