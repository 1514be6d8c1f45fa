package dev.waggle.sync.engine;

import dev.waggle.core.log.Chunk;
import dev.waggle.core.event.SpaceId;
import dev.waggle.sync.protocol.Frame;
import dev.waggle.sync.protocol.Input;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/// The bounds of one connection (I9).
class PortTest {
    private final List<Frame> taken = new ArrayList<>();
    private final List<Input> inputs = new ArrayList<>();
    private String closed;
    private boolean full;
    private boolean inboxFull;
    private int resumed;
    private Runnable drain;

    private final Transport.Connection connection = new Transport.Connection() {
        @Override public long id() {
            return 7;
        }

        @Override public boolean initiator() {
            return true;
        }

        @Override public String remote() {
            return "x";
        }

        @Override public byte[] channelBinding() {
            return new byte[0];
        }

        @Override public boolean send(Frame frame) {
            return !full && taken.add(frame);
        }

        @Override public void onDrain(Runnable callback) {
            drain = callback;
        }

        @Override public void resume() {
            resumed++;
        }

        @Override public void close(String why) {
            closed = why;
        }
    };
    private final Port port = new Port(connection, new Inbox() {
        @Override public boolean offer(Input input) {
            return !inboxFull && inputs.add(input);
        }

        @Override public void answer(Input input) {
            inputs.add(input);
        }

        @Override public void grown(SpaceId space) {
            throw new AssertionError();
        }

        @Override public void stalled(Port which) {
            assertThat(which).isSameAs(port());
        }
    });

    private Port port() {
        return port;
    }

    @Test void what_does_not_fit_waits_in_order_and_the_protocol_hears_of_it() {
        full = true;
        for (int i = 0; i < 3; i++) port.send(new Frame.Ping(i));
        assertThat(inputs).containsExactly(new Input.Congested(7, true));
        full = false;
        drain.run();
        assertThat(taken).containsExactly(new Frame.Ping(0), new Frame.Ping(1), new Frame.Ping(2));
        assertThat(inputs).containsExactly(new Input.Congested(7, true), new Input.Congested(7, false));
    }

    @Tag("N10") @Test void a_peer_that_takes_nothing_is_hung_up_on_before_memory_fills() {
        full = true;
        var chunks = new Frame.Chunks(SpaceId.of(new byte[32]), List.of(Chunk.of(new byte[Chunk.BYTES_MAX])));
        for (int i = 0; i < 64 && closed == null; i++) port.send(chunks);
        assertThat(closed).startsWith("slow_peer");
    }

    /// A stranger may say goodbye with as much as a frame takes, and the answer repeats it.
    @Tag("P02") @Test void a_goodbye_that_repeats_another_is_shortened_to_what_a_frame_takes() {
        port.close("c".repeat(2 * Frame.CODE_BYTES_MAX), "the other side ended the handshake: " + "\u00fc".repeat(Frame.MESSAGE_BYTES_MAX / 2));
        var bye = (Frame.Bye) taken.getFirst();
        assertThat(bye.code()).hasSize(Frame.CODE_BYTES_MAX);
        assertThat(bye.message().orElseThrow().getBytes(StandardCharsets.UTF_8)).hasSize(Frame.MESSAGE_BYTES_MAX);
        assertThat(bye.message().orElseThrow()).startsWith("the other side ended the handshake: ").endsWith("\u00fc");
    }

    @Tag("lesson-full-channel-drops") @Test void a_full_inbox_makes_the_transport_wait_and_keeps_the_frame() {
        inboxFull = true;
        assertThat(port.received(new Frame.Ping(1))).isFalse();
        inboxFull = false;
        assertThat(port.received(new Frame.Ping(2))).as("not before the first").isFalse();
        assertThat(port.take()).isEqualTo(new Frame.Ping(1));
        assertThat(port.take()).isEqualTo(new Frame.Ping(2));
        assertThat(resumed).isZero();
        assertThat(port.take()).isNull();
        assertThat(resumed).isEqualTo(1);
        assertThat(port.received(new Frame.Ping(3))).isTrue();
    }

    @Test void a_transport_that_does_not_wait_is_cut_off() {
        inboxFull = true;
        for (int i = 0; i < Port.UNTAKEN_FRAMES_MAX; i++) port.received(new Frame.Ping(i));
        assertThat(closed).isNull();
        port.received(new Frame.Ping(99));
        assertThat(closed).startsWith("not_waiting");
    }
}
