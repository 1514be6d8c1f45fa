package dev.waggle.node.setting;

import dev.waggle.core.event.Json;
import dev.waggle.node.Node;
import dev.waggle.node.SyncOptions;
import dev.waggle.node.board.BoardOptions;
import dev.waggle.sync.protocol.GossipSettings;

import java.util.List;

/// What a node reads at its start only: what holds, what the settings file has for the next start where that is something else, and how to change it. Secrets are counted, not shown.
final class FixedSettings {
    private static final String NEXT = ", then start the node again.";

    private FixedSettings() {}

    /// @param file the settings file as it is now; flags and the environment can overrule what it says of the first six, so that nothing is foretold of those
    static Json of(Node node, BoardOptions board, Json.Obj file) {
        var settings = node.settings();
        var now = settings.sync();
        var next = SyncOptions.read(file);
        return Json.array(List.of(
            one("data", settings.data().toString(), "`waggle up --data FOLDER`, or WAGGLE_DATA."),
            one("listen", settings.listen().orElse("nowhere"), "`waggle up --listen HOST:PORT`, WAGGLE_LISTEN, or \"listen\" in the settings file" + NEXT),
            one("rest", settings.rest().orElse("nowhere"), "`waggle up --rest HOST:PORT` on loopback, WAGGLE_REST, or \"rest\" in the settings file" + NEXT),
            one("hub", settings.hub() ? "this node is a hub" : "this node is no hub", "`waggle up --hub`, or \"hub\": true in the settings file" + NEXT),
            one("database", settings.database().map(Object::toString).orElse("files in the data folder"), "`waggle up --database ADDRESS`, on an empty data folder."),
            one("hub_url", settings.hubAddress().map(Object::toString).orElse("no hub"), "WAGGLE_HUB_URL and WAGGLE_NODE_API_KEY_FILE, or \"hub_url\" and \"node_api_key_file\" in the settings file" + NEXT),
            one("sync.discovery", now.discovery(), next.discovery(), "both, hub or manual, as \"discovery\" under \"sync\" in the settings file" + NEXT),
            one("sync.peers", named(now.peers()), others(now.peers(), next.peers()), "\"peers\" under \"sync\" in the settings file" + NEXT),
            one("sync.hubs", named(now.hubs()), others(now.hubs(), next.hubs()), "\"hubs\" under \"sync\" in the settings file" + NEXT),
            one("sync.heartbeat_interval", now.engine().heartbeatMs() + " ms", next.engine().heartbeatMs() + " ms", "\"heartbeat_interval\" under \"sync\" in the settings file" + NEXT),
            one("sync.gossip", gossip(now.engine().gossip()), gossip(next.engine().gossip()), "\"gossip\" under \"sync\" in the settings file" + NEXT),
            one("board.executor", executor(board), executor(BoardOptions.of(file)), "\"executor\" under \"board\" in the settings file" + NEXT + " Never from here: whoever could, could run programs on this machine.")));
    }

    private static String named(List<?> several) {
        return several.size() + " named";
    }

    private static String others(List<?> now, List<?> next) {
        return now.equals(next) || now.size() != next.size() ? named(next) : named(next) + ", other ones";
    }

    private static String gossip(GossipSettings gossip) {
        return gossip.enabled() ? "on, every " + gossip.exchangeMs() + " ms" : "off";
    }

    private static String executor(BoardOptions board) {
        return board.executes() ? "on: this node carries tasks out" : "off: this node carries nothing out";
    }

    private static Json one(String name, String value, String how) {
        return Json.object("name", name, "value", value, "how", how);
    }

    private static Json one(String name, String now, String next, String how) {
        return Json.object("name", name, "value", now, "next", next.equals(now) ? null : next, "how", how);
    }
}
