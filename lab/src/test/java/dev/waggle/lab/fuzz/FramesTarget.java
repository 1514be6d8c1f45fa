package dev.waggle.lab.fuzz;

import com.sun.management.ThreadMXBean;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.net.wire.FrameCodec;
import dev.waggle.net.wire.FrameJson;
import dev.waggle.sync.protocol.Frame;

import java.lang.management.ManagementFactory;

import static org.assertj.core.api.Assertions.assertThat;

/// Frames, in bytes and as JSON. Whatever arrives is one frame or malformed; a frame has one spelling in bytes; what one form carries the other carries
/// too; and reading never takes more memory than a multiple of what arrived.
final class FramesTarget implements Target {
    /// A compressed frame grows 32 times, and a byte of JSON in a payload becomes an object of some 24 bytes.
    private static final long ALLOCATED_PER_BYTE_MAX = 32 * 48;
    private static final long ALLOCATED_MAX = 512 * 1024;
    private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Override public void run(byte[] input) {
        if (input.length > 0 && input[0] == '{') json(input);
        else binary(input);
    }

    private static void binary(byte[] input) {
        Frame frame;
        long allowed = ALLOCATED_MAX + ALLOCATED_PER_BYTE_MAX * input.length;
        if (allocated(input) > allowed) assertThat(allocated(input)).as("bytes allocated for %s, again", input.length).isLessThan(allowed);   // the first time loads classes
        try {
            frame = FrameCodec.decode(input, Frame.FRAME_BYTES_MAX);
        } catch (MalformedPayload _) {
            return;
        }
        var plain = FrameCodec.encode(frame);
        if (input[0] != 122) assertThat(plain).as("a frame has one spelling").isEqualTo(input);
        same(FrameCodec.decode(plain, Frame.FRAME_BYTES_MAX), frame);
        same(FrameCodec.decode(FrameCodec.encode(frame, true), Frame.FRAME_BYTES_MAX), frame);
        same(FrameJson.read(FrameJson.write(frame)), frame);
    }

    private static long allocated(byte[] input) {
        long before = THREAD.getCurrentThreadAllocatedBytes();
        try {
            FrameCodec.decode(input, Frame.FRAME_BYTES_MAX);
        } catch (MalformedPayload _) {
            // costs as much
        }
        return THREAD.getCurrentThreadAllocatedBytes() - before;
    }

    private static void json(byte[] input) {
        Frame frame;
        try {
            frame = FrameJson.read(input);
        } catch (MalformedPayload _) {
            return;
        }
        same(FrameJson.read(FrameJson.write(frame)), frame);
        same(FrameCodec.decode(FrameCodec.encode(frame), Frame.FRAME_BYTES_MAX), frame);
    }

    /// Frames hold arrays, which are equal to themselves alone: their bytes are compared.
    private static void same(Frame one, Frame other) {
        assertThat(FrameCodec.encode(one)).isEqualTo(FrameCodec.encode(other));
    }
}
