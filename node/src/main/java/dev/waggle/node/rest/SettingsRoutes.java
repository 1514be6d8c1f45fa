package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.Node;
import dev.waggle.node.NodeSettings;
import dev.waggle.node.setting.SettingsDesk;

import java.util.List;

/// What people may change of the running node, and what takes a restart.
final class SettingsRoutes {
    private final Node node;
    private final SettingsDesk desk;

    SettingsRoutes(Node node, SettingsDesk desk) {
        this.node = node;
        this.desk = desk;
    }

    List<Route> routes() {
        return List.of(
            new Route("GET", "/api/v1/settings", false, "The node's settings: those that can be changed while it runs, and others", List.of(),
                "`file`; `settings`: each with `name`, `kind` (flag, number, text, texts), `value`, `default`, `is_default`, `editable`, `says`; `fixed`: each with `name`, `value`, `next` (what the file has for the next start, if that is something else) and `how` to change it; "
                    + "`token_file`: where the token of this API is.",
                _ -> Reply.of(Json.object("file", NodeSettings.file(node.settings().data()).toString(), "token_file", node.settings().data().resolve("token").toString(),
                    "settings", desk.editable(), "fixed", desk.fixed()))),
            new Route("PATCH", "/api/v1/settings", false, "Change one setting, in the file and at once", List.of(Route.needed("name", "as GET says it"),
                Route.text("value", "any JSON, as its kind wants it; none for the default")), "The setting as it is now.",
                request -> Reply.of(desk.change(request.text("name"), request.body().get("value").orElse(Json.NULL)))));
    }
}
