package dev.waggle.store.capture;

import dev.waggle.core.record.Value;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// How a file stores text. Values are UTF-8 everywhere else; a lone surrogate of a UTF-16 file becomes its three bytes, as if it were a
/// character of its own, so that it survives the way there and back.
enum TextForm {
    UTF_8, UTF_16_LE, UTF_16_BE;

    static TextForm of(String pragmaEncoding) {
        return switch (pragmaEncoding) {
            case "UTF-16le" -> UTF_16_LE;
            case "UTF-16be" -> UTF_16_BE;
            default -> UTF_8;
        };
    }

    /// @param stored the bytes as the file holds them
    Value.Text read(byte[] stored) {
        if (this == UTF_8) return new Value.Text(stored);
        var units = ByteBuffer.wrap(stored, 0, stored.length & ~1).order(order()).asCharBuffer();
        try {
            var utf8 = StandardCharsets.UTF_8.newEncoder().encode(units.duplicate());
            var bytes = new byte[utf8.remaining()];
            utf8.get(bytes);
            return new Value.Text(bytes);
        } catch (CharacterCodingException _) {
            return new Value.Text(withLoneSurrogates(units));
        }
    }

    private static byte[] withLoneSurrogates(CharBuffer units) {
        var out = new ByteArrayOutputStream();
        for (int i = 0; i < units.length(); ) {
            int point = Character.codePointAt(units, i);
            i += Character.charCount(point);
            if (point >= 0xD800 && point <= 0xDFFF) {
                out.write(0xE0 | point >> 12);
                out.write(0x80 | point >> 6 & 0x3F);
                out.write(0x80 | point & 0x3F);
            } else {
                out.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            }
        }
        return out.toByteArray();
    }

    /// The bytes the file would hold for a text. A UTF-16 file cannot hold bytes that are no Unicode: they become U+FFFD.
    byte[] stored(Value.Text text) {
        if (this == UTF_8) return text.bytes();
        var units = unitsOf(text.bytes());
        var bytes = ByteBuffer.allocate(units.length() * 2).order(order());
        for (int i = 0; i < units.length(); i++) bytes.putChar(units.charAt(i));
        return bytes.array();
    }

    private static String unitsOf(byte[] utf8) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (CharacterCodingException _) {
            var units = new StringBuilder();
            int from = 0;
            for (int i = 0; i + 2 < utf8.length; i++) {
                if ((utf8[i] & 0xFF) != 0xED || (utf8[i + 1] & 0xE0) != 0xA0 || (utf8[i + 2] & 0xC0) != 0x80) continue;
                units.append(new String(utf8, from, i - from, StandardCharsets.UTF_8));
                units.append((char) (0xD000 | (utf8[i + 1] & 0x3F) << 6 | utf8[i + 2] & 0x3F));
                i += 2;
                from = i + 1;
            }
            return units.append(new String(utf8, from, utf8.length - from, StandardCharsets.UTF_8)).toString();
        }
    }

    /// True when the file holds this text exactly: what is written is what is read again.
    boolean keeps(Value.Text text) {
        return this == UTF_8 || read(stored(text)).equals(text);
    }

    private ByteOrder order() {
        return this == UTF_16_BE ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }
}
