package dev.waggle.lab.process;

import dev.waggle.core.event.Json;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/// Sync groups and peers by endpoint, over REST, between real nodes.
@Timeout(300)
class GroupsTest {
    private static final String QUICK = "\"heartbeat_interval\": 500, \"peer_timeout\": 3000, \"gossip\": {\"enabled\": false}";
    @TempDir Path folder;

    private static Json.Obj peers(String... members) {
        var json = Json.object();
        for (int i = 0; i < members.length; i += 2) json = json.with(members[i], Json.of(members[i + 1]));
        return json;
    }

    private static Json.Obj only(Json.Obj answer, String list) {
        assertThat(answer.array(list)).hasSize(1);
        return answer.array(list).getFirst().asObject();
    }

    @Tag("W09") @Test void a_peer_is_named_limited_to_hives_tested_changed_and_forgotten_and_groups_tell_how_it_is() throws Exception {
        try (var a = new NodeProcess(folder.resolve("a")); var b = new NodeProcess(folder.resolve("b"))) {
            a.settings("{\"sync\": {" + QUICK + "}}").up();
            b.settings("{\"sync\": {" + QUICK + "}}").up();
            var notes = Notes.create(folder.resolve("a.sqlite"));
            a.ask("track", notes.file(), "--name", "engineering");
            var group = a.rest("POST", "/api/v1/sync/groups", Json.object("hive_name", "engineering")).ok();
            assertThat(group.text("sync_group_name")).isEqualTo("engineering");
            assertThat(group.text("created_by_instance_id")).isEqualTo(group.text("instance_signing_key"));
            assertThat(a.rest("POST", "/api/v1/sync/groups", Json.object("hive_name", "nowhere")).status()).isEqualTo(404);

            var other = new Notes(folder.resolve("b.sqlite"));
            b.ask("join", a.ask("invite").text("ticket"), other.file(), "--name", "engineering");
            var id = group.text("id");
            NodeProcess.await("both are active and nothing lacks", () -> {
                var peer = only(rest(a, "/api/v1/sync/groups/" + id), "peers");
                return peer.text("status").equals("active") && peer.integer("lag") == 0;
            });
            var federation = only(only(a.rest("GET", "/api/v1/federation/status", null).ok().object("sync"), "groups"), "peers");
            assertThat(federation.members().keySet()).containsExactly("lag", "last_sync", "name", "status");

            // By its endpoint alone: b asks who is there.
            var endpoint = "http://" + a.address() + "/sync/v1";
            var named = b.rest("POST", "/api/v1/sync/peers", peers("name", "Instance A", "sync_endpoint", endpoint)).ok();
            NodeProcess.await("it is known by its key", () -> rest(b, "/api/v1/sync/peers").array("peers").getFirst().asObject().text("status").equals("active"));
            var shown = only(rest(b, "/api/v1/sync/peers"), "peers");
            assertThat(shown.text("signing_key")).isEqualTo(group.text("instance_signing_key"));
            assertThat(shown.text("name")).isEqualTo("Instance A");
            assertThat(shown.text("source")).isEqualTo("manual");
            assertThat(shown.array("shared_hives")).containsExactly(Json.of("engineering"));
            assertThat(only(rest(b, "/api/v1/sync/groups/" + id), "peers").text("name")).isEqualTo("Instance A");
            assertThat(b.rest("POST", "/api/v1/sync/peers", peers("sync_endpoint", endpoint)).status()).as("named twice").isEqualTo(400);
            for (var bad : new String[] {"nonsense", "ftp://h/sync/v1", "http://u:p@h/sync/v1", "http://h/other", "http://h/sync/v1?x=1"})
                assertThat(b.rest("POST", "/api/v1/sync/peers", peers("sync_endpoint", bad)).status()).as(bad).isEqualTo(400);
            var peer = "/api/v1/sync/peers/" + named.text("id");
            assertThat(b.rest("POST", peer + "/test", Json.object()).ok().text("outcome")).isEqualTo("reached");

            // Limited to another hive: nothing passes, both ways.
            b.rest("PATCH", peer, Json.object("shared_hives", Json.array(Json.of("sales")))).ok();
            NodeProcess.await("the group says so", () -> only(rest(b, "/api/v1/sync/groups/" + id), "peers").text("status").equals("paused"));
            notes.add("while paused");
            other.add("from b while paused");
            NodeProcess.await("a lags", () -> only(rest(b, "/api/v1/sync/groups/" + id), "peers").integer("lag") > 0);
            assertThat(other.has("while paused")).isFalse();
            b.rest("PATCH", peer, Json.object("shared_hives", Json.array(Json.of("engineering")))).ok();
            NodeProcess.await("all arrives", () -> other.has("while paused") && notes.has("from b while paused"));

            assertThat(b.rest("POST", "/api/v1/sync/groups/" + id + "/resync", Json.object()).ok().integer("peers")).isEqualTo(1);
            var page = b.rest("GET", "/api/v1/sync/groups/" + id + "/events?since=0&limit=2", null).ok();
            assertThat(page.array("events")).hasSize(2);
            assertThat(page.get("has_more")).contains(Json.TRUE);
            assertThat(page.array("events").getFirst().asObject().text("event_type")).isEqualTo("genesis");

            // An address that nobody means, and tests that are counted.
            var inside = b.rest("POST", "/api/v1/sync/peers", peers("sync_endpoint", "http://169.254.169.254:80/sync/v1")).ok();
            var outcome = b.rest("POST", "/api/v1/sync/peers/" + inside.text("id") + "/test", Json.object()).ok();
            assertThat(outcome.text("outcome")).isEqualTo("refused");
            for (int i = 0; i < 8; i++) b.rest("POST", peer + "/test", Json.object()).ok();
            assertThat(b.rest("POST", peer + "/test", Json.object()).status()).isEqualTo(429);
            b.rest("DELETE", "/api/v1/sync/peers/" + inside.text("id"), null).ok();

            b.rest("DELETE", peer, null).ok();
            NodeProcess.await("it is forgotten", () -> rest(b, "/api/v1/sync/peers").array("peers").stream().noneMatch(each -> each.asObject().text("name").equals("Instance A")));
            assertThat(b.rest("DELETE", "/api/v1/sync/groups/" + id, null).ok().get("ok")).contains(Json.TRUE);
            assertThat(rest(b, "/api/v1/sync/groups").array("groups")).isEmpty();
            assertThat(rest(a, "/api/v1/sync/groups").array("groups")).as("it removed itself alone").hasSize(1);
        }
    }

