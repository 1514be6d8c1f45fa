package dev.waggle.node.rest;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// The frames of RFC 6455 as far as a server needs them that takes short texts and sends texts. One reader; any number of writers.
final class WebSocketFrames {
    static final int TEXT = 1;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;
    /// Of a message from a client.
    static final int MESSAGE_BYTES_MAX = 4_096;

    private final DataInputStream in;
    private final OutputStream out;

    WebSocketFrames(DataInputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /// @param opcode [#TEXT], [#CLOSE], [#PING] or [#PONG]
    record Frame(int opcode, byte[] payload) {
        String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    /// The other side does not keep to the protocol, or to the limits here.
    static final class Broken extends IOException {
        private static final long serialVersionUID = 1;

        Broken(String what) {
            super(what);
        }
    }

    /// Waits for the next frame. Sizes are checked before anything is allocated.
    ///
    /// @throws Broken for frames that are not masked, fragmented, binary or too long
    Frame read() throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        int opcode = first & 0x0f;
        if ((first & 0x80) == 0 || opcode == 0) throw new Broken("messages in fragments are not taken");
        if ((first & 0x70) != 0) throw new Broken("no extension was agreed");
        if (opcode != TEXT && opcode != CLOSE && opcode != PING && opcode != PONG) throw new Broken("only texts are taken");
        if ((second & 0x80) == 0) throw new Broken("a client masks its frames");
        int length = second & 0x7f;
        if (length == 126) length = in.readUnsignedShort();
        else if (length == 127) throw new Broken("a message has at most " + MESSAGE_BYTES_MAX + " bytes");
        if (length > MESSAGE_BYTES_MAX || opcode != TEXT && length > 125) throw new Broken("a message has at most " + MESSAGE_BYTES_MAX + " bytes");
        var mask = new byte[4];
        in.readFully(mask);
        var payload = new byte[length];
        in.readFully(payload);
        for (int i = 0; i < length; i++) payload[i] ^= mask[i & 3];
        return new Frame(opcode, payload);
    }

    void write(int opcode, byte[] payload) throws IOException {
        int length = payload.length;
        var head = length < 126 ? new byte[] {(byte) (0x80 | opcode), (byte) length}
            : length < 65_536 ? new byte[] {(byte) (0x80 | opcode), 126, (byte) (length >> 8), (byte) length}
            : new byte[] {(byte) (0x80 | opcode), 127, 0, 0, 0, 0, (byte) (length >> 24), (byte) (length >> 16), (byte) (length >> 8), (byte) length};
        synchronized (out) {
            out.write(head);
            out.write(payload);
            out.flush();
        }
    }
}
