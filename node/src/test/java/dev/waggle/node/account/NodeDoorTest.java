package dev.waggle.node.account;

import dev.waggle.apps.hub.Kind;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Role;
import dev.waggle.node.Node;
import dev.waggle.node.NodeSettings;
import dev.waggle.node.problem.Problem;
import dev.waggle.sync.protocol.Ticket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Nodes at the door of a real hub: honest ones, and others.
@Timeout(120)
class NodeDoorTest {
    private static final Caller OPERATOR = new Caller.Operator();
    @TempDir Path folder;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<AutoCloseable> open = new ArrayList<>();
    private Node hub;
    private Accounts accounts;
    private Swarms swarms;
    private NodeDoor door;
    private URI url;
    private String key;

    @BeforeEach void start() {
        var flags = new NodeSettings.Flags(Optional.of(folder.resolve("data")), Optional.empty(), List.of(), Optional.of("127.0.0.1:0"), false).asHub();
        hub = Node.start(NodeSettings.read(flags, Map.of("WAGGLE_STATE", folder.resolve("state").toString())), bug -> {
            throw new AssertionError(bug);
        });
        accounts = new Accounts(hub);
        swarms = new Swarms(accounts);
        door = new NodeDoor(accounts);
        hub.peers().serve(door, (_, _, _, _) -> {
            throw new AssertionError("nobody asks");
        });
        url = URI.create("http://" + hub.peers().listening().orElseThrow());
        accounts.addOrganisation("acme", OPERATOR);
        key = accounts.addKey("acme", "berlin", OPERATOR).secret();
    }

    @AfterEach void stop() throws Exception {
        for (var each : open.reversed()) each.close();
        door.close();
        hub.close();
        http.close();
    }

    private RawNode enter(int number, String with) throws Exception {
        var node = RawNode.enter(http, url, number, with);
        open.add(node);
        return node;
    }

    private RawNode registered(int number, String with) throws Exception {
        var node = enter(number, with);
        assertThat(node.register("n" + number).text("type")).isEqualTo("registered");
        return node;
    }

    private static Json.Obj asks(String type, Object... more) {
        return Json.object(more).with("type", Json.of(type)).with("id", Json.of(9L));
    }

    private static void assertRefused(Json.Obj answer, String code, String part) {
        assertThat(answer.text("type")).isEqualTo("error");
        assertThat(answer.text("code")).isEqualTo(code);
        assertThat(answer.text("message")).contains(part);
    }

    @Test void a_node_with_a_key_proves_who_it_is_and_the_hub_does_too() throws Exception {
        var node = enter(1, key);
        assertThat(node.challenge.text("hub")).isEqualTo(hub.id().hex());
        var answer = node.register("anna");
        assertThat(answer.text("type")).isEqualTo("registered");
        assertThat(answer.integer("id")).isEqualTo(7);
        assertThat(answer.object("organisation").text("name")).isEqualTo("acme");
        var greeting = new Greeting(hub.id(), node.id(), node.challenge.text("nonce"), RawNode.NONCE, "anna", "");
        assertThat(greeting.isSigned(Greeting.Role.HUB, answer.text("signature"), hub.verifier())).isTrue();
        assertThat(greeting.isSigned(Greeting.Role.NODE, answer.text("signature"), hub.verifier())).as("one's own proof comes back as nobody's").isFalse();
        assertThat(door.status(node.id())).isEqualTo("online");
        assertThat(accounts.find(Kind.NODE, "anna", OPERATOR).id()).isEqualTo(node.id().hex());
        assertThat(node.ask(asks("heartbeat")).text("type")).isEqualTo("alive");
        assertThat(node.ask(asks("nodes")).array("nodes")).hasSize(1);
    }

    @Test void a_wrong_key_is_refused_at_the_handshake_and_slowed_down() throws Exception {
        assertThat(RawNode.status(http, url, "waggle_node_" + "0".repeat(64))).isEqualTo(401);
        assertThat(RawNode.status(http, url, "")).isEqualTo(401);
        assertThat(RawNode.status(http, url, "x".repeat(5_000))).isEqualTo(401);
        assertThat(RawNode.status(http, url, key)).isEqualTo(101);
        int status = 401;
        for (int i = 0; i < 60 && status == 401; i++) status = RawNode.status(http, url, "waggle_node_" + "0".repeat(64));
        assertThat(status).as("too many tries").isEqualTo(429);
        assertThat(RawNode.status(http, url, key)).as("who has a key still comes in").isEqualTo(101);
        assertThat(door.refusals().getFirst().why()).isEqualTo("an unknown or revoked key");
        assertThat(door.refusals().toString()).doesNotContain("000000");
    }

