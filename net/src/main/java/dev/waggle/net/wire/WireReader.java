package dev.waggle.net.wire;

import dev.waggle.core.event.MalformedPayload;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/// Reads a frame's fields out of bytes that nobody has checked yet. Every length and count is compared with its limit and with the bytes
/// that are left before anything is allocated for it.
///
/// Every method throws [MalformedPayload] and nothing else.
final class WireReader {
    private final byte[] in;
    private int at;

    WireReader(byte[] in) {
        this.in = in;
    }

    int left() {
        return in.length - at;
    }

    /// @throws MalformedPayload when bytes are left: what is not read is not understood
    void end() {
        if (left() > 0) throw new MalformedPayload(left() + " bytes after the end of the frame");
    }

    int octet() {
        if (left() < 1) throw tooShort();
        return in[at++] & 0xff;
    }

    boolean flag() {
        int value = octet();
        if (value > 1) throw new MalformedPayload("a flag is 0 or 1, not " + value);
        return value == 1;
    }

    /// @param max the largest value that makes sense here
    long number(long max) {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int next = octet();
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                if (next == 0 && shift > 0) throw new MalformedPayload("a number is not in its shortest form");
                if (value > max) throw new MalformedPayload("a number is larger than " + max);
                return value;
            }
        }
        throw new MalformedPayload("a number is longer than 63 bits");
    }

    int length(int max) {
        return (int) number(max);
    }

    long token() {
        var bytes = fixed(8);
        long value = 0;
        for (byte b : bytes) value = value << 8 | b & 0xff;
        return value;
    }

    byte[] fixed(int length) {
        if (left() < length) throw tooShort();
        at += length;
        return Arrays.copyOfRange(in, at - length, at);
    }

    byte[] bytes(int max) {
        return fixed(length(max));
    }

    String text(int bytesMax) {
        var bytes = bytes(bytesMax);
        try {
            return StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedPayload("text that is not UTF-8");
        }
    }

    /// @param countMax     the most items that make sense here
    /// @param itemBytesMin the fewest bytes an item can have: a count that cannot fit is refused before the first item is read
    <T> List<T> list(int countMax, int itemBytesMin, Supplier<T> item) {
        int count = length(countMax);
        if ((long) count * itemBytesMin > left()) throw new MalformedPayload("a list of " + count + " items does not fit into the bytes that are left");
        var items = new ArrayList<T>(count);
        for (int i = 0; i < count; i++) items.add(item.get());
        return List.copyOf(items);
    }

    private static MalformedPayload tooShort() {
        return new MalformedPayload("the frame ends too early");
    }
}
