package dev.waggle.node.rest;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// A hub's users, on the address where everybody reaches the hub.
@Timeout(120)
class PortalTest {
    private static final String GOOD = "correct horse battery";
    @TempDir Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private TestNode hub;
    private String url;

    @BeforeEach void start() {
        hub = TestNode.start(TestNode.settings(folder, TestNode.flags(folder.resolve("data")).asHub()));
        url = "http://" + operator("GET", "/api/v1/node", Json.object()).text("listen");
        for (var name : List.of("acme", "other")) operator("POST", "/api/v1/hub/organisations", Json.object("name", name));
        operator("POST", "/api/v1/hub/users", Json.object("organisation", "acme", "email", "Ann@Example.com", "password", GOOD, "role", "admin"));
        operator("POST", "/api/v1/hub/users", Json.object("organisation", "acme", "email", "bob@example.com", "password", GOOD));
        operator("POST", "/api/v1/hub/users", Json.object("organisation", "other", "email", "eve@example.com", "password", GOOD, "role", "admin"));
    }

    @AfterEach void stop() {
        hub.close();
        http.close();
    }

    private Json.Obj operator(String method, String path, Json.Obj body) {
        return hub.call(method, path, body);
    }

    private record Said(int status, Json.Obj body) {
        String code() {
            return body.object("error").text("code");
        }
    }

