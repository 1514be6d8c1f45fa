package dev.waggle.core.event;

import java.util.HexFormat;

/// Lower-case hexadecimal, the one spelling of ids on the wire, in payloads and on screen.
public final class Hex {
    private static final HexFormat HEX = HexFormat.of();

    private Hex() {}

    public static String of(byte[] bytes) {
        return HEX.formatHex(bytes);
    }

    /// @throws IllegalArgumentException when `text` is not an even number of hexadecimal digits
    public static byte[] bytes(String text) {
        return HEX.parseHex(text);
    }

    /// True for exactly `digits` lower-case hexadecimal digits: the only spelling an id may have, so that equal ids are equal strings.
    public static boolean isLower(String text, int digits) {
        if (text.length() != digits) return false;
        for (int i = 0; i < digits; i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) return false;
        }
        return true;
    }

    static String require(String what, String text, int digits) {
        if (!isLower(text, digits))
            throw new IllegalArgumentException(what + " must be " + digits + " lower-case hexadecimal digits");
        return text;
    }
}
