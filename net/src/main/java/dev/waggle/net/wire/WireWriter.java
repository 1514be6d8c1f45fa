package dev.waggle.net.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/// Collects a frame's fields. The bytes are described in the package's own page.
final class WireWriter {
    private byte[] out;
    private int size;

    WireWriter(int expectedBytes) {
        out = new byte[Math.max(64, expectedBytes)];
    }

    byte[] toBytes() {
        return Arrays.copyOf(out, size);
    }

    WireWriter octet(int value) {
        room(1);
        out[size++] = (byte) value;
        return this;
    }

    /// @throws IllegalArgumentException when `value` is negative: it has no spelling
    WireWriter number(long value) {
        if (value < 0) throw new IllegalArgumentException("a number on the wire is not negative: " + value);
        room(9);
        while (value > 0x7f) {
            out[size++] = (byte) (value & 0x7f | 0x80);
            value >>>= 7;
        }
        out[size++] = (byte) value;
        return this;
    }

    /// Eight bytes, highest first: any long.
    WireWriter token(long value) {
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) out[size++] = (byte) (value >>> shift);
        return this;
    }

    /// Bytes whose length both sides know.
    ///
    /// @throws IllegalArgumentException when it is another length
    WireWriter fixed(byte[] value, int length) {
        if (value.length != length) throw new IllegalArgumentException("expected " + length + " bytes, not " + value.length);
        return raw(value);
    }

    WireWriter bytes(byte[] value) {
        return number(value.length).raw(value);
    }

    /// @throws IllegalArgumentException when it is longer than a reader accepts
    WireWriter bytes(byte[] value, int max) {
        if (value.length > max) throw new IllegalArgumentException(value.length + " bytes in a field: at most " + max);
        return bytes(value);
    }

    WireWriter text(String value, int bytesMax) {
        return bytes(value.getBytes(StandardCharsets.UTF_8), bytesMax);
    }

    <T> WireWriter list(List<T> items, Consumer<T> write) {
        number(items.size());
        items.forEach(write);
        return this;
    }

    private WireWriter raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, out, size, value.length);
        size += value.length;
        return this;
    }

    private void room(int more) {
        if (out.length - size < more) out = Arrays.copyOf(out, Math.addExact(Math.max(out.length * 2, size), more));
    }
}
