package dev.waggle.net.http;

import dev.waggle.core.Property;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.net.websocket.ListenOptions;
import dev.waggle.net.websocket.WebSocketTransport;
import dev.waggle.net.wire.EventJson;
import dev.waggle.net.wire.SomeFrames;
import dev.waggle.sync.engine.Transport;
import dev.waggle.sync.protocol.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// A member, a stranger and a nuisance ask a node over HTTP.
@Timeout(60)
class SyncV1Test {
    static final SpaceId SHARED = new SpaceId("11".repeat(32));
    private static final SpaceId SECRET = new SpaceId("22".repeat(32));
    private static final SpaceId UNKNOWN = new SpaceId("33".repeat(32));
    private static final NodeId MEMBER = Ed25519.signer(seed(1)).node();
    private static final NodeId HERE = Ed25519.signer(seed(2)).node();

    private final SomeSpaces spaces = new SomeSpaces();
    private final AtomicLong nanos = new AtomicLong();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private SyncV1Routes routes;
    private int port;
    private String scheme = "http";

    private static byte[] seed(int number) {
        var seed = new byte[32];
        seed[0] = (byte) number;
        return seed;
    }

    private void serve(ListenOptions.Security security) throws IOException {
        serve(security, HttpLimits.DEFAULT);
    }

    private void serve(ListenOptions.Security security, HttpLimits limits) throws IOException {
        var frames = new SomeFrames(Property.random(5));
        for (int i = 0; i < 1_200; i++) events.add(frames.event());
        spaces.space(SHARED, events, MEMBER, HERE);
        spaces.space(SECRET, events.subList(0, 10), HERE);
        routes = new SyncV1Routes(Ed25519.signer(seed(2)), spaces, limits, new SecureRandom(), nanos::get);
        var server = new WebSocketTransport(seed(2), ListenOptions.of("127.0.0.1", 0).with(security), new Deaf(), routes::mount);
        open.add(server);
        port = server.start();
        if (security == ListenOptions.Security.TLS) scheme = "https";
    }

    private static final class Deaf implements Transport.Handler {
        @Override public void opened(Transport.Connection connection) {}

        @Override public boolean received(Transport.Connection connection, Frame frame) {
            return true;
        }

        @Override public void closed(Transport.Connection connection, String why) {}
    }

    private SyncV1Client client(int number) {
        var client = new SyncV1Client(URI.create(scheme + "://127.0.0.1:" + port), seed(number));
        open.addFirst(client);
        return client;
    }

    private SyncV1Client member() throws IOException {
        var client = client(1);
        client.handshake(Optional.of(HERE), Optional.of(SHARED));
        return client;
    }

    @AfterEach void close() throws Exception {
        for (var closeable : open) closeable.close();
    }

    @Tag("P05") @Test void a_member_reads_the_whole_log_page_by_page() throws Exception {
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        var client = client(1);
        var granted = client.handshake(Optional.of(HERE), Optional.of(SHARED));
        assertThat(granted.integer("current_seq")).isEqualTo(1_200);
        assertThat(granted.text("sync_group_id")).isEqualTo(SHARED.hex());
        var read = new ArrayList<Event>();
        long since = 0;
        SyncV1Handler.Page page;
        do {
            page = client.eventsSince(SHARED, since, 500);
            read.addAll(page.events());
            since = page.nextSeq();
        } while (page.hasMore());
        assertThat(read).isEqualTo(events);
        for (int i = 0; i < read.size(); i++) {
            assertThat(read.get(i).payload()).isEqualTo(events.get(i).payload());
            assertThat(read.get(i).signature()).usingRecursiveComparison().isEqualTo(events.get(i).signature());
        }
        assertThat(client.get("/sync/v1/groups/" + SHARED.hex() + "/events").json().array("events")).hasSize(500);
        assertThat(client.get("/sync/v1/groups/" + SHARED.hex() + "/events?limit=100000").json().array("events")).hasSize(500);
    }

    @Test void events_that_were_condensed_are_gone_from_here_and_it_is_said_where_they_are() throws Exception {
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        var client = member();
        spaces.condensed = true;
        var answer = client.get("/sync/v1/groups/" + SHARED.hex() + "/events");
        assertThat(answer.status()).isEqualTo(410);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("fetch them over the stream");
    }

