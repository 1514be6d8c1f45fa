package dev.waggle.node.explain;

import dev.waggle.core.event.Json;
import dev.waggle.core.event.SpaceId;

import java.util.List;

/// What is said of one event, row, post, comment or task.
///
/// @param kind    `event`, `row`, `post`, `comment` or `task`
/// @param summary how it stands, in one sentence or two
/// @param steps   its way, in the order in which things happened; what is still to come at the end
/// @param facts   the same for programs
public record Answer(String kind, SpaceId space, String spaceName, String title, String summary, List<Step> steps, Json.Obj facts) {
    public Answer {
        steps = List.copyOf(steps);
    }

    public Json.Obj toJson() {
        var json = Json.object("kind", kind, "space", space.hex(), "space_name", spaceName, "title", title, "summary", summary,
            "steps", Json.array(steps.stream().map(Step::toJson).toList()));
        for (var fact : facts.members().entrySet()) json = json.with(fact.getKey(), fact.getValue());
        return json;
    }
}
