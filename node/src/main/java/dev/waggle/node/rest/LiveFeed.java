package dev.waggle.node.rest;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import dev.waggle.node.Node;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// The status as server-sent events: at once, then whenever it changed (looked at every [#LOOK_MS]), and a sign of life in between.
record LiveFeed(Node node) implements Reply.Writer {
    static final long LOOK_MS = 250;
    private static final int SILENT_LOOKS_MAX = 60;

    @Override public void to(OutputStream out) throws IOException, InterruptedException {
        Json.Obj last = null;
        for (int silent = 0;; silent++) {
            var status = StatusJson.status(node);
            if (!status.equals(last)) {
                out.write(("event: status\ndata: " + Canonical.text(status) + "\n\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
                silent = 0;
            } else if (silent == SILENT_LOOKS_MAX) {
                out.write(": still here\n\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();                              // a client that went away is noticed here
                silent = 0;
            }
            last = status;
            Thread.sleep(LOOK_MS);
        }
    }
}
