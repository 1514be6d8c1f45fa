package dev.waggle.node.board;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Sha256;

import java.nio.charset.StandardCharsets;

/// What people see of ids of 64 digits, and ids that follow from others. Version 8 (RFC 9562): made by a rule of our own.
public final class Uuids {
    private static final int BYTES = 16;

    private Uuids() {}

    /// The UUID of a space or node: its first digits stay what they are.
    public static String of(String hex) {
        return text(Hex.bytes(hex.substring(0, 2 * BYTES)));
    }

    /// Of random bytes, or the same for the same words.
    static String from(byte[] bytes) {
        return text(java.util.Arrays.copyOf(bytes, BYTES));
    }

    static String named(String... words) {
        return from(Sha256.of(String.join("\n", words).getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(byte[] bytes) {
        bytes[6] = (byte) (bytes[6] & 0x0f | 0x80);
        bytes[8] = (byte) (bytes[8] & 0x3f | 0x80);
        var hex = Hex.of(bytes);
        return hex.substring(0, 8) + "-" + hex.substring(8, 12) + "-" + hex.substring(12, 16) + "-" + hex.substring(16, 20) + "-" + hex.substring(20);
    }
}
