package dev.waggle.net.wire;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.waggle.core.event.MalformedPayload;

import java.util.Arrays;
import java.util.Optional;

/// A frame wrapped in zstd (RFC 8878): the kind byte, the size of what is inside as a number, one zstd stream.
///
/// What is inside is bounded before it is made: by the declared size, by [#RATIO_MAX] times the bytes that arrived, and by the receiver's limit for
/// plain frames, so wrapping a frame never gains anything against a limit.
final class Compression {
    static final int RATIO_MAX = 32;
    /// Below this size a frame is mostly hashes and signatures, and the saving is not worth the call.
    static final int PLAIN_BYTES_MAX = 512;
    private static final int LEVEL = 1;

    private Compression() {}

    /// @return empty when wrapping would save less than an eighth, or shrink so much that a receiver would refuse it
    static Optional<byte[]> wrap(int kind, byte[] plain) {
        var small = Zstd.compress(plain, LEVEL);
        if (small.length > plain.length - plain.length / 8 || plain.length > (long) small.length * RATIO_MAX) return Optional.empty();
        var head = new WireWriter(16).octet(kind).number(plain.length).toBytes();
        var whole = Arrays.copyOf(head, head.length + small.length);
        System.arraycopy(small, 0, whole, head.length, small.length);
        return Optional.of(whole);
    }

    /// Reads what follows the kind byte.
    ///
    /// @param bytesMax the receiver's limit for the frame inside
    static byte[] unwrap(WireReader in, int bytesMax) {
        int declared = in.length(bytesMax);
        var small = in.fixed(in.left());
        if (declared > (long) small.length * RATIO_MAX) throw new MalformedPayload("a compressed frame grows more than " + RATIO_MAX + " times");
        var plain = new byte[declared];
        long made;
        try {
            made = Zstd.decompressByteArray(plain, 0, declared, small, 0, small.length);
        } catch (ZstdException e) {
            throw new MalformedPayload("a compressed frame cannot be read: " + e.getMessage());
        }
        if (made != declared) throw new MalformedPayload("a compressed frame holds " + made + " bytes and not the " + declared + " declared");
        return plain;
    }
}