    private Said ask(String method, String path, String token, Json.Obj body, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(url + path)).method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(Canonical.bytes(body)));
        if (!token.isEmpty()) request.header("Authorization", "Bearer " + token);
        for (int i = 0; i < headers.length; i += 2) request.header(headers[i], headers[i + 1]);
        var response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Said(response.statusCode(), Canonical.parseObject(response.body()));
    }

    private String signIn(String email, String password) throws Exception {
        var said = ask("POST", "/api/v1/hub/sessions", "", Json.object("email", email, "password", password));
        assertThat(said.status()).as(said.toString()).isEqualTo(200);
        return said.body().text("token");
    }

    @Test void a_user_signs_in_sees_his_organisation_and_signs_out() throws Exception {
        var ann = signIn("ann@example.com", GOOD);
        assertThat(ask("GET", "/api/v1/hub/me", ann, null).body().text("organisation_name")).isEqualTo("acme");
        assertThat(ask("GET", "/api/v1/hub/users", ann, null).body().array("users").stream().map(each -> each.asObject().text("email"))).containsExactlyInAnyOrder("ann@example.com", "bob@example.com");
        assertThat(ask("GET", "/api/v1/hub/organisations", ann, null).body().array("organisations")).hasSize(1);
        assertThat(ask("DELETE", "/api/v1/hub/sessions", ann, null).status()).isEqualTo(200);
        assertThat(ask("GET", "/api/v1/hub/me", ann, null).status()).isEqualTo(401);
    }

    @Test void an_admin_makes_rotates_and_revokes_keys_and_a_member_only_looks() throws Exception {
        var ann = signIn("ann@example.com", GOOD);
        var made = ask("POST", "/api/v1/hub/keys", ann, Json.object("name", "berlin")).body();
        assertThat(made.text("secret")).startsWith("waggle_node_").hasSize("waggle_node_".length() + 64);
        assertThat(ask("POST", "/api/v1/hub/keys/berlin/rotate", ann, Json.object()).body().array("secrets")).hasSize(2);
        var listed = ask("GET", "/api/v1/hub/keys", ann, null).body();
        assertThat(Canonical.text(listed)).as("shown once").doesNotContain(made.text("secret"));

        var bob = signIn("bob@example.com", GOOD);
        assertThat(ask("GET", "/api/v1/hub/keys", bob, null).body().array("keys")).hasSize(1);
        for (var each : List.of(ask("POST", "/api/v1/hub/keys", bob, Json.object("name", "rome")), ask("DELETE", "/api/v1/hub/keys/berlin", bob, null),
            ask("POST", "/api/v1/hub/keys/berlin/rotate", bob, Json.object()), ask("POST", "/api/v1/hub/users", bob, Json.object("email", "x@example.com", "password", GOOD)),
            ask("PATCH", "/api/v1/hub/users/bob@example.com", bob, Json.object("role", "admin"))))
            assertThat(each.code()).isEqualTo("not_allowed");
        assertThat(ask("DELETE", "/api/v1/hub/keys/berlin", ann, null).status()).isEqualTo(200);
        assertThat(ask("GET", "/api/v1/hub/keys", bob, null).body().array("keys")).isEmpty();
    }

    @Tag("lesson-list-of-everything") @Test void what_is_another_organisations_does_not_exist() throws Exception {
        var ann = signIn("ann@example.com", GOOD);
        var key = ask("POST", "/api/v1/hub/keys", ann, Json.object("name", "berlin")).body().text("id");
        var eve = signIn("eve@example.com", GOOD);
        var acme = operator("GET", "/api/v1/hub/organisations", Json.object()).array("organisations").stream().map(Json::asObject).filter(each -> each.text("name").equals("acme")).findFirst().orElseThrow().text("id");
        for (var each : List.of(ask("DELETE", "/api/v1/hub/keys/" + key, eve, null), ask("POST", "/api/v1/hub/keys/" + key + "/rotate", eve, Json.object()),
            ask("POST", "/api/v1/hub/keys", eve, Json.object("organisation", acme, "name", "x")), ask("DELETE", "/api/v1/hub/users/bob@example.com", eve, null),
            ask("PATCH", "/api/v1/hub/users/ann@example.com", eve, Json.object("password", GOOD + "!")), ask("POST", "/api/v1/hub/users", eve, Json.object("organisation", "acme", "email", "x@example.com", "password", GOOD))))
            assertThat(each.code()).isEqualTo("not_found");
        assertThat(Canonical.text(ask("GET", "/api/v1/hub/audit", eve, null).body())).doesNotContain("ann@example.com").doesNotContain("berlin").doesNotContain("refused");
        for (var each : List.of(ask("POST", "/api/v1/hub/organisations", eve, Json.object("name", "mine")), ask("DELETE", "/api/v1/hub/organisations/other", eve, null)))
            assertThat(each.code()).isEqualTo("not_allowed");
    }

    @Test void a_new_password_and_a_removal_sign_out() throws Exception {
        var ann = signIn("ann@example.com", GOOD);
        var bob = signIn("bob@example.com", GOOD);
        assertThat(ask("PATCH", "/api/v1/hub/users/bob@example.com", bob, Json.object("password", "another good one")).status()).as("his own").isEqualTo(200);
        assertThat(ask("GET", "/api/v1/hub/me", bob, null).status()).isEqualTo(401);
        bob = signIn("bob@example.com", "another good one");
        ask("DELETE", "/api/v1/hub/users/bob@example.com", ann, null);
        assertThat(ask("GET", "/api/v1/hub/me", bob, null).status()).isEqualTo(401);
        assertThat(ask("POST", "/api/v1/hub/sessions", "", Json.object("email", "bob@example.com", "password", "another good one")).status()).isEqualTo(401);
        operator("DELETE", "/api/v1/hub/organisations/acme", Json.object());
        assertThat(ask("GET", "/api/v1/hub/me", ann, null).status()).isEqualTo(401);
    }

    @Test void whoever_guesses_is_answered_alike_and_slowed_down_and_nobody_else_is() throws Exception {
        var wrong = ask("POST", "/api/v1/hub/sessions", "", Json.object("email", "ann@example.com", "password", "not the password"));
        var unknown = ask("POST", "/api/v1/hub/sessions", "", Json.object("email", "nobody@example.com", "password", "not the password"));
        assertThat(wrong).isEqualTo(unknown);
        assertThat(wrong.status()).isEqualTo(401);
        var ann = signIn("ann@example.com", GOOD);
        for (int i = 0; i < 60; i++) assertThat(ask("GET", "/api/v1/hub/me", ann, null).status()).as("good ones do not count").isEqualTo(200);
        int status = 401;
        for (int i = 0; i < 60 && status == 401; i++) status = ask("GET", "/api/v1/hub/me", "waggle_user_" + "0".repeat(64), null).status();
        assertThat(status).isEqualTo(429);
    }

    @Tag("W01") @Test void no_other_page_and_no_route_of_the_node_itself_is_served_here() throws Exception {
        var ann = signIn("ann@example.com", GOOD);
        assertThat(ask("GET", "/api/v1/hub/me", ann, null, "Origin", "https://example.com").status()).isEqualTo(403);
        assertThat(ask("GET", "/api/v1/hub/me", "", null).status()).isEqualTo(401);
        assertThat(ask("GET", "/api/v1/hub/link", ann, null).status()).isEqualTo(404);
        assertThat(ask("GET", "/api/v1/hub/spaces", ann, null).status()).isEqualTo(404);
        assertThat(ask("POST", "/api/v1/hub/keys", ann, Json.object("name", "x".repeat(20_000))).status()).isEqualTo(413);
        assertThat(ask("POST", "/api/v1/hub/keys", ann, Json.object("name", "x".repeat(200))).status()).isEqualTo(400);
    }

    @Tag("W02") @Test void the_audit_log_says_who_changed_what_and_shows_no_hash() throws Exception {
        var ann = signIn("ann@example.com", GOOD);
        var id = ask("GET", "/api/v1/hub/me", ann, null).body().text("id");
        ask("POST", "/api/v1/hub/keys", ann, Json.object("name", "berlin"));
        var changes = ask("GET", "/api/v1/hub/audit", ann, null).body().array("changes").stream().map(Json::asObject).toList();
        assertThat(changes.get(1).text("what")).isEqualTo("key_changed");
        assertThat(changes.get(1).text("by")).isEqualTo(id);
        assertThat(changes.stream().map(each -> each.text("by"))).contains("operator");
        assertThat(Canonical.text(ask("GET", "/api/v1/hub/audit", ann, null).body())).contains("(changed)").doesNotContain("argon2id");
    }
}