    @Test void a_member_pushes_and_gets_an_answer_for_each_event() throws Exception {
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        var frames = new SomeFrames(Property.random(6));
        var fresh = frames.event();
        var answer = member().push(SHARED, List.of(events.getFirst(), fresh), 77);
        assertThat(answer.integer("received_seq")).isEqualTo(77);
        assertThat(answer.array("answers").get(0).asObject().text("result")).isEqualTo("duplicate");
        assertThat(answer.array("answers").get(1).asObject().text("id")).isEqualTo(fresh.id().hex());
    }

    @Tag("F08") @Test void a_peer_that_pushes_too_much_is_told_when_to_come_back_and_nothing_is_taken() throws Exception {
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        var client = member();
        spaces.pushWaitSeconds = 7;
        var fresh = new SomeFrames(Property.random(7)).event();
        var body = Json.object("events", Json.array(EventJson.write(fresh)), "sender_seq", 1L);
        assertThat(client.post("/sync/v1/groups/" + SHARED.hex() + "/events", body).status()).isEqualTo(429);
        assertThat(client.post("/api/v0", Json.object("SendEntries", Json.object("tree_id", SHARED.hex(), "entries", Json.array(EventJson.write(fresh))))).status()).isEqualTo(429);
        spaces.pushWaitSeconds = 0;
        assertThat(client.push(SHARED, List.of(fresh), 1).array("answers").getFirst().asObject().text("result")).as("it is new").isNotEqualTo("duplicate");
    }

    @Test void revoked_tokens_are_worth_nothing_and_whoever_proves_itself_gets_a_new_one() throws Exception {
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        var client = member();
        routes.revokeTokens();
        assertThat(client.get("/sync/v1/groups/" + SHARED.hex() + "/status").status()).isEqualTo(401);
        client.handshake(Optional.of(HERE), Optional.of(SHARED));
        assertThat(client.get("/sync/v1/groups/" + SHARED.hex() + "/status").status()).isEqualTo(200);
    }

    @Tag("lesson-leave-for-others") @Test void status_heartbeat_and_leave_answer_in_their_shapes() throws Exception {
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        var client = member();
        var status = client.get("/sync/v1/groups/" + SHARED.hex() + "/status").json();
        assertThat(status.integer("local_seq")).isEqualTo(1_200);
        assertThat(status.array("peers").getFirst().asObject().text("status")).isEqualTo("online");
        var seqs = new TreeMap<SpaceId, Long>();
        seqs.put(SHARED, 1L);
        seqs.put(SECRET, 1L);
        seqs.put(UNKNOWN, 1L);
        assertThat(client.heartbeat(seqs)).containsOnly(java.util.Map.entry(SHARED, 1_200L));
        var named = Json.object("instance_id", MEMBER.hex(), "seq_by_hive", Json.object("shared", 1L, "secret", 1L));
        assertThat(client.post("/sync/v1/heartbeat", named).json().object("seq_by_hive")).as("a hive by its name").isEqualTo(Json.object("shared", 1_200L));
        var other = Json.object("instance_id", HERE.hex(), "seq_by_hive", Json.object());
        assertThat(client.post("/sync/v1/heartbeat", other).status()).isEqualTo(403);
        assertThat(client.post("/sync/v1/groups/" + SHARED.hex() + "/leave", Json.object()).json()).isEqualTo(Json.object("ok", true));
        assertThat(client.get("/sync/v1/groups/" + SHARED.hex() + "/status").status()).isEqualTo(404);
    }

    @Test void a_heartbeat_carries_what_both_know_of_others_and_what_nobody_signed_is_left_out() throws Exception {
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        var client = member();
        var known = new SyncV1Handler.KnownPeer("https://198.51.100.3:7117/sync/v1", "Instance C", List.of("shared"), HERE, 2, new byte[] {1, 2, 3}, new byte[64]);
        spaces.known = List.of(known);
        var heartbeat = Json.object("instance_id", MEMBER.hex(), "seq_by_hive", Json.object());
        assertThat(client.post("/sync/v1/heartbeat", heartbeat).json().get("known_peers")).as("not asked for").isEmpty();
        var unsigned = Json.object("sync_endpoint", "https://198.51.100.9:7117/sync/v1", "name", "Evil", "shared_hives", Json.array(), "signing_key", HERE.hex(), "ttl", 2);
        var answer = client.post("/sync/v1/heartbeat", heartbeat.with("known_peers", Json.array(unsigned, unsigned.with("record", Json.of("0a0b")).with("signature", Json.of("00".repeat(64)))))).json();
        assertThat(spaces.heard).hasSize(1);
        assertThat(spaces.heard.getFirst().record()).containsExactly(10, 11);
        assertThat(spaces.heard.getFirst().ttl()).isEqualTo(2);
        assertThat(answer.array("known_peers")).containsExactly(Json.object("sync_endpoint", "https://198.51.100.3:7117/sync/v1", "name", "Instance C", "shared_hives", Json.array(Json.of("shared")),
            "signing_key", HERE.hex(), "ttl", 2, "record", "010203", "signature", "00".repeat(64)));
        for (var bad : List.of(Json.array(java.util.Collections.nCopies(Frame.TOLD_MAX + 1, unsigned)), Json.array(unsigned.with("record", Json.of("zz"))), Json.array(Json.NULL),
            Json.array(unsigned.with("record", Json.of("00".repeat(5_000))).with("signature", Json.of("00".repeat(64))))))
            assertThat(client.post("/sync/v1/heartbeat", heartbeat.with("known_peers", bad)).status()).isEqualTo(400);
    }

