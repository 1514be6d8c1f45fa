package dev.waggle.node.rest;

import dev.waggle.apps.hub.Account;
import dev.waggle.apps.hub.Kind;
import dev.waggle.core.event.Json;
import dev.waggle.node.account.AccountService;
import dev.waggle.node.account.Accounts;
import dev.waggle.node.account.Audit;
import dev.waggle.node.account.Caller;
import dev.waggle.node.account.SignIns;
import dev.waggle.node.account.Swarms;
import dev.waggle.node.problem.ErrorCode;
import dev.waggle.node.problem.Problem;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The accounts of a hub: for its operator with the node's token, and for users of organisations with a session, in what is their organisation's.
final class HubRoutes {
    private static final String OF = "the organisation's id or name; a user may leave it out";
    private static final String SHOWN_ONCE = "The secret is shown once. A node takes it from WAGGLE_NODE_API_KEY or WAGGLE_NODE_API_KEY_FILE.";
    private static final int AUDIT_LOOKS = 5_000;

    private final AccountService service;
    private final Accounts accounts;
    private final Swarms swarms;
    private final Audit audit;

    HubRoutes(AccountService service) {
        this.service = service;
        this.accounts = service.accounts();
        this.swarms = new Swarms(accounts);
        this.audit = new Audit(accounts);
    }

    List<Route> routes() {
        var page = List.of(Route.number("limit", "at most 500; 100 unless told"), Route.number("skip", "how many to pass over"));
        return List.of(
            new Route("POST", "/api/v1/hub/sessions", true, "Sign in at this hub", List.of(Route.needed("email", "of the user"), Route.needed("password", "of the user")),
                "`token` (sent as `Authorization: Bearer …`), `expires_at`, `user`.", request -> {
                    var signedIn = signIns().signIn(request.text("email"), request.text("password"));
                    return Reply.of(Json.object("token", signedIn.token(), "expires_at", HubJson.at(signedIn.untilMs()), "user", HubJson.user(signedIn.user())));
                }),
            Route.forAgents("DELETE", "/api/v1/hub/sessions", "Sign out", List.of(), "`ok`.", request -> {
                caller(request);
                request.key().ifPresent(signIns()::signOut);
                return ok();
            }),
            Route.forAgents("GET", "/api/v1/hub/me", "Whose session this is", List.of(), "The user, and `organisation_name`.", request ->
                switch (caller(request)) {
                    case Caller.User user -> Reply.of(HubJson.user(accounts.find(Kind.USER, user.id(), user)).with("organisation_name", Json.of(accounts.find(Kind.ORGANISATION, user.organisation(), user).text("name"))));
                    case Caller.Operator _, Caller.Registered _ -> Reply.of(Json.object("operator", true));
                }),
            list("/api/v1/hub/organisations", "The organisations of this hub", "organisations", Kind.ORGANISATION, page, caller -> HubJson::organisation),
            Route.forAgents("POST", "/api/v1/hub/organisations", "Make an organisation", List.of(Route.needed("name", "unique at this hub")), "`id`, `name`.", request ->
                Reply.of(HubJson.organisation(accounts.addOrganisation(request.text("name"), caller(request))))),
            Route.forAgents("DELETE", "/api/v1/hub/organisations/{organisation}", "Remove an organisation: its keys and users come in no more", List.of(), "`ok`.", request -> {
                accounts.removeOrganisation(request.path().get("organisation"), caller(request));
                return ok();
            }),
            list("/api/v1/hub/users", "The users", "users", Kind.USER, page, caller -> HubJson::user),
            Route.forAgents("POST", "/api/v1/hub/users", "Make a user", List.of(Route.text("organisation", OF), Route.needed("email", "what he signs in with"), Route.needed("password", "10 to 200 characters"),
                Route.text("role", "admin or member; member unless told")), "The user.", request -> {
                    var caller = caller(request);
                    return Reply.of(HubJson.user(accounts.addUser(organisation(request, caller), request.text("email"), request.text("password"), request.optional("role").orElse("member"), caller)));
                }),
            Route.forAgents("PATCH", "/api/v1/hub/users/{user}", "Give a user another password or role", List.of(Route.text("password", "10 to 200 characters"), Route.text("role", "admin or member")), "The user.", request -> {
                var caller = caller(request);
                var user = request.path().get("user");
                request.optional("role").ifPresent(role -> accounts.role(user, role, caller));
                request.optional("password").ifPresent(password -> accounts.password(user, password, caller));
                return Reply.of(HubJson.user(accounts.find(Kind.USER, user, caller)));
            }),
            Route.forAgents("DELETE", "/api/v1/hub/users/{user}", "Remove a user", List.of(), "`ok`.", request -> {
                accounts.removeUser(request.path().get("user"), caller(request));
                return ok();
            }),
            list("/api/v1/hub/keys", "The API keys and their live secrets", "keys", Kind.KEY, page, caller -> key -> HubJson.key(accounts, key)),
            Route.forAgents("POST", "/api/v1/hub/keys", "Make an API key for nodes", List.of(Route.text("organisation", OF), Route.needed("name", "unique in the organisation")), "The key, and `secret`, shown once.", request -> {
                var caller = caller(request);
                return shown(accounts.addKey(organisation(request, caller), request.text("name"), caller));
            }),
            Route.forAgents("POST", "/api/v1/hub/keys/{key}/rotate", "A second secret for a key: both open until one is revoked", List.of(), "The key, and `secret`, shown once.", request ->
                shown(accounts.rotateKey(request.path().get("key"), caller(request)))),
            Route.forAgents("DELETE", "/api/v1/hub/keys/{key}", "Revoke a key; its nodes are shown out within 5 s", List.of(), "`ok`.", request -> {
                accounts.revokeKey(request.path().get("key"), Optional.empty(), caller(request));
                return ok();
            }),
            Route.forAgents("DELETE", "/api/v1/hub/keys/{key}/secrets/{secret}", "Revoke one secret of a key", List.of(), "`ok`.", request -> {
                accounts.revokeKey(request.path().get("key"), Optional.of(request.path().get("secret")), caller(request));
                return ok();
            }),
            list("/api/v1/hub/nodes", "The nodes that came in with a key", "nodes", Kind.NODE, page, caller -> node -> HubJson.node(service.door(), node)),
            Route.forAgents("DELETE", "/api/v1/hub/nodes/{node}", "Remove a node from its organisation; with a live key it can come again", List.of(), "`ok`.", request -> {
                swarms.removeNode(request.path().get("node"), caller(request));
                return ok();
            }),
            list("/api/v1/hub/projects", "The projects that nodes brought", "projects", Kind.PROJECT, page, caller -> project -> HubJson.project(accounts, project, caller)),
            Route.forAgents("PATCH", "/api/v1/hub/projects/{project}", "Open a project to all nodes of the organisation, or only to those that are named", List.of(new Route.Field("open", "boolean", true, "to all?")),
                "The project.", request -> changed(request, (project, caller) -> swarms.openProject(project, request.flag("open"), caller))),
            Route.forAgents("DELETE", "/api/v1/hub/projects/{project}", "Take a project off the hub; what its members have stays theirs", List.of(), "`ok`.", request -> {
                swarms.removeProject(request.path().get("project"), caller(request));
                return ok();
            }),
            Route.forAgents("POST", "/api/v1/hub/projects/{project}/nodes", "Let a node take part in a project that is not open to all", List.of(Route.needed("node", "its id or name")), "The project.", request ->
                changed(request, (project, caller) -> swarms.grant(project, request.text("node"), true, caller))),
            Route.forAgents("DELETE", "/api/v1/hub/projects/{project}/nodes/{node}", "Show a project to a node no more; a member of it stays one", List.of(), "The project.", request ->
                changed(request, (project, caller) -> swarms.grant(project, request.path().get("node"), false, caller))),
            Route.forAgents("GET", "/api/v1/hub/audit", "Who changed what, newest first", List.of(Route.number("before", "an offset: the `next` of the page before")),
                "`changes` (`at`, `by`, `what`, `id`, `fields`), `next`, and on the first page `refused`: who was not let in.", this::audit));
    }

