package dev.waggle.node.setting;

import dev.waggle.core.event.Json;
import dev.waggle.node.Node;
import dev.waggle.node.board.BoardOptions;

import java.util.List;

/// What a node reads at its start only: what holds, and how to change it. Secrets are counted, not shown.
final class FixedSettings {
    private static final String NEXT = ", then start the node again.";

    private FixedSettings() {}

    static Json of(Node node, BoardOptions board) {
        var settings = node.settings();
        var engine = settings.sync().engine();
        return Json.array(List.of(
            one("data", settings.data().toString(), "`waggle up --data FOLDER`, or WAGGLE_DATA."),
            one("listen", settings.listen().orElse("nowhere"), "`waggle up --listen HOST:PORT`, WAGGLE_LISTEN, or \"listen\" in the settings file" + NEXT),
            one("rest", settings.rest().orElse("nowhere"), "`waggle up --rest HOST:PORT` on loopback, WAGGLE_REST, or \"rest\" in the settings file" + NEXT),
            one("hub", settings.hub() ? "this node is a hub" : "this node is no hub", "`waggle up --hub`, or \"hub\": true in the settings file" + NEXT),
            one("database", settings.database().map(Object::toString).orElse("files in the data folder"), "`waggle up --database ADDRESS`, on an empty data folder."),
            one("hub_url", settings.hubAddress().map(Object::toString).orElse("no hub"), "WAGGLE_HUB_URL and WAGGLE_NODE_API_KEY_FILE, or \"hub_url\" and \"node_api_key_file\" in the settings file" + NEXT),
            one("sync.discovery", settings.sync().discovery(), "both, hub or manual, as \"discovery\" under \"sync\" in the settings file" + NEXT),
            one("sync.peers", settings.sync().peers().size() + " named", "\"peers\" under \"sync\" in the settings file" + NEXT),
            one("sync.hubs", settings.sync().hubs().size() + " named", "\"hubs\" under \"sync\" in the settings file" + NEXT),
            one("sync.heartbeat_interval", engine.heartbeatMs() + " ms", "\"heartbeat_interval\" under \"sync\" in the settings file" + NEXT),
            one("sync.gossip", engine.gossip().enabled() ? "on" : "off", "\"gossip\" under \"sync\" in the settings file" + NEXT),
            one("board.executor", board.executes() ? "on: this node carries tasks out" : "off: this node carries nothing out",
                "\"executor\" under \"board\" in the settings file" + NEXT + " Never from here: whoever could, could run programs on this machine.")));
    }

    private static Json one(String name, String value, String how) {
        return Json.object("name", name, "value", value, "how", how);
    }
}
