package dev.waggle.node.cli;

import dev.waggle.core.event.Json;
import dev.waggle.node.problem.Exit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;

/// Mirrors of public hives of other nodes.
final class SubscriptionCommands {
    private static final String ROUTE = "/api/v1/sync/subscriptions";

    private SubscriptionCommands() {}

    @Command(name = "subscribe", mixinStandardHelpOptions = true, description = "Mirror a public hive of another node: to be read here, and written where it lives.")
    static final class Subscribe extends NodeCommand {
        @Parameters(index = "0", paramLabel = "URL", description = "https://HOST:PORT, where that node's peers reach it; http:// on this machine.")
        String url;

        @Parameters(index = "1", arity = "0..1", paramLabel = "HIVE", description = "Its name there. May be left out when that node has one public hive.")
        String hive;

        @Option(names = "--name", paramLabel = "NAME", description = "What to call the mirror here. Default: as there.")
        String name;

        @Option(names = "--every", paramLabel = "SECONDS", description = "How often to ask, 1 to 86400. Default: the setting sync.subscription_interval, 60.")
        Long everySeconds;

        @Override int run(Client node, Output out) {
            var made = node.post(ROUTE, Json.object("instance_url", url, "remote_hive_name", hive, "local_hive_name", name, "sync_interval_ms", everySeconds == null ? null : everySeconds * 1_000));
            var polled = node.post(ROUTE + "/" + encode(made.text("id")) + "/sync", Json.object());
            out.answer(polled, () -> {
                out.line("Subscribed to \"" + polled.text("remote_hive_name") + "\" at " + polled.text("instance_url") + ", called \"" + polled.text("local_hive_name") + "\" here: "
                    + count(polled, "post_count", "post") + ", " + count(polled, "comment_count", "comment") + ".");
                trouble(polled, out);
            });
            return exit(polled);
        }
    }

    @Command(name = "subscriptions", mixinStandardHelpOptions = true, description = "List the mirrors: what they are of, how they are, and what they hold.")
    static final class Listing extends NodeCommand {
        @Override int run(Client node, Output out) {
            var all = node.get(ROUTE);
            out.answer(all, () -> {
                var rows = new ArrayList<>(List.of(List.of("NAME", "SUBSCRIPTION", "STATUS", "SOURCE", "HIVE", "POSTS", "COMMENTS", "EVERY", "LAST SYNC", "ERROR")));
                for (var each : all.array("subscriptions")) {
                    var one = each.asObject();
                    rows.add(List.of(one.text("local_hive_name"), one.text("id"), one.text("status"), one.text("instance_url"), one.text("remote_hive_name"), text(one, "post_count"),
                        text(one, "comment_count"), one.integer("sync_interval_ms") / 1_000 + " s", said(one, "last_sync_at"), said(one, "last_error")));
                }
                if (rows.size() == 1) out.line("No subscriptions. `waggle hive subscribe URL` mirrors a public hive of another node.");
                else out.table(rows);
            });
            return Exit.OK;
        }
    }

    @Command(name = "subscription", mixinStandardHelpOptions = true, description = "Change a mirror, or ask its source now. Without an option it is shown.")
    static final class Change extends NodeCommand {
        @Parameters(paramLabel = "NAME", description = "The mirror's name or the subscription's id.")
        String subscription;

        @Option(names = "--pause", description = "Ask no more until --resume. What is here stays.")
        boolean pause;

        @Option(names = "--resume", description = "Ask again.")
        boolean resume;

        @Option(names = "--every", paramLabel = "SECONDS", description = "How often to ask, 1 to 86400.")
        Long everySeconds;

        @Option(names = "--now", description = "Ask now, paused or not. Exit 1 when that fails.")
        boolean now;

        @Override int run(Client node, Output out) {
            var route = ROUTE + "/" + encode(subscription);
            var shown = pause || resume || everySeconds != null ? node.post(route, Json.object("status", pause ? "paused" : resume ? "active" : null,
                "sync_interval_ms", everySeconds == null ? null : everySeconds * 1_000)) : node.get(route);
            if (now) shown = node.post(route + "/sync", Json.object());
            var last = shown;
            out.answer(last, () -> last.members().forEach((name, value) -> out.line(name.replace('_', ' ') + ": " + (value instanceof Json.Null ? "" : shown(value)))));
            return now ? exit(last) : Exit.OK;
        }
    }

    @Command(name = "unsubscribe", mixinStandardHelpOptions = true, description = "Forget a mirror and all that it brought.")
    static final class Unsubscribe extends NodeCommand {
        @Parameters(paramLabel = "NAME", description = "The mirror's name or the subscription's id.")
        String subscription;

        @Override int run(Client node, Output out) {
            var done = node.call("DELETE", ROUTE + "/" + encode(subscription), Json.object());
            out.answer(done, () -> out.line("The mirror \"" + subscription + "\" is forgotten."));
            return Exit.OK;
        }
    }

    private static void trouble(Json.Obj subscription, Output out) {
        if (!said(subscription, "last_error").isEmpty()) out.note("It could not be asked: " + said(subscription, "last_error") + ". It is tried on.");
    }

    private static int exit(Json.Obj subscription) {
        return said(subscription, "last_error").isEmpty() ? Exit.OK : Exit.DIFFERENCE;
    }

    private static String said(Json.Obj json, String name) {
        return json.get(name).orElse(Json.NULL) instanceof Json.Str(var text) ? text : "";
    }
}
