package dev.waggle.lab.fuzz;

import java.util.Arrays;
import java.util.List;

/// An input read as a row of decisions: which event, which author, how much later. Every input is a script; where it ends, all further
/// decisions are 0. Small changes of the bytes are small changes of what happens, which is what lets coverage guide.
final class Script {
    private final byte[] in;
    private int at;

    Script(byte[] in) {
        this.in = in;
    }

    boolean ended() {
        return at >= in.length;
    }

    /// 0 to 255.
    int octet() {
        return ended() ? 0 : in[at++] & 0xff;
    }

    /// 0 to `count` - 1, at most 256 different ones.
    int below(int count) {
        return octet() % count;
    }

    boolean flag() {
        return (octet() & 1) == 1;
    }

    /// Once in `count` times.
    boolean rarely(int count) {
        return below(count) == count - 1;
    }

    long number() {
        long value = 0;
        for (int i = 0; i < 8; i++) value = value << 8 | octet();
        return value;
    }

    <T> T of(List<T> choices) {
        return choices.get(below(choices.size()));
    }

    @SafeVarargs
    final <T> T of(T... choices) {
        return choices[below(choices.length)];
    }

    /// The next `length` bytes, fewer at the end.
    byte[] bytes(int length) {
        int from = Math.min(at, in.length);
        at = Math.min(in.length, from + length);
        return Arrays.copyOfRange(in, from, at);
    }

    byte[] rest() {
        return bytes(in.length);
    }
}
