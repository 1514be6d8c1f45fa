package dev.waggle.net.websocket;

import dev.waggle.core.Property;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.SpaceId;
import dev.waggle.net.wire.FrameCodec;
import dev.waggle.sync.engine.Transport;
import dev.waggle.sync.protocol.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/// Raw sockets that behave badly. Each is cut off with a reason, memory stays bounded, and a good peer is served all the while.
@Timeout(60)
class AbuseTest {
    private static final ListenOptions.Limits QUICK = new ListenOptions.Limits(32, 64, 1_500, 1_500, 1_500, 30_000, 90_000);
    private static final SpaceId SPACE = new SpaceId("00".repeat(32));
    private final Ear there = new Ear();
    private final Ear here = new Ear();
    private final List<Closeable> open = new ArrayList<>();
    private WebSocketTransport server;
    private WebSocketTransport goodClient;
    private Transport.Connection good;
    private Transport.Connection goodThere;
    private int port;

    @BeforeEach void a_good_peer_is_connected() throws Exception {
        server = new WebSocketTransport(seed(2), ListenOptions.of("127.0.0.1", 0).with(QUICK), there, router -> {
            router.get("/hello").handler(context -> context.end("hi"));
            router.post("/echo").handler(context -> context.request().body().onSuccess(context::end));
        });
        port = server.start();
        goodClient = new WebSocketTransport(seed(1), ListenOptions.of("127.0.0.1", 0), here);
        good = goodClient.dial("127.0.0.1:" + port).get(10, TimeUnit.SECONDS);
        goodThere = there.connection(0);
        good.send(hello(1));
        goodThere.send(hello(2));
        good.send(new Frame.Proof(new byte[64]));
        goodThere.send(new Frame.Proof(new byte[64]));
        good.send(new Frame.Welcome(SPACE));
        goodThere.send(new Frame.Welcome(SPACE));
        there.frame(2);
        here.frame(2);
    }

    @AfterEach void the_good_peer_is_still_served() throws IOException {
        var token = new Frame.Ping(System.nanoTime());
        assertThat(good.send(token)).isTrue();
        Ear.await("the good peer's frame", () -> there.frames().contains(token));
        for (var closeable : open) closeable.close();
        assertThat(here.closings()).isEmpty();
        Ear.await("strangers are forgotten", () -> server.strangersNow() == 0);
        server.close();
        goodClient.close();
    }

    private static byte[] seed(int number) {
        var seed = new byte[32];
        seed[0] = (byte) number;
        return seed;
    }

    private static Frame.Hello hello(int number) {
        return new Frame.Hello(List.of(1), List.of(), Ed25519.signer(seed(number)).node(), new byte[32], 1);
    }

    private RawPeer upgraded() throws IOException {
        var peer = RawPeer.upgraded(port);
        open.add(peer);
        return peer;
    }

    private RawPeer raw() throws IOException {
        var peer = new RawPeer(port);
        open.add(peer);
        return peer;
    }

    private static byte[] bytes(int length) {
        var bytes = new byte[length];
        Property.random(length).nextBytes(bytes);
        return bytes;
    }

    @Test void garbage_before_the_handshake_is_refused() throws Exception {
        var peer = upgraded();
        peer.message(bytes(300));
        assertThat(peer.untilClosed()).contains("malformed-frame");
    }

    @Test void an_unknown_kind_of_frame_is_named() throws Exception {
        var peer = upgraded();
        peer.message(new byte[] {99});
        assertThat(peer.untilClosed()).contains("malformed-frame: unknown frame kind 99");
    }

    @Test void the_first_frame_is_a_hello_and_there_is_one() throws Exception {
        var early = upgraded();
        early.message(FrameCodec.encode(new Frame.Ping(1)));
        assertThat(early.untilClosed()).contains("the first frame is a hello");
        var twice = upgraded();
        twice.message(FrameCodec.encode(hello(3)));
        twice.message(FrameCodec.encode(hello(3)));
        assertThat(twice.untilClosed()).contains("a second hello");
    }

    @Test void text_is_refused() throws Exception {
        var peer = upgraded();
        peer.piece(RawPeer.TEXT, true, "{}".getBytes());
        assertThat(peer.untilClosed()).contains("text-message");
    }

    @Tag("P02") @Test void more_than_64_kib_before_the_handshake_is_refused_in_one_frame_or_many() throws Exception {
        var one = upgraded();
        one.piece(RawPeer.BINARY, false, bytes(40_000));
        one.piece(RawPeer.CONTINUATION, true, bytes(40_000));
        assertThat(one.untilClosed()).contains("too-much-before-handshake");
        var many = upgraded();
        many.message(FrameCodec.encode(hello(3)));
        var ping = FrameCodec.encode(new Frame.Ping(1));
        try {
            for (int i = 0; i < 20_000; i++) many.message(ping);
        } catch (IOException cutOff) {
            assertThat(cutOff).isNotNull();
        }
        assertThat(many.isClosedSoon()).isTrue();
        long pings = there.frames().stream().filter(frame -> frame.equals(new Frame.Ping(1))).count();
        assertThat(pings * ping.length).isLessThan(64 * 1024);
    }