    @Tag("L07") @Test void an_id_that_is_not_the_nodes_own_is_refused() throws Exception {
        var liar = enter(1, key);
        var victim = RawNode.signer(2);
        assertRefused(liar.ask(liar.greeting(RawNode.signer(1), victim.node(), liar.challenge.text("nonce"), "anna")), "unauthorised", "did not prove");
        assertRefused(liar.ask(asks("projects")), "unauthorised", "says who it is first");
        assertThat(door.status(victim.node())).isEqualTo("unknown");

        var honest = enter(2, key);
        var recorded = honest.greeting(victim, victim.node(), honest.challenge.text("nonce"), "anna");
        assertThat(honest.ask(recorded).text("type")).isEqualTo("registered");
        assertRefused(liar.ask(recorded), "unauthorised", "did not prove");
    }

    @Tag("L07") @Test void a_revoked_key_shows_its_nodes_out_within_5_s_and_a_rotated_one_keeps_them() throws Exception {
        var node = registered(1, key);
        var second = accounts.rotateKey("berlin", OPERATOR).secret();
        assertThatThrownBy(() -> accounts.rotateKey("berlin", OPERATOR)).isInstanceOf(Problem.class).hasMessageContaining("2 live secrets");
        assertThat(RawNode.status(http, url, key)).isEqualTo(101);
        assertThat(RawNode.status(http, url, second)).as("both are live").isEqualTo(101);
        var other = registered(2, second);

        long began = System.nanoTime();
        var first = accounts.secrets(accounts.find(Kind.KEY, "berlin", OPERATOR)).getFirst();
        accounts.revokeKey("berlin", Optional.of(first.id()), OPERATOR);
        assertThat(node.ended()).contains("the key was revoked");
        assertThat(System.nanoTime() - began).isLessThan(5_000_000_000L);
        assertThat(RawNode.status(http, url, key)).isEqualTo(401);
        assertThat(other.ask(asks("heartbeat")).text("type")).isEqualTo("alive");

        accounts.rotateKey("berlin", OPERATOR);
        accounts.removeOrganisation("acme", OPERATOR);
        assertThat(other.ended()).contains("the key was revoked");
        assertThat(RawNode.status(http, url, second)).isEqualTo(401);
    }

    @Tag("lesson-list-of-everything") @Test void a_node_belongs_to_one_organisation_and_sees_nothing_of_another() throws Exception {
        accounts.addOrganisation("other", OPERATOR);
        var foreign = accounts.addKey("other", "rome", OPERATOR).secret();
        var node = registered(1, key);
        var again = enter(1, foreign);
        assertRefused(again.register("n1"), "not_allowed", "another organisation");
        var stranger = registered(2, foreign);
        assertThat(stranger.ask(asks("nodes")).array("nodes")).hasSize(1);
        assertThat(node.ask(asks("nodes")).array("nodes")).hasSize(1);

        var board = hub.create("garden", "board");
        swarms.publish(board.id(), accounts.find(Kind.ORGANISATION, "acme", OPERATOR).id(), "garden", node.id());
        assertThat(node.ask(asks("projects")).array("projects")).hasSize(1);
        assertThat(stranger.ask(asks("projects")).array("projects")).isEmpty();
        assertRefused(stranger.ask(asks("link", "space", board.id().hex())), "not_found", "no such thing");
        assertRefused(stranger.ask(asks("withdraw", "space", board.id().hex())), "not_found", "no such thing");
        assertRefused(stranger.ask(asks("link", "space", "00".repeat(32))), "not_found", "no such thing");

        swarms.removeNode(node.id().hex(), OPERATOR);
        assertThat(node.ended()).contains("the node was removed");
        assertThat(again.register("n1").text("type")).as("now it may").isEqualTo("registered");
    }

    @Test void a_project_that_is_not_open_shows_itself_to_those_who_are_named() throws Exception {
        var maker = registered(1, key);
        var node = registered(2, key);
        var board = hub.create("garden", "board");
        swarms.publish(board.id(), accounts.find(Kind.ORGANISATION, "acme", OPERATOR).id(), "garden", maker.id());
        swarms.openProject("garden", false, OPERATOR);
        assertThat(node.ask(asks("projects")).array("projects")).isEmpty();
        assertRefused(node.ask(asks("link", "space", board.id().hex())), "not_found", "no such thing");
        assertThat(maker.ask(asks("projects")).array("projects")).as("who brought it sees it").hasSize(1);
        swarms.grant("garden", "n2", true, OPERATOR);
        var ticket = Ticket.parse(node.ask(asks("link", "space", board.id().hex())).text("ticket"), hub.verifier());
        assertThat(ticket.forNode()).as("for nobody else").contains(node.id());
        assertThat(ticket.role()).isEqualTo(Role.WRITER);
        swarms.grant("garden", "n2", false, OPERATOR);
        assertThat(node.ask(asks("projects")).array("projects")).isEmpty();
    }