    @Test void tips_and_entries_are_asked_for_by_id() throws Exception {
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        var client = member();
        var tips = client.post("/api/v0", Json.object("GetTips", Json.object("tree_id", SHARED.hex()))).json();
        assertThat(tips.array("Tips")).hasSize(1_200);
        var ids = Json.array(Json.of(events.get(3).id().hex()), Json.of(EventId.of(new byte[32]).hex()));
        var entries = client.post("/api/v0", Json.object("GetEntries", Json.object("tree_id", SHARED.hex(), "ids", ids))).json();
        assertThat(EventJson.read(entries.array("Entries").getFirst())).isEqualTo(events.get(3));
        var send = Json.object("SendEntries", Json.object("tree_id", SHARED.hex(), "entries", Json.array(EventJson.write(events.get(4)))));
        assertThat(client.post("/api/v0", send).json().object("Ack").array("answers").getFirst().asObject().text("result")).isEqualTo("duplicate");
        assertThat(client.post("/api/v0", Json.object("GetTips", Json.object("tree_id", SECRET.hex()))).status()).isEqualTo(404);
        assertThat(client.post("/api/v0", Json.object("Other", Json.object())).status()).isEqualTo(400);
    }

    @Test void a_ticket_makes_a_member_once() throws Exception {
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        spaces.tickets.put("come in", SHARED);
        var newcomer = client(3);
        var ticket = "come in".getBytes(StandardCharsets.UTF_8);
        assertThat(newcomer.redeem(Optional.of(HERE), ticket, new byte[64]).text("sync_group_id")).isEqualTo(SHARED.hex());
        assertThat(newcomer.eventsSince(SHARED, 1_199, 5).events()).hasSize(1);
        assertThatThrownBy(() -> client(4).redeem(Optional.of(HERE), ticket, new byte[64])).isInstanceOf(SyncV1Client.Refused.class);
    }

    // --- strangers --------------------------------------------------------------------------------------------------------------------------------