    private interface Changing {
        void change(String project, Caller caller);
    }

    private Reply changed(Request request, Changing changing) {
        var caller = caller(request);
        var project = accounts.find(Kind.PROJECT, request.path().get("project"), caller);
        changing.change(project.id(), caller);
        return Reply.of(HubJson.project(accounts, accounts.find(Kind.PROJECT, project.id(), caller), caller));
    }

    private Route list(String path, String summary, String what, Kind kind, List<Route.Field> fields, Function<Caller, Function<Account, Json.Obj>> json) {
        return Route.forAgents("GET", path, summary, fields, "`" + what + "`, `has_more`.", request -> {
            var caller = caller(request);
            int limit = (int) request.number("limit", 100, 1, 500);
            long skip = request.number("skip", 0, 0, Integer.MAX_VALUE);
            var all = accounts.live(kind, caller);
            return Reply.of(Json.object(what, Json.array(all.stream().skip(skip).limit(limit).map(each -> (Json) json.apply(caller).apply(each)).toList()), "has_more", all.size() > skip + limit));
        });
    }

    private Reply audit(Request request) {
        var caller = caller(request);
        long before = request.number("before", Long.MAX_VALUE >> 11, 1, Long.MAX_VALUE >> 10);
        boolean first = !request.query().containsKey("before");
        var changes = audit.changes(first ? Long.MAX_VALUE : before, AUDIT_LOOKS, caller);
        var answer = Json.object("changes", Json.array(changes.stream().map(each -> (Json) HubJson.audited(each)).toList()), "next", changes.isEmpty() ? null : changes.getLast().offset());
        if (!first || !(caller instanceof Caller.Operator)) return Reply.of(answer);
        return Reply.of(answer.with("refused", Json.array(service.door().map(door -> door.refusals().stream().map(each -> (Json) HubJson.refusal(each)).toList()).orElse(List.of()))));
    }

    private SignIns signIns() {
        return service.signIns().orElseThrow(() -> new Problem(ErrorCode.NOT_FOUND, "This node is no hub.", "Start it with `waggle up --hub`."));
    }

    private Caller caller(Request request) {
        if (request.trusted()) return new Caller.Operator();
        return request.key().flatMap(signIns()::caller).orElseThrow(() -> new Problem(ErrorCode.UNAUTHORISED, "Nobody is signed in with that token, or no longer.", "POST /api/v1/hub/sessions signs in."));
    }

    private static String organisation(Request request, Caller caller) {
        return request.optional("organisation").orElseGet(() -> caller instanceof Caller.User user ? user.organisation() : request.text("organisation"));
    }

    private Reply shown(Accounts.Shown shown) {
        return Reply.of(HubJson.key(accounts, shown.key()).with("secret", Json.of(shown.secret())).with("note", Json.of(SHOWN_ONCE)));
    }

    private static Reply ok() {
        return Reply.of(Json.object("ok", true));
    }
}