    @Test void what_comes_after_our_proof_waits_for_our_engine_and_no_longer_than_a_handshake() throws Exception {
        var peer = upgraded();
        peer.message(FrameCodec.encode(hello(3)));
        var connection = there.connection(1);
        connection.send(hello(2));
        connection.send(new Frame.Proof(new byte[64]));
        var spaces = FrameCodec.encode(new Frame.Spaces(Collections.nCopies(1_000, new byte[32])));
        there.frame(3);                                                                         // the good peer's three and this hello
        int before = there.frames().size();
        for (int i = 0; i < 20; i++) peer.message(spaces);                                      // 640 KiB; 256 KiB are taken
        Ear.await("as much as is taken", () -> there.frames().size() >= before + 7);
        connection.send(new Frame.SharedSpaces(List.of()));                                     // our engine has checked the proof
        Ear.await("the rest", () -> there.frames().size() == before + 20);

        var stranger = upgraded();
        stranger.message(FrameCodec.encode(hello(4)));
        there.connection(2).send(hello(2));
        there.connection(2).send(new Frame.Proof(new byte[64]));
        for (int i = 0; i < 20; i++) stranger.message(spaces);
        assertThat(there.closing(0)).isNotNull();
        Ear.await("the stranger's time is over", () -> there.closings().stream().anyMatch(why -> why.contains("handshake-timeout")));
    }

    @Tag("P02") @Test void a_frame_beyond_one_mebibyte_is_refused_from_a_member_too() throws Exception {
        var peer = member();
        try {
            for (int i = 0; i < 40; i++) peer.piece(i == 0 ? RawPeer.BINARY : RawPeer.CONTINUATION, false, bytes(60_000));
        } catch (IOException cutOff) {
            assertThat(cutOff).isNotNull();
        }
        assertThat(peer.untilClosed()).containsAnyOf("frame-too-large", "reset");
        Ear.await("the reason", () -> there.closings().stream().anyMatch(why -> why.contains("frame-too-large")));
    }

    private RawPeer member() throws IOException {
        int index = there.openings().size();
        var peer = upgraded();
        peer.message(FrameCodec.encode(hello(3)));
        there.connection(index).send(hello(2));
        there.connection(index).send(new Frame.Proof(new byte[64]));
        there.connection(index).send(new Frame.Welcome(SPACE));
        return peer;
    }

