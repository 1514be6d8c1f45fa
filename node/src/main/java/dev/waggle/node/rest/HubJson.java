package dev.waggle.node.rest;

import dev.waggle.apps.hub.Account;
import dev.waggle.apps.hub.Kind;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.node.account.Accounts;
import dev.waggle.node.account.Audit;
import dev.waggle.node.account.Caller;
import dev.waggle.node.account.NodeDoor;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// A hub's accounts as JSON. No hash and no secret is ever in it.
final class HubJson {
    private static final Set<String> HIDDEN = Set.of("password", "hash");

    private HubJson() {}

    static Json.Obj organisation(Account organisation) {
        return Json.object("id", organisation.id(), "name", organisation.text("name"));
    }

    static Json.Obj user(Account user) {
        return Json.object("id", user.id(), "organisation", user.text("organisation"), "email", user.text("email"), "role", user.text("role"), "signed_in_at", at(user.number("signed_in_ms")));
    }

    static Json.Obj key(Accounts accounts, Account key) {
        return Json.object("id", key.id(), "organisation", key.text("organisation"), "name", key.text("name"), "secrets", Json.array(accounts.secrets(key).stream()
            .map(each -> (Json) Json.object("id", each.id(), "hint", each.text("hint"), "created_at", at(each.number("created_ms")))).toList()));
    }

    static Json.Obj node(Optional<NodeDoor> door, Account node) {
        var id = new NodeId(node.id());
        return Json.object("node", node.id(), "organisation", node.text("organisation"), "name", node.text("name"), "key", node.text("key"), "public_url", node.textIfPresent("public_url").orElse(null),
            "status", door.map(each -> each.status(id)).orElse("unknown"), "last_heard_at", door.map(each -> at(each.lastHeardMs(id))).orElse(null));
    }

    static Json.Obj project(Accounts accounts, Account project, Caller caller) {
        return Json.object("id", project.id(), "organisation", project.text("organisation"), "name", project.text("name"), "node", project.text("node"), "open", project.is("open"),
            "granted", Json.array(accounts.live(Kind.GRANT, caller).stream().filter(each -> each.text("project").equals(project.id())).map(each -> Json.of(each.text("node"))).toList()));
    }

    static Json.Obj audited(Audit.Audited audited) {
        var shown = new TreeMap<>(audited.what().fields());
        shown.replaceAll((name, value) -> HIDDEN.contains(name) ? Json.of("(changed)") : value);
        return Json.object("offset", audited.offset(), "at", at(audited.atMs()), "by", audited.what().by(), "what", audited.what().kind().eventType(), "id", audited.what().id(), "fields", new Json.Obj(shown));
    }

    static Json.Obj refusal(NodeDoor.Refusal refusal) {
        return Json.object("at", at(refusal.atMs()), "who", refusal.who(), "why", refusal.why());
    }

    /// ISO 8601; null for never.
    static String at(long ms) {
        return ms == 0 ? null : Instant.ofEpochMilli(ms).toString();
    }
}
