package dev.waggle.lab.process;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.net.http.SyncV1Client;
import dev.waggle.net.wire.FrameCodec;
import dev.waggle.sync.protocol.Frame;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;

/// A member with a good key that misbehaves in every way we could think of. The node refuses, counts and shows it, and serves the other member
/// all the while.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadPeerTest {
    private static final Epoch EPOCH = new Epoch("ab".repeat(16));
    private NodeProcess a;
    private NodeProcess b;
    private Notes left;
    private Notes right;
    private byte[] seed;
    private NodeId bad;
    private SpaceId space;
    private EventId control;
    private String address;
    private int notes;

    @BeforeAll void two_nodes_and_a_member_that_will_misbehave(@TempDir Path folder) throws Exception {
        a = new NodeProcess(folder.resolve("a")).up();
        b = new NodeProcess(folder.resolve("b")).up();
        left = Notes.create(folder.resolve("left.sqlite"));
        right = new Notes(folder.resolve("right.sqlite"));
        a.ask("track", left.file());
        b.ask("join", a.ask("invite").text("ticket"), right.file());
        try (var c = new NodeProcess(folder.resolve("c"))) {
            c.ask("join", a.ask("invite").text("ticket"), folder.resolve("bad.sqlite"));
            seed = c.seed();
        }
        try (var member = new Member(seed)) {
            bad = member.node();
        }
        space = new SpaceId(a.ask("space", "show").text("id"));
        address = a.ask("invite").array("addresses").getFirst().asText();
        control = a.run("log", "export").ok().out().lines().map(line -> Canonical.parseObject(line.getBytes(StandardCharsets.UTF_8)).text("payload"))
            .map(payload -> Event.read(payload.getBytes(StandardCharsets.UTF_8), null))
            .filter(event -> event.type().equals("member_added") && event.body().text("subject").equals(bad.hex())).findFirst().orElseThrow().id();
    }

    @AfterAll void stop() throws Exception {
        a.close();
        b.close();
    }

    @AfterEach void the_other_member_is_served() throws Exception {
        var note = "note " + ++notes;
        left.add(note);
        NodeProcess.await("the other member is served", () -> right.has(note));
        assertThat(a.status().get("ready")).contains(Json.TRUE);
    }

    @Tag("A03") @Tag("lesson-one-bad-item") @Test void payloads_that_are_no_events_are_refused_whole_counted_and_shown() throws Exception {
        var bodies = new LinkedHashMap<String, String>();
        var good = new String(event().payload(), StandardCharsets.UTF_8);
        bodies.put("oversized", good.replace("hello", "x".repeat(Event.PAYLOAD_BYTES_MAX)));
        bodies.put("not canonical: white space", good.replace("{\"$\"", "{ \"$\""));
        bodies.put("not canonical: order", "{\"text\":\"hello\"," + good.substring(1).replace(",\"text\":\"hello\"", ""));
        bodies.put("a key twice", good.replace("\"text\":\"hello\"", "\"text\":\"hello\",\"text\":\"hello\""));
        bodies.put("nested deeply", good.replace("\"hello\"", "[".repeat(40) + "]".repeat(40)));
        bodies.put("nested endlessly", good.replace("\"hello\"", "[".repeat(30_000) + "]".repeat(30_000)));
        bodies.put("of an unknown version", good.replace("waggle-event/1", "waggle-event/9"));
        bodies.put("no JSON", "hello");
        bodies.put("a number that is none", good.replace("\"hello\"", "1e999"));
        long before = refused();
        try (var client = client()) {
            for (var body : bodies.entrySet()) {
                assertThat(body.getValue()).as(body.getKey()).isNotEqualTo(good);
                try (var member = new Member(seed)) {
                    var answer = push(client, body.getValue(), member.sign(body.getValue().getBytes(StandardCharsets.UTF_8)));
                    assertThat(answer.status()).as(body.getKey()).isEqualTo(400);
                }
            }
        }
        assertThat(refused()).isEqualTo(before + bodies.size());
        assertThat(peer().text("remark")).contains("was refused");
    }

    @Tag("A01") @Tag("lesson-unverified-pull") @Tag("F03") @Tag("F08") @Test void events_that_are_wrongly_signed_or_under_a_key_of_small_order_are_rejected_counted_and_shown() throws Exception {
        long before = rejected();
        var event = event();
        var identity = new NodeId("01" + "00".repeat(31));
        var weak = Event.write(Member.envelope(space, control, new ChainId(identity, EPOCH)), Json.object("text", "hello"));
        var unsigned = new byte[Event.SIGNATURE_BYTES];
        unsigned[0] = 1;                                             // R = the identity, S = 0: some verifiers take it under a small-order key
        var stranger = Event.write(Member.envelope(space, control, new ChainId(new NodeId("d7".repeat(32)), EPOCH)), Json.object("text", "hello"));
        try (var client = client(); var member = new Member(seed)) {
            assertThat(reasons(push(client, text(event), new byte[Event.SIGNATURE_BYTES]))).containsExactly("bad_signature");
            var changed = text(event).replace("hello", "jello");
            assertThat(reasons(push(client, changed, event.signature().orElseThrow()))).containsExactly("bad_signature");
            assertThat(reasons(push(client, text(weak), unsigned))).containsExactly("bad_key");
            assertThat(reasons(push(client, text(stranger), member.sign(stranger.payload())))).first().isIn("bad_key", "bad_signature");
        }
        assertThat(rejected()).isEqualTo(before + 4);
        assertThat(peer().text("remark")).contains("rejected");
        a.run("log", "verify").ok();
    }

    @Tag("A01") @Tag("A10") @Test void nobody_gets_in_with_a_key_of_small_order() throws Exception {
        try (var client = client()) {
            for (var weak : List.of("01" + "00".repeat(31), "00".repeat(32), "ec" + "ff".repeat(30) + "7f"))
                assertThat(client.post("/sync/v1/handshake", Json.object("instance_id", weak, "nonce", "11".repeat(32), "versions", Json.array(Json.of(1L)))).status()).isEqualTo(400);
            assertThat(client.post("/sync/v1/handshake", Json.object("instance_id", bad.hex(), "nonce", "11".repeat(32), "versions", Json.array(Json.of(99L)))).status())
                .as("an unknown version").isEqualTo(400);
        }
    }

    @Test void frames_that_are_none_end_the_connection_with_a_reason_and_are_counted() throws Exception {
        var faults = new LinkedHashMap<String, byte[]>();
        var frame = new String(FrameCodec.encode(new Frame.Events(space, List.of(event()), 1)), StandardCharsets.ISO_8859_1);
        faults.put("malformed-frame: unknown frame kind", new byte[] {99, 1, 2, 3});
        faults.put("malformed-frame: unknown format", frame.replace("waggle-event/1", "waggle-event/9").getBytes(StandardCharsets.ISO_8859_1));
        faults.put("frame-too-large", new byte[Frame.FRAME_BYTES_MAX + 1]);
        faults.put("too_many_spaces", null);
        for (var fault : faults.entrySet()) {
            long before = refused();
            try (var member = new Member(seed).connect(address)) {
                NodeProcess.await("it is known to be connected", () -> peer().text("state").equals("connected"));
                if (fault.getValue() != null) member.trySend(fault.getValue());
                else for (int i = 0; i < 3; i++) member.trySend(FrameCodec.encode(new Frame.SharedSpaces(hashes(i))));
                assertThat(member.untilClosed()).as("why it ended").containsAnyOf(fault.getKey().split(":")[0], "cut off");
            }
            NodeProcess.await("it is counted: " + fault.getKey(), () -> refused() == before + 1);
            assertThat(peer().text("remark")).contains("was refused").contains(fault.getKey());
        }
    }

    @Test void a_stranger_that_cannot_prove_its_key_is_counted() throws Exception {
        long before = a.status().integer("strangers_refused");
        try (var member = new Member(seed)) {
            member.connect(address).send(FrameCodec.encode(new Frame.Ping(1)));
        }
        try (var socket = socket()) {
            upgrade(socket);
            var hello = FrameCodec.encode(new Frame.Hello(List.of(77), List.of(), bad, new byte[32], 1));
            socket.getOutputStream().write(new byte[] {(byte) 0x82, (byte) (0x80 | hello.length), 0, 0, 0, 0});
            socket.getOutputStream().write(hello);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1)).contains("no common protocol version");
        }
        assertThat(a.status().integer("strangers_refused")).isEqualTo(before + 1);
    }

    @Tag("P02") @Test void data_without_end_and_peers_that_stall_half_way_do_not_hold_the_node_up() throws Exception {
        try (var endless = socket(); var stalledBody = socket(); var stalledHead = socket(); var stalledFrame = new Member(seed).connect(address); var client = client()) {
            var token = token(client);
            stalledHead.getOutputStream().write("GET /sync/v1/stream HTTP/1.1\r\nHost: x\r\nX-".getBytes(StandardCharsets.US_ASCII));
            stalledBody.getOutputStream().write(("POST /sync/v1/groups/" + space.hex() + "/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{\"events\":").getBytes(StandardCharsets.US_ASCII));
            stalledFrame.sendHalf(FrameCodec.encode(new Frame.Events(space, List.of(event()), 1)));
            long before = refused();
            endless.getOutputStream().write(("POST /sync/v1/groups/" + space.hex() + "/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token
                + "\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            assertThat(sentUntilCutOff(endless)).as("bytes taken").isLessThan(64L << 20);
            NodeProcess.await("it is counted", () -> refused() == before + 1);
            the_other_member_is_served();
        }
    }

    /// Writes one chunk after the other until the other side has enough.
    private static long sentUntilCutOff(Socket socket) {
        var chunk = ("10000\r\n" + "[".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        long sent = 0;
        try {
            while (sent < 256L << 20) {
                socket.getOutputStream().write(chunk);
                sent += chunk.length;
            }
        } catch (IOException _) {                                    // cut off, as it should be
            return sent;
        }
        return sent;
    }

    /// As many as one frame holds, each another.
    private static List<byte[]> hashes(int page) {
        return IntStream.range(0, Frame.SPACES_MAX).mapToObj(i -> ByteBuffer.allocate(32).putInt(page).putInt(i).array()).toList();
    }

    private Event event() {
        try (var member = new Member(seed)) {
            return member.event(space, control, EPOCH);
        }
    }

    private SyncV1Client client() throws IOException {
        var client = new SyncV1Client(URI.create("http://" + address), seed);
        client.handshake(Optional.empty(), Optional.of(space));
        return client;
    }

    private String token(SyncV1Client client) throws IOException {
        return client.handshake(Optional.empty(), Optional.of(space)).text("sync_token");
    }

    private SyncV1Client.Answer push(SyncV1Client client, String payload, byte[] signature) throws IOException {
        return client.post("/sync/v1/groups/" + space.hex() + "/events", Json.object("sender_seq", 1L,
            "events", Json.array(List.of(Json.object("payload", payload, "signature", Hex.of(signature))))));
    }

    private static List<String> reasons(SyncV1Client.Answer answer) {
        return answer.json().array("answers").stream().map(each -> each.asObject().textIfPresent("reason").orElse(each.asObject().text("result"))).toList();
    }

    private static String text(Event event) {
        return new String(event.payload(), StandardCharsets.UTF_8);
    }

    private Socket socket() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
        socket.setSoTimeout(15_000);
        return socket;
    }

    private static void upgrade(Socket socket) throws IOException {
        socket.getOutputStream().write(("GET /sync/v1/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) head.append((char) socket.getInputStream().read());
        assertThat(head.toString()).startsWith("HTTP/1.1 101");
    }

    private Json.Obj peer() {
        return a.status().array("peers").stream().map(Json::asObject).filter(peer -> peer.text("node").equals(bad.hex())).findFirst().orElseThrow();
    }

    private long refused() {
        return peer().integer("refused");
    }

    private long rejected() {
        return a.status().array("spaces").getFirst().asObject().integer("rejected");
    }
}
