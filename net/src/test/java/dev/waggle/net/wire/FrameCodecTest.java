package dev.waggle.net.wire;

import dev.waggle.core.Property;
import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.log.Chunk;
import dev.waggle.core.log.Tip;
import dev.waggle.sync.protocol.Frame;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/// Frames survive the way over the wire, and nothing else does.
class FrameCodecTest {
    private static final String NOISE = "{}[]\",:0-9aez\\\u0000 ";
    private static final int MAX = Frame.FRAME_BYTES_MAX;

    @Test void every_frame_reads_back_as_it_was_written() {
        Property.check(300, random -> {
            var frames = new SomeFrames(random);
            for (int kind = 0; kind < SomeFrames.KINDS; kind++) {
                var frame = frames.ofKind(kind);
                for (boolean compress : new boolean[] {false, true}) {
                    var read = FrameCodec.decode(FrameCodec.encode(frame, compress), MAX);
                    assertThat(read.getClass()).isEqualTo(frame.getClass());
                    assertThat(FrameJson.write(read)).isEqualTo(FrameJson.write(frame));
                    assertThat(FrameCodec.encode(read)).isEqualTo(FrameCodec.encode(frame));
                }
            }
        });
    }

    @Tag("A03") @Tag("lesson-two-spellings") @Test void the_json_form_and_the_binary_form_say_the_same() {
        Property.check(100, random -> {
            var frames = new SomeFrames(random);
            for (int kind = 0; kind < SomeFrames.KINDS; kind++) {
                var frame = frames.ofKind(kind);
                var read = FrameJson.read(Canonical.bytes(FrameJson.write(frame)));
                assertThat(FrameCodec.encode(read)).isEqualTo(FrameCodec.encode(frame));
            }
        });
    }

    /// One file a kind: hexadecimal on one line, its JSON form on the next. Run with -Dwaggle.golden=write to write them anew, then read the diff.
    @Tag("lesson-two-spellings") @Test void golden_frames_have_not_changed() throws IOException {
        var folder = Path.of("src/test/resources/dev/waggle/net/wire");
        var frames = new SomeFrames(Property.random(2026));
        for (int kind = 0; kind < SomeFrames.KINDS; kind++) {
            var frame = frames.ofKind(kind);
            var json = FrameJson.write(frame);
            var file = folder.resolve(json.text("frame") + ".hex");
            var text = Hex.of(FrameCodec.encode(frame)) + "\n" + Canonical.text(json) + "\n";
            if ("write".equals(System.getProperty("waggle.golden"))) Files.writeString(file, text);
            assertThat(text).as(file.toString()).isEqualTo(Files.readString(file));
            var line = Files.readString(file, StandardCharsets.UTF_8).lines().findFirst().orElseThrow();
            assertThat(FrameJson.write(FrameCodec.decode(Hex.bytes(line), MAX))).isEqualTo(json);
        }
    }

