package dev.waggle.net.websocket;

import dev.waggle.core.Property;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Chunk;
import dev.waggle.net.wire.FrameCodec;
import dev.waggle.net.wire.FrameJson;
import dev.waggle.net.wire.SomeFrames;
import dev.waggle.sync.engine.Transport;
import dev.waggle.sync.protocol.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Two transports on loopback: what arrives, what is refused, what happens when one side is slow or silent.
@Timeout(60)
class WebSocketTransportTest {
    private static final ListenOptions.Limits QUICK = new ListenOptions.Limits(32, 1_024, 1_000, 2_000, 2_000, 200, 1_000);

    private final List<WebSocketTransport> transports = new ArrayList<>();
    private final Ear here = new Ear();
    private final Ear there = new Ear();
    private final SomeFrames frames = new SomeFrames(Property.random(1));

    @AfterEach void closeAll() {
        transports.forEach(WebSocketTransport::close);
    }

    private static byte[] seed(int number) {
        var seed = new byte[32];
        seed[0] = (byte) number;
        return seed;
    }

    private static NodeId node(int number) {
        return Ed25519.signer(seed(number)).node();
    }

    private static ListenOptions plain() {
        return ListenOptions.of("127.0.0.1", 0);
    }

    private static ListenOptions secure() {
        return plain().with(ListenOptions.Security.TLS);
    }

    private WebSocketTransport transport(int number, ListenOptions options, Ear ear) {
        var transport = new WebSocketTransport(seed(number), options, ear);
        transports.add(transport);
        return transport;
    }

    /// Dials node 2 (`there`) from node 1 (`here`).
    private Transport.Connection connected(ListenOptions options) throws Exception {
        int port = transport(2, options, there).start();
        var connection = transport(1, options, here).dial("127.0.0.1:" + port).get(10, TimeUnit.SECONDS);
        there.connection(0);
        return connection;
    }

    private static Frame.Hello hello(int number, String... features) {
        return new Frame.Hello(List.of(1), List.of(features), node(number), new byte[32], 1);
    }

    private static Frame.SharedSpaces nothingShared() {
        return new Frame.SharedSpaces(List.of());
    }

    /// Both engines greet and go on to talk about spaces.
    private void greet(String... features) {
        var mine = here.connection(0);
        var theirs = there.connection(0);
        for (var frame : List.of(hello(1, features), new Frame.Proof(new byte[64]), nothingShared())) mine.send(frame);
        for (var frame : List.of(hello(2, features), new Frame.Proof(new byte[64]), nothingShared())) theirs.send(frame);
        here.frame(2);
        there.frame(2);
    }

    @Test void frames_arrive_in_order_both_ways() throws Exception {
        var mine = connected(plain());
        greet();
        for (int i = 0; i < 200; i++) {
            assertThat(mine.send(new Frame.Ping(i))).isTrue();
            assertThat(there.connection(0).send(new Frame.Pong(i))).isTrue();
        }
        for (int i = 0; i < 200; i++) {
            assertThat(there.frame(3 + i)).isEqualTo(new Frame.Ping(i));
            assertThat(here.frame(3 + i)).isEqualTo(new Frame.Pong(i));
        }
        assertThat(mine.initiator()).isTrue();
        assertThat(there.connection(0).initiator()).isFalse();
        assertThat(mine.remote()).startsWith("127.0.0.1:");
        assertThat(mine.channelBinding()).isEmpty();
    }

    @Test void frames_of_every_kind_and_of_the_largest_size_arrive() throws Exception {
        var mine = connected(plain());
        greet(FrameCodec.ZSTD);
        var sent = new ArrayList<Frame>();
        for (int kind = 1; kind < SomeFrames.KINDS; kind++) sent.add(frames.ofKind(kind));
        sent.add(large());
        for (var frame : sent) assertThat(mine.send(frame)).isTrue();
        for (int i = 0; i < sent.size(); i++) assertThat(FrameJson.write(there.frame(3 + i))).isEqualTo(FrameJson.write(sent.get(i)));
    }

    private Frame large() {
        var chunks = new ArrayList<Chunk>();
        for (int i = 0; i < 4; i++) chunks.add(Chunk.of(frames.bytes(Chunk.BYTES_MAX - 32)));
        return new Frame.Chunks(SpaceId.of(new byte[32]), chunks);
    }

