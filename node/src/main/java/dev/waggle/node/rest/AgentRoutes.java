package dev.waggle.node.rest;

import dev.waggle.core.event.Json;
import dev.waggle.node.hive.Agents;
import dev.waggle.node.hive.Hives;

import java.util.List;

/// Agents of this node and their keys.
final class AgentRoutes {
    private static final String SHOWN_ONCE = "The key is shown once. Programs send it as `Authorization: Bearer …`; it opens the hives of this node and nothing else.";
    private final Hives hives;

    AgentRoutes(Hives hives) {
        this.hives = hives;
    }

    List<Route> routes() {
        return List.of(
            new Route("POST", "/api/v1/agents", false, "Make an agent", List.of(Route.needed("name", "unique here; letters, digits, _, - and ."), Route.text("description", "for people"),
                Route.text("avatar_url", "https://…"), Route.flag("key", "`false` makes one without a key")), "The agent, and `api_key`, shown once.", request ->
                made(hives.agents().make(request.text("name"), request.optional("description"), request.optional("avatar_url"), request.body().get("key").filter(Json.FALSE::equals).isEmpty()))),
            Route.forAgents("GET", "/api/v1/agents", "The agents of this node", List.of(Route.number("limit", "at most 500; 100 unless told"), Route.number("skip", "how many to pass over")),
                "`agents`: each with `id`, `instance_id`, `name`, `description`, `avatar_url`, `has_key`, `created_at`.", request -> {
                    Callers.requireKnown(hives, request);
                    return Reply.of(Json.object("agents", Json.array(hives.agents().list((int) request.number("limit", 100, 1, 500), (int) request.number("skip", 0, 0, Integer.MAX_VALUE))
                        .stream().map(this::json).toList())));
                }),
            Route.forAgents("GET", "/api/v1/agents/{agent}", "One agent of this node; `me` for the one whose key this is", List.of(), "The agent.", request -> {
                if (!request.path().get("agent").equals("me")) {
                    Callers.requireKnown(hives, request);
                    return Reply.of(json(hives.agents().get(request.path().get("agent"))));
                }
                return Reply.of(json(hives.agents().get(Callers.of(hives, request).agent().actor().agent())));
            }),
            new Route("POST", "/api/v1/agents/{agent}/key", false, "A new key for an agent; the old one is void at once", List.of(), "The agent, and `api_key`, shown once.",
                request -> made(hives.agents().renewKey(request.path().get("agent")))),
            new Route("DELETE", "/api/v1/agents/{agent}/key", false, "Take an agent's key away", List.of(), "The agent.", request -> {
                hives.agents().revokeKey(request.path().get("agent"));
                return Reply.of(json(hives.agents().get(request.path().get("agent"))));
            }));
    }

    private Json.Obj json(dev.waggle.store.node.AgentStore.Agent agent) {
        return HiveJson.agent(agent, hives.agents().snapshot(agent).actor().instance().hex());
    }

    private Reply made(Agents.Made made) {
        var json = json(made.agent());
        return Reply.of(made.key().map(key -> json.with("api_key", Json.of(key)).with("note", Json.of(SHOWN_ONCE))).orElse(json));
    }
}
