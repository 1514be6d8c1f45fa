package dev.waggle.node.rest;

import dev.waggle.apps.table.Policy;
import dev.waggle.core.event.Json;
import dev.waggle.node.Node;
import dev.waggle.node.SpacePolicies;
import dev.waggle.node.SpaceRuntime;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.util.Arrays;
import java.util.List;

/// By which rule rows are chosen that were changed on two nodes at once.
final class PolicyRoutes {
    private static final String PATH = "/api/v1/spaces/{space}/policies";
    private final Node node;

    PolicyRoutes(Node node) {
        this.node = node;
    }

    List<Route> routes() {
        return List.of(
            new Route("GET", PATH, false, "By which rule rows are chosen that were changed on two nodes at once", List.of(),
                "`tables`: each with `table` and `policy`; `others`: the policy of all that have none of their own; `choices`: each `policy` with what it `says`; `may_change`: whether this node may; "
                    + "`rules`: sentences, for a space that has nothing to choose.", request -> Reply.of(shown(space(request)))),
            new Route("POST", PATH, false, "Change the policy of a table, on all nodes; its owner and moderators may", List.of(Route.needed("policy", "union, last-write or merge"),
                Route.text("table", "of this one alone; else of all that have none of their own")), "`event`: the id of the control event that says so.", request -> {
                    var policy = Policy.of(request.text("policy")).orElseThrow(() -> new Problem(ErrorCode.BAD_REQUEST, "There is no such policy.", "Choose union, last-write or merge."));
                    return Reply.of(Json.object("event", space(request).policies().change(request.optional("table"), policy, node.nowMs()).hex()));
                }));
    }

    private SpaceRuntime space(Request request) {
        return node.space(request.path().get("space"));
    }

    private static Json.Obj shown(SpaceRuntime space) {
        var policies = space.policies();
        var inForce = policies.inForce();
        var others = inForce.get(SpacePolicies.OTHERS);
        return Json.object("type", space.type().orElse(null), "may_change", policies.mayChange(),
            "tables", Json.array(inForce.entrySet().stream().filter(each -> !each.getKey().equals(SpacePolicies.OTHERS))
                .<Json>map(each -> Json.object("table", each.getKey(), "policy", each.getValue().wire())).toList()),
            "others", others == null ? null : others.wire(), "rules", Json.array(policies.rules().stream().map(Json::of).toList()),
            "choices", Json.array(!policies.areChosen() ? List.of() : Arrays.stream(Policy.values()).<Json>map(each -> Json.object("policy", each.wire(), "says", each.meaning())).toList()));
    }
}