    @Tag("A10") @Test void tls_proves_both_nodes_and_binds_the_channel() throws Exception {
        var mine = (WebSocketConnection) connected(secure());
        var theirs = there.connection(0);
        assertThat(mine.provenNode()).contains(node(2));
        assertThat(theirs.provenNode()).contains(node(1));
        assertThat(mine.channelBinding()).hasSize(32).isEqualTo(theirs.channelBinding());
        greet();
        mine.send(new Frame.Ping(7));
        assertThat(there.frame(3)).isEqualTo(new Frame.Ping(7));
        var again = transports.getLast().dial("wss://" + address()).get(10, TimeUnit.SECONDS);
        assertThat(again.channelBinding()).hasSize(32).isNotEqualTo(mine.channelBinding());
    }

    private String address() {
        return here.connection(0).remote();
    }

    @Tag("A10") @Test void a_hello_that_names_another_node_than_the_certificate_ends_the_connection() throws Exception {
        var mine = connected(secure());
        mine.send(hello(3));
        assertThat(there.closing(0)).contains("another node than the certificate");
        assertThat(there.frames()).isEmpty();
    }

    @Test void a_node_that_insists_on_tls_does_not_talk_to_a_plain_one() throws Exception {
        int port = transport(2, plain(), there).start();
        var dialler = transport(1, plain(), here);
        assertThatThrownBy(() -> dialler.dial("wss://127.0.0.1:" + port).get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        int secured = transport(3, secure(), there).start();
        assertThatThrownBy(() -> dialler.dial("ws://127.0.0.1:" + secured).get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        assertThat(there.openings()).isEmpty();
    }

    @Test void plain_is_for_loopback_only_unless_the_caller_says_otherwise() {
        assertThatThrownBy(() -> new ListenOptions("0.0.0.0", 0, ListenOptions.Security.PLAIN_ON_LOOPBACK, QUICK, _ -> true)).hasMessageContaining("use TLS");
        assertThat(ListenOptions.of("0.0.0.0", 0).security()).isEqualTo(ListenOptions.Security.TLS);
        assertThat(ListenOptions.of("::1", 0).security()).isEqualTo(ListenOptions.Security.PLAIN_ON_LOOPBACK);
        var dialler = transport(1, plain(), here);
        assertThatThrownBy(() -> dialler.dial("ws://192.0.2.1:80").get(10, TimeUnit.SECONDS)).hasMessageContaining("not allowed");
    }

    @Tag("N10") @Test void a_full_receiver_stops_the_sender_and_nothing_is_lost() throws Exception {
        var mine = connected(plain());
        greet();
        var drained = new AtomicInteger();
        mine.onDrain(drained::incrementAndGet);
        there.full(true);
        int sent = 0;
        int drainedBefore;
        do {                                                          // until the sockets' own buffers are full too
            drainedBefore = drained.get();
            while (mine.send(large())) assertThat(++sent).as("frames of 1 MiB that nobody reads").isLessThan(100);
        } while (changes(drained, drainedBefore));
        assertThat(there.frames()).as("read after the engine was full").hasSize(4);

        int before = drainedBefore;                                   // the refusal came after it; the system may take more late
        there.full(false);
        there.connection(0).resume();
        there.frame(2 + sent);
        Ear.await("the sender hears that there is room", () -> drained.get() > before);
        assertThat(mine.send(new Frame.Ping(2))).isTrue();
        assertThat(there.frame(3 + sent)).isEqualTo(new Frame.Ping(2));
    }

    private static boolean changes(AtomicInteger count, int before) {
        long until = System.nanoTime() + 500_000_000;
        while (count.get() == before && System.nanoTime() < until) Thread.onSpinWait();
        return count.get() != before;
    }

    @Test void no_frame_is_handed_over_between_a_full_engine_and_its_resume() throws Exception {
        var mine = connected(plain());
        greet();
        there.full(true);
        for (int i = 0; i < 50; i++) mine.send(new Frame.Ping(i));
        for (int i = 0; i < 50; i++) {
            assertThat(there.frame(3 + i)).isEqualTo(new Frame.Ping(i));
            assertThat(there.frames()).hasSize(4 + i);
            there.connection(0).resume();
        }
    }

    @Test void a_closed_connection_says_why_on_both_sides_once() throws Exception {
        var mine = connected(plain());
        mine.close("enough for today");
        mine.close("again");
        assertThat(here.closing(0)).isEqualTo("enough for today");
        assertThat(there.closing(0)).isEqualTo("closed by the other side: enough for today");
        assertThat(mine.send(new Frame.Ping(1))).isFalse();
        transports.forEach(WebSocketTransport::close);
        assertThat(here.closings()).hasSize(1);
        assertThat(there.closings()).hasSize(1);
    }

    @Test void what_was_sent_before_close_arrives() throws Exception {
        var mine = connected(plain());
        greet();
        mine.send(large());
        mine.send(new Frame.Bye("done", java.util.Optional.empty()));
        mine.close("done");
        assertThat(there.frame(4)).isInstanceOf(Frame.Bye.class);
    }

    @Test void a_handshake_that_is_never_finished_ends_the_connection() throws Exception {
        var mine = connected(plain().with(QUICK));
        mine.send(hello(1));
        assertThat(here.closing(0)).contains("handshake");
        assertThat(there.closing(0)).contains("handshake");
    }

    @Test void pings_keep_a_quiet_connection_alive() throws Exception {
        connected(plain().with(QUICK));
        greet();
        long until = System.nanoTime() + Duration.ofMillis(2_500).toNanos();
        Ear.await("three times the idle limit", () -> System.nanoTime() > until);
        assertThat(here.closings()).isEmpty();
        assertThat(there.closings()).isEmpty();
    }

    @Test void many_nodes_are_served_at_once() throws Exception {
        int port = transport(2, plain(), there).start();
        var dialler = transport(1, plain(), here);
        for (int i = 0; i < 200; i++) {
            var connection = dialler.dial("127.0.0.1:" + port).get(10, TimeUnit.SECONDS);
            connection.send(hello(1));
            there.connection(i).send(hello(2));
            there.connection(i).send(new Frame.Welcome(SpaceId.of(new byte[32])));             // a member: does not count as a stranger
            int count = i + 1;
            Ear.await("hello " + i, () -> there.frames().size() == count);
        }
        assertThat(transports.getFirst().connectionCount()).isEqualTo(200);
        assertThat(transports.getFirst().strangersNow()).isZero();
    }

    @Test void dialling_nobody_fails_with_the_address() throws Exception {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        var dialler = transport(1, plain(), here);
        assertThatThrownBy(() -> dialler.dial("127.0.0.1:" + free).get(10, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class).hasMessageContaining("127.0.0.1:" + free);
        for (var wrong : List.of("", "host", "host:", ":1", "host:0", "host:65536", "host:1x", "a b:1", "::1:80", "http://host:1", "user@host:1"))
            assertThatThrownBy(() -> dialler.dial(wrong).get(10, TimeUnit.SECONDS)).as(wrong).hasCauseInstanceOf(IllegalArgumentException.class);
    }

    @Tag("N10") @Test void dialling_somebody_who_never_answers_fails_in_time() throws Exception {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var dialler = transport(1, plain().with(QUICK), here);
            assertThatThrownBy(() -> dialler.dial("127.0.0.1:" + silent.getLocalPort()).get(8, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class).hasCauseInstanceOf(IOException.class);
        }
    }

    @Test void a_port_in_use_is_a_clear_error() throws Exception {
        int port = transport(2, plain(), there).start();
        var second = transport(1, ListenOptions.of("127.0.0.1", port), here);
        assertThatThrownBy(second::start).isInstanceOf(IOException.class).hasMessageContaining("cannot listen on 127.0.0.1 port " + port);
    }

    @Test void closing_leaves_no_thread_behind() throws Exception {
        var before = vertxThreads();
        connected(secure());
        greet();
        assertThat(vertxThreads()).isNotEqualTo(before);
        transports.forEach(WebSocketTransport::close);
        transports.forEach(WebSocketTransport::close);
        Ear.await("threads end", () -> vertxThreads().equals(before));
        assertThat(here.closing(0)).isNotBlank();
        assertThat(there.closing(0)).isNotBlank();
        assertThatThrownBy(() -> transports.getFirst().dial("127.0.0.1:1").get(1, TimeUnit.SECONDS)).hasMessageContaining("stops");
    }

    private static List<Long> vertxThreads() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith("vert.x")).map(Thread::threadId).sorted().toList();
    }
}