    @Test void peers_of_the_settings_file_are_dialled_from_the_first_start_and_stay_as_the_file_says() throws Exception {
        try (var a = new NodeProcess(folder.resolve("a")); var b = new NodeProcess(folder.resolve("b")); var c = new NodeProcess(folder.resolve("c"))) {
            a.settings("{\"sync\": {" + QUICK + "}}").up();
            b.settings("{\"sync\": {" + QUICK + "}}").up();
            var notes = Notes.create(folder.resolve("a.sqlite"));
            a.ask("track", notes.file(), "--name", "engineering");
            var left = new Notes(folder.resolve("b.sqlite"));
            b.ask("join", a.ask("invite").text("ticket"), left.file());
            c.settings("{\"sync\": {" + QUICK + ", \"peers\": [{\"name\": \"B\", \"sync_endpoint\": \"http://" + b.address() + "/sync/v1\", \"shared_hives\": [\"engineering\"]}]}}").up();
            var right = new Notes(folder.resolve("c.sqlite"));
            c.ask("join", a.ask("invite").text("ticket"), right.file());
            NodeProcess.await("c has reached b", () -> rest(c, "/api/v1/sync/peers").array("peers").stream().map(Json::asObject)
                .anyMatch(peer -> peer.text("name").equals("B") && peer.text("status").equals("active")));
            a.kill();
            left.add("by the way of the file");
            NodeProcess.await("c has it of b", () -> right.has("by the way of the file"));
            NodeProcess.await("a is unreachable after its time", () -> rest(b, "/api/v1/sync/peers").array("peers").stream().map(Json::asObject)
                .anyMatch(peer -> peer.text("status").equals("unreachable")));
            var fixed = rest(c, "/api/v1/sync/peers").array("peers").getFirst().asObject();
            assertThat(c.rest("DELETE", "/api/v1/sync/peers/" + fixed.text("id"), null).status()).isEqualTo(403);
            assertThat(c.rest("PATCH", "/api/v1/sync/peers/" + fixed.text("id"), peers("name", "another")).status()).isEqualTo(403);
        }
    }

    private static Json.Obj rest(NodeProcess node, String path) {
        try {
            return node.rest("GET", path, null).ok();
        } catch (Exception e) {
            throw new IllegalStateException(path, e);
        }
    }
}
