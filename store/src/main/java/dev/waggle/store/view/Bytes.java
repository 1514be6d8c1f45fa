package dev.waggle.store.view;

import dev.waggle.core.event.ChunkId;
import dev.waggle.core.record.Value;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;

/// The compact binary form of what a view stores; read and written by this node only. Numbers are little-endian base 128.
final class Bytes {
    private static final int KEPT_MAX = 64 * 1024;

    private byte[] bytes;
    private int at;

    private Bytes(byte[] bytes) {
        this.bytes = bytes;
    }

    static Bytes writing() {
        return new Bytes(new byte[256]);
    }

    /// Forgets what was written, for whoever writes many one after the other.
    Bytes again() {
        if (bytes.length > KEPT_MAX) bytes = new byte[256];
        at = 0;
        return this;
    }

    static Bytes reading(byte[] bytes) {
        return new Bytes(bytes);
    }

    byte[] written() {
        return Arrays.copyOf(bytes, at);
    }

    boolean atEnd() {
        return at == bytes.length;
    }

    Bytes put(int value) {
        room(1);
        bytes[at++] = (byte) value;
        return this;
    }

    int get() {
        return bytes[at++];
    }

    /// @param value not negative
    Bytes number(long value) {
        room(10);
        for (; value >>> 7 != 0; value >>>= 7) bytes[at++] = (byte) (value | 0x80);
        bytes[at++] = (byte) value;
        return this;
    }

    long number() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = bytes[at++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) return value;
        }
    }

    Bytes bytes(byte[] some) {
        number(some.length).room(some.length);
        System.arraycopy(some, 0, bytes, at, some.length);
        at += some.length;
        return this;
    }

    byte[] bytes() {
        int length = (int) number();
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    Bytes text(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    Bytes value(Value value) {
        return switch (value) {
            case Value.Null _ -> put(0);
            case Value.Int(var integer) -> put(1).number(integer << 1 ^ integer >> 63);
            case Value.Real(var real) -> put(2).number(Double.doubleToRawLongBits(real));
            case Value.Text(var text) -> put(3).bytes(text);
            case Value.Blob(var blob) -> put(4).bytes(blob);
            case Value.Chunked(var text, var size, var chunks) -> {
                put(text ? 5 : 6).number(size).number(chunks.size());
                for (var chunk : chunks) bytes(chunk.bytes());
                yield this;
            }
        };
    }

    Value value() {
        int kind = get();
        return switch (kind) {
            case 0 -> Value.NULL;
            case 1 -> {
                long folded = number();
                yield new Value.Int(folded >>> 1 ^ -(folded & 1));
            }
            case 2 -> new Value.Real(Double.longBitsToDouble(number()));
            case 3 -> new Value.Text(bytes());
            case 4 -> new Value.Blob(bytes());
            case 5, 6 -> {
                long size = number();
                int count = (int) number();
                var chunks = new ArrayList<ChunkId>();
                for (int i = 0; i < count; i++) chunks.add(ChunkId.of(bytes()));
                yield new Value.Chunked(kind == 5, size, chunks);
            }
            default -> throw new IllegalStateException("a damaged view: unknown value kind " + kind);
        };
    }

    private Bytes room(int more) {
        if (bytes.length - at < more) bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, at + more));
        return this;
    }
}
