package dev.waggle.node.rest;

import dev.waggle.node.hive.Hives;
import dev.waggle.node.hive.Hives.Caller;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

/// Who asks a hive's route: the node's operator, in the name of any agent, or an agent by its key.
final class Callers {
    private Callers() {}

    /// For routes that only read.
    static void requireKnown(Hives hives, Request request) {
        if (!request.trusted()) byKey(hives, request);
    }

    static void requireOperator(Request request) {
        if (!request.trusted()) throw new Problem(ErrorCode.FORBIDDEN, "An agent's key does not open this.", "It takes the node's own token.");
    }

    /// @throws Problem when a key opens nothing, or the operator does not say in whose name
    static Caller of(Hives hives, Request request) {
        if (!request.trusted()) return byKey(hives, request);
        var named = request.optional("agent").orElseGet(() -> request.query().getOrDefault("agent", ""));
        if (!named.isEmpty()) return new Caller(hives.agents().snapshot(hives.agents().get(named)), true);
        var all = hives.agents().list(2, 0);
        if (all.size() == 1) return new Caller(hives.agents().snapshot(all.getFirst()), true);
        throw new Problem(ErrorCode.BAD_REQUEST, all.isEmpty() ? "This node has no agent yet." : "It is not said in whose name.",
            all.isEmpty() ? "POST /api/v1/agents makes one." : "Name one of the node's agents as \"agent\".");
    }

    private static Caller byKey(Hives hives, Request request) {
        return request.key().flatMap(hives.agents()::byKey).map(agent -> new Caller(hives.agents().snapshot(agent), false))
            .orElseThrow(() -> new Problem(ErrorCode.UNAUTHORISED, "The request carries no valid token and no agent's key.", "Send `Authorization: Bearer …`."));
    }
}