    @Test void changed_bytes_are_another_frame_or_malformed_and_nothing_else() {
        Property.check(4_000, random -> {
            var frame = new SomeFrames(random).any();
            var bytes = FrameCodec.encode(frame, random.nextBoolean());
            for (int change = random.nextInt(1, 5); change > 0; change--) {
                switch (random.nextInt(4)) {
                    case 0 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                    case 1 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                    case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, random.nextInt(bytes.length + 20)));
                    default -> Arrays.fill(bytes, random.nextInt(bytes.length), bytes.length, (byte) 0xff);
                }
            }
            onlyMalformed(bytes);
        });
    }

    @Test void random_bytes_of_every_kind_are_read_or_malformed_and_nothing_else() {
        Property.check(20_000, random -> {
            var bytes = new byte[random.nextInt(1, 200)];
            random.nextBytes(bytes);
            bytes[0] = (byte) (random.nextInt(20) == 0 ? 122 : random.nextInt(22));
            onlyMalformed(bytes);
        });
    }

    @Test void changed_json_is_another_frame_or_malformed_and_nothing_else() {
        Property.check(3_000, random -> {
            var bytes = Canonical.bytes(FrameJson.write(new SomeFrames(random).any()));
            for (int change = random.nextInt(1, 4); change > 0; change--)
                bytes[random.nextInt(bytes.length)] = (byte) NOISE.charAt(random.nextInt(NOISE.length()));
            try {
                FrameJson.read(bytes);
            } catch (MalformedPayload expected) {
                assertThat(expected.getMessage()).isNotBlank();
            }
        });
    }

    private static void onlyMalformed(byte[] bytes) {
        try {
            FrameCodec.encode(FrameCodec.decode(bytes, MAX));
        } catch (MalformedPayload expected) {
            assertThat(expected.getMessage()).isNotBlank();
        }
    }

    @Test void an_unknown_kind_is_refused_by_its_number() {
        assertThatThrownBy(() -> FrameCodec.decode(new byte[] {77, 0, 0}, MAX)).isInstanceOf(MalformedPayload.class).hasMessage("unknown frame kind 77");
        assertThatThrownBy(() -> FrameCodec.decode(new byte[0], MAX)).isInstanceOf(MalformedPayload.class);
    }

    @Test void a_byte_too_many_is_refused() {
        var bytes = FrameCodec.encode(new Frame.Ping(-1));
        assertThatThrownBy(() -> FrameCodec.decode(Arrays.copyOf(bytes, bytes.length + 1), MAX)).hasMessageContaining("after the end");
    }

    @Tag("P03") @Test void a_number_has_one_spelling_and_cannot_be_negative() {
        assertThatThrownBy(() -> new WireReader(new byte[] {(byte) 0x80, 0}).number(100)).hasMessageContaining("shortest");
        assertThatThrownBy(() -> new WireReader(Hex.bytes("ffffffffffffffffff01")).number(Long.MAX_VALUE)).hasMessageContaining("63 bits");
        assertThat(new WireReader(Hex.bytes("ffffffffffffffff7f")).number(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThatThrownBy(() -> new WireWriter(1).number(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Tag("P02") @Tag("P03") @Test void a_list_that_cannot_fit_is_refused_before_anything_is_allocated() {
        // Tips of a space, claiming 4,000 tips in a frame of 40 bytes; then events claiming far beyond the limit.
        var tips = new WireWriter(64).octet(9).fixed(new byte[32], 32).number(4_000).toBytes();
        assertThatThrownBy(() -> FrameCodec.decode(tips, MAX)).hasMessageContaining("4000 items does not fit");
        var events = new WireWriter(64).octet(10).fixed(new byte[32], 32).number(1L << 40).toBytes();
        assertThatThrownBy(() -> FrameCodec.decode(events, MAX)).hasMessageContaining("larger than 500");
        var payload = new WireWriter(64).octet(10).fixed(new byte[32], 32).number(1).number(65_537).number(0).toBytes();
        assertThatThrownBy(() -> FrameCodec.decode(payload, MAX)).hasMessageContaining("larger than 65536");
    }

    @Tag("P02") @Test void a_frame_beyond_the_limit_is_neither_written_nor_read() {
        var chunks = new ArrayList<Chunk>();
        for (int i = 0; i < 4; i++) chunks.add(Chunk.of(new byte[Chunk.BYTES_MAX]));
        assertThatThrownBy(() -> FrameCodec.encode(new Frame.Chunks(space(), chunks))).isInstanceOf(IllegalArgumentException.class);
        var bytes = FrameCodec.encode(new Frame.Chunks(space(), chunks.subList(0, 1)));
        assertThatThrownBy(() -> FrameCodec.decode(bytes, Frame.BEFORE_AUTH_BYTES_MAX)).isInstanceOf(MalformedPayload.class);
    }

    @Test void compression_is_used_for_large_frames_of_events_chunks_and_tips_only() {
        var frames = new SomeFrames(Property.random(7));
        var tip = frames.tip();
        var many = new Frame.Tips(space(), List.of(tip, tip, tip, tip, tip, tip, tip, tip, tip, tip), false);
        assertThat(FrameCodec.encode(many, true)).hasSizeLessThan(FrameCodec.encode(many).length / 2).startsWith(122);
        assertThat(FrameCodec.encode(new Frame.Tips(space(), List.of(tip), false), true)).startsWith(9);
        var have = new Frame.Have(space(), new byte[32], 10, 1, List.of(tip, tip, tip, tip, tip, tip, tip, tip, tip, tip));
        assertThat(FrameCodec.encode(have, true)).startsWith(8);
    }

    @Test void bytes_that_do_not_shrink_travel_plain_and_so_do_those_that_shrink_suspiciously() {
        var frames = new SomeFrames(Property.random(8));
        assertThat(FrameCodec.encode(new Frame.Chunks(space(), List.of(Chunk.of(frames.bytes(50_000)))), true)).startsWith(11);
        assertThat(FrameCodec.encode(new Frame.Chunks(space(), List.of(Chunk.of(new byte[200_000]))), true)).startsWith(11);
    }

    @Tag("P02") @Test void a_decompression_bomb_is_refused_by_its_ratio_its_size_and_its_content() {
        var zeros = com.github.luben.zstd.Zstd.compress(new byte[1 << 20], 1);
        assertThatThrownBy(() -> FrameCodec.decode(wrapped(1 << 20, zeros), MAX)).hasMessageContaining("32 times");
        assertThatThrownBy(() -> FrameCodec.decode(wrapped(1 << 30, zeros), MAX)).hasMessageContaining("larger than");
        assertThatThrownBy(() -> FrameCodec.decode(wrapped(1_000, zeros), MAX)).hasMessageContaining("cannot be read");   // more than declared
        var tips = FrameCodec.encode(new Frame.Tips(space(), List.<Tip>of(), true));
        var small = com.github.luben.zstd.Zstd.compress(tips, 1);
        assertThatThrownBy(() -> FrameCodec.decode(wrapped(tips.length + 1, small), MAX)).hasMessageContaining("declared");
        assertThat(FrameCodec.decode(wrapped(tips.length, small), MAX)).isInstanceOf(Frame.Tips.class);
        var ping = FrameCodec.encode(new Frame.Ping(1));
        assertThatThrownBy(() -> FrameCodec.decode(wrapped(ping.length, com.github.luben.zstd.Zstd.compress(ping, 1)), MAX))
            .hasMessageContaining("never compressed");
    }

    private static byte[] wrapped(int declared, byte[] zstd) {
        return new WireWriter(64).octet(122).number(declared).fixed(zstd, zstd.length).toBytes();
    }

    private static SpaceId space() {
        return SpaceId.of(new byte[32]);
    }
}