    @Tag("lesson-token-for-the-name") @Test void a_stranger_gets_equal_bytes_for_spaces_that_exist_and_that_do_not() throws Exception {
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        var forExisting = refusal(SECRET);
        var forUnknown = refusal(UNKNOWN);
        assertThat(forExisting).isEqualTo(forUnknown).contains("\"unauthorized\"");
        for (var path : List.of("/events", "/status", "/events?since=5", "/nonsense"))
            assertThat(raw("GET /sync/v1/groups/" + SECRET.hex() + path + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .isEqualTo(raw("GET /sync/v1/groups/" + UNKNOWN.hex() + path + " HTTP/1.1\r\nHost: x\r\n\r\n"))
                .startsWith("HTTP/1.1 401");
    }

    private String refusal(SpaceId space) {
        try {
            return client(9).handshake(Optional.of(HERE), Optional.of(space)).toString();
        } catch (SyncV1Client.Refused e) {
            return e.answer().status() + new String(e.answer().body(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Tag("lesson-list-of-everything") @Test void a_member_of_one_space_gets_equal_bytes_for_others_that_exist_and_that_do_not() throws Exception {
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        var token = client(1).handshake(Optional.of(HERE), Optional.empty()).text("sync_token");
        var body = "{\"events\":[],\"sender_seq\":1}";
        for (var tail : List.of("GET %s/events HTTP/1.1\r\n", "GET %s/status HTTP/1.1\r\n",
            "POST %s/events HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n", "POST %s/leave HTTP/1.1\r\n"
                + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n")) {
            var answers = new ArrayList<String>();
            for (var space : List.of(SECRET.hex(), UNKNOWN.hex(), "no-id-at-all"))
                answers.add(raw(tail.formatted("/sync/v1/groups/" + space) + "Host: x\r\nConnection: close\r\nAuthorization: Bearer " + token + "\r\n\r\n"
                    + (tail.startsWith("POST") ? body : "")));
            assertThat(answers.get(0)).startsWith("HTTP/1.1 404").isEqualTo(answers.get(1)).isEqualTo(answers.get(2));
        }
    }

    private String raw(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            var text = new StringBuilder();
            while (!text.toString().contains("\r\n\r\n") || text.indexOf("}}") < 0 && text.indexOf("content-length: 0") < 0) {
                int next = in.read();
                if (next < 0) break;
                text.append((char) next);
            }
            return text.toString();
        }
    }

    @Tag("A10") @Tag("P06") @Test void a_proof_works_once_in_time_and_for_its_maker_only() throws Exception {
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        var client = client(1);
        var recorded = new ArrayList<Json.Obj>();
        // The steps by hand, so that the second can be changed.
        recorded.add(proof(client, 1, ""));
        assertThat(client.post("/sync/v1/handshake/proof", recorded.getFirst()).status()).isEqualTo(200);
        assertThat(client.post("/sync/v1/handshake/proof", recorded.getFirst()).status()).as("replayed").isEqualTo(401);
        assertThat(client.post("/sync/v1/handshake/proof", proof(client, 9, "")).status()).as("signed by another key").isEqualTo(401);
        assertThat(client.post("/sync/v1/handshake/proof", proof(client, 1, "ab".repeat(32))).status()).as("of another channel").isEqualTo(401);
        var other = proof(client, 1, "").with("instance_id", Json.of(HERE.hex()));
        assertThat(client.post("/sync/v1/handshake/proof", other).status()).as("in another's name").isEqualTo(401);
        var late = proof(client, 1, "");
        nanos.addAndGet(10_000_000_001L);
        assertThat(client.post("/sync/v1/handshake/proof", late).status()).as("too late").isEqualTo(401);
    }

    private Json.Obj proof(SyncV1Client client, int signedBy, String channel) throws IOException {
        var nonce = "44".repeat(32);
        var there = client.post("/sync/v1/handshake", Json.object("instance_id", MEMBER.hex(), "nonce", nonce,
            "versions", Json.array(Json.of(2), Json.of(1)))).json();
        var hello = new HttpHello(MEMBER, HERE, nonce, there.text("nonce"), List.of(2, 1), 1, channel);
        return Json.object("instance_id", MEMBER.hex(), "nonce", there.text("nonce"),
            "signature", hello.sign(HttpHello.Role.INITIATOR, Ed25519.signer(seed(signedBy))));
    }

    @Tag("A10") @Test void the_responders_own_signature_sent_back_proves_nothing() throws Exception {
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        var client = client(1);
        var there = client.post("/sync/v1/handshake", Json.object("instance_id", HERE.hex(), "nonce", "44".repeat(32), "versions", Json.array(Json.of(1)))).json();
        var reflected = Json.object("instance_id", HERE.hex(), "nonce", there.text("nonce"), "signature", there.text("signature"));
        assertThat(client.post("/sync/v1/handshake/proof", reflected).status()).isEqualTo(401);
    }

    @Test void a_token_ends_after_an_hour_and_a_made_up_one_is_none() throws Exception {
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        var client = member();
        var path = "/sync/v1/groups/" + SHARED.hex() + "/status";
        nanos.addAndGet(3_599L * 1_000_000_000);
        assertThat(client.get(path).status()).isEqualTo(200);
        nanos.addAndGet(2_000_000_000L);
        assertThat(client.get(path).status()).isEqualTo(401);
        assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + "0".repeat(64) + "\r\n\r\n")).startsWith("HTTP/1.1 401");
        assertThatThrownBy(() -> new HttpLimits(1, 1, 1, 3_600_001, 1, 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test void lines_of_a_task_are_told_to_members_alone() throws Exception {
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        var client = member();
        spaces.taskLogs = asked -> Json.object("entries", Json.array(), "cursor", asked);
        assertThat(client.taskLog(SHARED, "a-task", "7-0-x", 15_000).text("cursor")).isEqualTo("a-task 7-0-x 15000");
        assertThat(client.taskLog(SHARED, "a-task", "", 0).text("cursor")).isEqualTo("a-task  0");
        for (var space : List.of(SECRET, UNKNOWN)) assertError(client.get("/sync/v1/groups/" + space.hex() + "/tasks/a-task/log"), 404, "not_found");
        var path = "/sync/v1/groups/" + SHARED.hex() + "/tasks/a-task/log";
        for (var query : List.of("wait_ms=15001", "wait_ms=-1", "after=" + "1".repeat(129))) assertError(client.get(path + "?" + query), 400, "bad_request");
        assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 401");
    }

    @Tag("P04") @Test void a_member_that_waits_for_lines_many_times_over_holds_up_nobody() throws Exception {
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        var waiting = new java.util.concurrent.Semaphore(0);
        var go = new java.util.concurrent.CountDownLatch(1);
        spaces.taskLogs = _ -> {
            waiting.release();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return Json.object("entries", Json.array(), "cursor", "");
        };
        var asked = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            var client = member();
            asked.add(Thread.ofVirtual().start(() -> {
                try {
                    client.taskLog(SHARED, "a-task", "", 15_000);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }));
        }
        waiting.acquire(4);
        var client = member();
        var fifth = client.get("/sync/v1/groups/" + SHARED.hex() + "/tasks/a-task/log");
        assertError(fifth, 429, "too many questions");
        assertThat(client.get("/sync/v1/groups/" + SHARED.hex() + "/status").status()).isEqualTo(200);
        go.countDown();
        for (var thread : asked) thread.join();
        assertThat(client.get("/sync/v1/groups/" + SHARED.hex() + "/tasks/a-task/log").status()).as("when they are answered").isEqualTo(200);
    }

    // --- TLS --------------------------------------------------------------------------------------------------------------------------------------

    @Tag("A10") @Test void over_tls_the_proof_is_tied_to_the_certificate_and_the_token_to_the_peer() throws Exception {
        serve(ListenOptions.Security.TLS);
        var client = member();
        assertThat(client.eventsSince(SHARED, 0, 3).events()).hasSize(3);
        assertThat(client(1).post("/sync/v1/handshake/proof", proof(client, 1, "")).status()).as("a proof for a plain connection").isEqualTo(401);
        assertThatThrownBy(() -> client(9).handshake(Optional.of(HERE), Optional.empty())).isInstanceOf(SyncV1Client.Refused.class);
        assertThatThrownBy(() -> client(1).handshake(Optional.of(MEMBER), Optional.empty())).hasMessageContaining("another node answers");
    }

    @Tag("A10") @Tag("P01") @Test void a_client_for_one_node_tells_nothing_to_another() throws Exception {
        serve(ListenOptions.Security.TLS);
        var at = URI.create(scheme + "://127.0.0.1:" + port);
        try (var right = new SyncV1Client(at, seed(1), HERE); var wrong = new SyncV1Client(at, seed(1), MEMBER)) {
            assertThat(right.handshake(Optional.of(HERE), Optional.of(SHARED)).integer("current_seq")).isEqualTo(1_200);
            assertThatThrownBy(wrong::who).isInstanceOf(javax.net.ssl.SSLException.class);
        }
    }

    @Tag("A10") @Test void a_stolen_token_is_worth_nothing_to_another_node_over_tls() throws Exception {
        serve(ListenOptions.Security.TLS);
        var token = client(1).handshake(Optional.of(HERE), Optional.empty()).text("sync_token");
        try (var thief = java.net.http.HttpClient.newBuilder().sslContext(new dev.waggle.net.websocket.NodeTls(seed(9)).context()).build()) {
            var request = java.net.http.HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/sync/v1/groups/" + SHARED.hex() + "/status"))
                .header("Authorization", "Bearer " + token).build();
            assertThat(thief.send(request, java.net.http.HttpResponse.BodyHandlers.discarding()).statusCode()).isEqualTo(401);
        }
    }

    // --- nuisances --------------------------------------------------------------------------------------------------------------------------------

    @Tag("P02") @Tag("P03") @Test void bad_bodies_are_refused_with_a_reason() throws Exception {
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        var client = member();
        var path = "/sync/v1/groups/" + SHARED.hex() + "/events";
        var deep = "{\"a\":".repeat(60) + "1" + "}".repeat(60);
        assertError(client.postRaw(path, deep.getBytes(java.nio.charset.StandardCharsets.UTF_8)), 400, "bad_request");
        assertError(client.post(path, Json.object("events", Json.array(Json.object("payload", "{}")), "sender_seq", 1)), 400, "event 0");
        assertError(client.post(path, Json.object("events", Json.array(), "sender_seq", -1)), 400, "not negative");
        assertError(client.post(path, Json.object("events", Json.array())), 400, "sender_seq");
        assertError(client.post(path, Json.object("events", Json.of("x".repeat(1 << 20)), "sender_seq", 1)), 413, "too_large");
        for (var query : List.of("since=-1", "since=x", "limit=0", "limit=99999999999999999999", "since="))
            assertError(client.get(path + "?" + query), 400, "bad_request");
        assertError(client.get("/sync/v1/nothing"), 404, "not_found");
        var changed = EventJson.write(events.getFirst()).with("id", Json.of("00".repeat(32)));
        assertError(client.post(path, Json.object("events", Json.array(changed), "sender_seq", 1)), 400, "not what the payload says");
        assertThat(raw("POST /sync/v1/handshake HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}")).startsWith("HTTP/1.1 415");
        assertThat(raw("POST /sync/v1/handshake HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 20000\r\n\r\n"
            + "x".repeat(20_000))).startsWith("HTTP/1.1 413");
        assertThat(raw("POST /sync/v1/heartbeat HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\nx")).as("refused before the body").startsWith("HTTP/1.1 401");
    }

    private static void assertError(SyncV1Client.Answer answer, int status, String contains) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains(contains).contains("request_id");
        assertThat(answer.json().object("error").text("message")).isNotBlank();
    }

    @Tag("W02") @Tag("L05") @Test void a_failing_log_and_a_bug_tell_nothing_but_their_code() throws Exception {
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        var client = member();
        spaces.problem = SomeSpaces.diskFull();
        var unavailable = client.get("/sync/v1/groups/" + SHARED.hex() + "/status");
        assertError(unavailable, 503, "unavailable");
        var token = client(1).handshake(Optional.of(HERE), Optional.empty()).text("sync_token");
        assertThat(raw("GET /sync/v1/groups/" + SHARED.hex() + "/status HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + "\r\n\r\n")).contains("Retry-After: 5");
        spaces.problem = new IllegalStateException("a secret path");
        var failed = client.get("/sync/v1/groups/" + SHARED.hex() + "/status");
        assertError(failed, 500, "internal");
        assertThat(new String(unavailable.body()) + new String(failed.body())).doesNotContain("secret");
    }

    @Test void the_askers_request_id_comes_back() throws Exception {
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        assertThat(raw("GET /sync/v1/x HTTP/1.1\r\nHost: x\r\nX-Request-Id: mine-7\r\n\r\n")).contains("\"request_id\":\"mine-7\"");
        assertThat(raw("GET /sync/v1/x HTTP/1.1\r\nHost: x\r\nX-Request-Id: <script>\r\n\r\n")).contains("\"request_id\":\"0000000000000000\"");
    }

    @Test void too_many_handshakes_of_an_address_wait_and_members_do_not_count() throws Exception {
        var limits = new HttpLimits(1 << 20, 16_384, 10, 3_600_000, 10_000, 64, 500, 512 * 1024);
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK, limits);
        for (int i = 0; i < 20; i++) member();
        for (int i = 0; i < 5; i++) assertThatThrownBy(() -> client(9).handshake(Optional.empty(), Optional.empty())).isInstanceOf(SyncV1Client.Refused.class);
        assertThat(raw("POST /sync/v1/handshake HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")).startsWith("HTTP/1.1 429").contains("Retry-After: 6");
        nanos.addAndGet(12_000_000_000L);
        member();
    }

    @Tag("P08") @Test void what_a_proxy_or_a_liar_says_about_the_address_counts_for_nothing() throws Exception {
        var limits = new HttpLimits(1 << 20, 16_384, 10, 3_600_000, 10_000, 64, 500, 512 * 1024);
        serve(ListenOptions.Security.PLAIN_ON_LOOPBACK, limits);
        for (int i = 0; i < 10; i++)
            assertThat(raw("POST /sync/v1/handshake HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")).doesNotStartWith("HTTP/1.1 429");
        for (int i = 0; i < 3; i++)
            assertThat(raw("POST /sync/v1/handshake HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.1.2." + i + "\r\nForwarded: for=10.1.2." + i + "\r\nX-Real-IP: 10.1.2." + i
                + "\r\nContent-Length: 0\r\n\r\n")).startsWith("HTTP/1.1 429");
    }
}
