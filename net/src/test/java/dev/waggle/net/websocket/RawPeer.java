package dev.waggle.net.websocket;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A plain socket that can say anything: for what no well-behaved client would send.
final class RawPeer implements Closeable {
    static final int BINARY = 2, TEXT = 1, CONTINUATION = 0, CLOSE = 8, PING = 9;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    RawPeer(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(15_000);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /// A connection on which the WebSocket is open.
    static RawPeer upgraded(int port) throws IOException {
        var peer = new RawPeer(port);
        var answer = peer.request("GET /sync/v1/stream HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n");
        if (!answer.startsWith("HTTP/1.1 101")) throw new IOException("not upgraded: " + answer);
        return peer;
    }

    /// Sends text and reads the head of an answer.
    String request(String text) throws IOException {
        send(text.getBytes(StandardCharsets.ISO_8859_1));
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) break;
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /// One WebSocket frame as a client sends it.
    void piece(int opcode, boolean last, byte[] bytes) throws IOException {
        send(head(opcode, last, bytes.length));
        send(bytes);                                                  // the mask is zero
    }

    void message(byte[] bytes) throws IOException {
        piece(BINARY, true, bytes);
    }

    /// The head of a frame, of whatever length is claimed.
    static byte[] head(int opcode, boolean last, long length) {
        var head = ByteBuffer.allocate(14).put((byte) (opcode | (last ? 0x80 : 0)));
        if (length >= 0 && length < 126) head.put((byte) (0x80 | length));
        else if (length >= 0 && length < 65_536) head.put((byte) (0x80 | 126)).putShort((short) length);
        else head.put((byte) (0x80 | 127)).putLong(length);
        head.putInt(0);
        var bytes = new byte[head.position()];
        head.flip().get(bytes);
        return bytes;
    }

    /// Reads until the other side ends the connection.
    ///
    /// @return what came, as text
    String untilClosed() throws IOException {
        try {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (SocketTimeoutException e) {
            throw new IOException("still open after 15 s", e);
        } catch (IOException _) {                                     // reset: the other side closed while we were still sending
            return "reset";
        }
    }

    boolean isClosedSoon() {
        try {
            untilClosed();
            return true;
        } catch (IOException _) {                                     // the time is up
            return false;
        }
    }

    @Override public void close() throws IOException {
        socket.close();
    }
}