    @Tag("P02") @Tag("P03") @Test void a_piece_of_negative_or_enormous_length_is_refused() throws Exception {
        for (long length : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40, 65_537}) {
            var peer = member();
            peer.send(RawPeer.head(RawPeer.BINARY, true, length));
            assertThat(peer.isClosedSoon()).as("length " + length).isTrue();
        }
    }

    @Test void pieces_that_break_the_rules_of_websocket_are_refused() throws Exception {
        var continued = member();
        continued.piece(RawPeer.CONTINUATION, true, bytes(10));
        assertThat(continued.isClosedSoon()).isTrue();
        var opcode = member();
        opcode.piece(5, true, bytes(10));
        assertThat(opcode.isClosedSoon()).isTrue();
        var unmasked = member();
        unmasked.send(new byte[] {(byte) 0x82, 1, 1});
        assertThat(unmasked.isClosedSoon()).isTrue();
    }

    @Tag("P02") @Test void a_flood_of_pings_that_nobody_reads_the_answers_of_is_cut_off() throws Exception {
        flood(upgraded(), 1);
        flood(member(), 2);
    }

    private void flood(RawPeer peer, int cutOffs) {
        var pings = new ByteArrayOutputStream();
        for (int i = 0; i < 500; i++) {
            pings.writeBytes(RawPeer.head(RawPeer.PING, true, 125));
            pings.writeBytes(new byte[125]);
        }
        try {
            for (int i = 0; i < 200; i++) peer.send(pings.toByteArray());
        } catch (IOException cutOff) {
            assertThat(cutOff).isNotNull();
        }
        Ear.await("it is cut off", () -> there.closings().stream().filter(why -> why.contains("too-many-pings")).count() == cutOffs);
    }

    @Tag("N10") @Test void a_member_that_falls_silent_is_given_up() throws Exception {
        var limits = new ListenOptions.Limits(32, 64, 1_500, 1_500, 1_500, 300, 1_000);
        var ear = new Ear();
        try (var quick = new WebSocketTransport(seed(3), ListenOptions.of("127.0.0.1", 0).with(limits), ear); var peer = RawPeer.upgraded(quick.start())) {
            peer.message(FrameCodec.encode(hello(4)));
            var connection = ear.connection(0);
            connection.send(hello(3));
            connection.send(new Frame.Welcome(SPACE));
            assertThat(ear.closing(0)).contains("silent");
            assertThat(peer.isClosedSoon()).as("a peer that does not answer the close either").isTrue();
        }
    }

    @Tag("P02") @Test void stalling_at_any_point_before_the_handshake_is_cut_off() throws Exception {
        var silent = raw();
        var headers = raw();
        headers.send("GET /sync/v1/stream HTTP/1.1\r\nHost: x\r\nX-".getBytes());
        var upgradedOnly = upgraded();
        var halfFrame = upgraded();
        halfFrame.send(RawPeer.head(RawPeer.BINARY, true, 100));
        halfFrame.send(bytes(50));
        var body = raw();
        body.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf".getBytes());
        for (var peer : List.of(silent, headers, upgradedOnly, halfFrame, body)) assertThat(peer.isClosedSoon()).isTrue();
    }

    @Tag("P02") @Test void bytes_that_drip_do_not_push_the_deadline_back() throws Exception {
        var peer = raw();
        peer.send("GET /hello HTTP/1.1\r\nHost: x\r\n".getBytes());
        long begun = System.nanoTime();
        try {
            for (int i = 0; i < 5_000; i++) {
                peer.send("x".getBytes());
                long next = System.nanoTime() + 10_000_000;
                while (System.nanoTime() < next) Thread.onSpinWait();
            }
        } catch (IOException cutOff) {
            assertThat(cutOff).isNotNull();
        }
        assertThat(System.nanoTime() - begun).as("ns until it was cut off").isLessThan(4_000_000_000L);
        // The same on the second request of a connection.
        var again = raw();
        assertThat(again.request("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 200");
        again.send("GET /hel".getBytes());
        assertThat(again.isClosedSoon()).isTrue();
    }

    @Tag("P02") @Tag("P08") @Test void headers_beyond_16_kib_are_refused() throws Exception {
        var peer = raw();
        assertThat(peer.request("GET /hello HTTP/1.1\r\nHost: x\r\nX-Long: " + "a".repeat(17_000) + "\r\n\r\n")).contains(" 431 ");
        var line = raw();
        assertThat(line.request("GET /" + "a".repeat(5_000) + " HTTP/1.1\r\nHost: x\r\n\r\n")).contains(" 414 ");
    }

    @Tag("P08") @Test void something_that_is_not_http_is_refused() throws Exception {
        var peer = raw();
        peer.send(new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, (byte) 0xfc, 0x03, 0x03, '\r', '\n', '\r', '\n'});   // a TLS hello on the plain port
        assertThat(peer.isClosedSoon()).isTrue();
    }

    @Tag("W01") @Test void a_page_in_a_browser_cannot_open_a_stream() throws Exception {
        var peer = raw();
        assertThat(peer.request("GET /sync/v1/stream HTTP/1.1\r\nHost: x\r\nOrigin: http://evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")).startsWith("HTTP/1.1 403");
        var plain = raw();
        assertThat(plain.request("GET /sync/v1/stream HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 426");
    }

    @Tag("P02") @Test void the_33rd_connection_of_an_address_is_closed_unread_and_others_are_served_again_when_one_ends() throws Exception {
        var peers = new ArrayList<RawPeer>();
        Ear.await("the good peer does not count", () -> server.strangersNow() == 0);
        for (int i = 0; i < 32; i++) peers.add(raw());
        Ear.await("32 strangers", () -> server.strangersNow() == 32);
        var one = raw();
        assertThat(one.untilClosed()).isIn("", "reset");
        assertThat(server.refusedSoFar()).isEqualTo(1);
        peers.getFirst().close();
        Ear.await("one has gone", () -> server.strangersNow() == 31);
        assertThat(raw().request("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")).startsWith("HTTP/1.1 200");
    }

    @Tag("P02") @Test void a_thousand_bad_connections_leave_nothing_behind() throws Exception {
        for (int i = 0; i < 1_000; i++) {
            try (var peer = new RawPeer(port)) {
                switch (i % 3) {
                    case 0 -> peer.send(bytes(1 + i));
                    case 1 -> peer.send("GET /sync/v1/stream HTTP/1.1\r\n".getBytes());
                    default -> { }
                }
            } catch (IOException refused) {
                assertThat(refused).isNotNull();
            }
        }
        Ear.await("all are forgotten", () -> server.strangersNow() == 0 && server.connectionCount() == 1);
    }
}