    @Test void a_node_brings_no_project_of_somebody_else() throws Exception {
        var node = registered(1, key);
        var board = hub.create("hub's own", "board");
        var foreign = hub.ticketFor(hub.id(), board, Role.MODERATOR, java.time.Duration.ofMinutes(5));
        assertRefused(node.ask(asks("publish", "ticket", foreign.text())), "not_allowed", "not this node's");
        var invented = ticket(1, board.id(), List.of(), Role.MODERATOR, Optional.of(hub.id()));
        assertRefused(node.ask(asks("publish", "ticket", invented.text())), "not_allowed", "does not name this node");
        assertThat(accounts.live(Kind.PROJECT, OPERATOR)).isEmpty();
        for (var wrong : List.of(ticket(1, board.id(), List.of("127.0.0.1:1"), Role.MODERATOR, Optional.of(hub.id())), ticket(1, board.id(), List.of(), Role.WRITER, Optional.of(hub.id())),
            ticket(1, board.id(), List.of(), Role.MODERATOR, Optional.empty())))
            assertRefused(node.ask(asks("publish", "ticket", wrong.text())), "bad_request", "not one for this hub");
        assertThat(node.ask(asks("publish", "ticket", "waggle1nonsense")).text("code")).isEqualTo("bad_ticket");
    }

    private Ticket ticket(int number, SpaceId space, List<String> addresses, Role role, Optional<NodeId> bearer) {
        return Ticket.issue(RawNode.signer(number), space, "garden", addresses, role, new byte[Ticket.SECRET_BYTES], hub.nowMs() + 60_000, bearer);
    }

    @Test void what_is_malformed_too_large_or_too_much_ends_the_connection_and_nothing_else() throws Exception {
        for (var text : List.of("no json", "[]", "{\"type\":\"register\",\"type\":\"register\"}", "{\"no\":\"type\"}", "{\"type\":7}", "{\"type\":\"register\",\"node\":\"zz\",\"name\":\"x\",\"nonce\":\"\",\"signature\":\"\"}",
            "{\"type\":\"heartbeat\",\"id\":\"x\"}")) {
            var node = enter(1, key);
            node.say(text);
            assertThat(node.ended()).as(text).startsWith("1007 malformed");
        }
        var large = enter(1, key);
        large.say("{\"type\":\"" + "x".repeat(70_000) + "\"}");
        assertThat(large.ended()).isNotEmpty();
        var flooding = registered(1, key);
        assertThat(endedAfter(flooding, 2_000, () -> flooding.say("{\"type\":\"heartbeat\",\"id\":1}"))).as("without waiting for an answer").isLessThan(2_000);
        var fast = registered(1, key);
        assertThat(endedAfter(fast, 20_000, () -> fast.ask(asks("heartbeat")))).as("more than 600 a minute").isBetween(590, 19_999);
        var unknown = registered(2, key);
        assertRefused(unknown.ask(asks("dance")), "bad_request", "no such request");
    }

    private interface Saying {
        void say() throws Exception;
    }

    /// @return after how many messages it was hung up on
    private static int endedAfter(RawNode node, int max, Saying saying) throws Exception {
        for (int said = 0; said < max; said++) {
            try {
                saying.say();
            } catch (Exception | AssertionError _) {
                assertThat(node.ended()).contains("too many messages");
                return said;
            }
            if (!node.isOpen()) return said;
        }
        return max;
    }

    @Tag("W01") @Test void no_page_opens_a_connection_from_somebodys_browser() throws Exception {
        assertThat(RawNode.status(http, url, key, "Origin", url.toString())).isEqualTo(403);
    }

    @Test void who_goes_away_is_offline_and_who_never_came_is_unknown() throws Exception {
        var node = registered(1, key);
        var twice = registered(1, key);
        assertRefused(twice.register("n1"), "bad_request", "no such request");
        twice.close();
        for (long until = System.nanoTime() + 20_000_000_000L; door.connected() > 1 && System.nanoTime() < until; Thread.onSpinWait()) { }
        assertThat(door.status(node.id())).as("the other connection is still there").isEqualTo("online");
        node.close();
        for (long until = System.nanoTime() + 20_000_000_000L; door.status(node.id()).equals("online") && System.nanoTime() < until; Thread.onSpinWait()) { }
        assertThat(door.status(node.id())).isEqualTo("offline");
        assertThat(door.status(RawNode.signer(99).node())).isEqualTo("unknown");
    }
}
