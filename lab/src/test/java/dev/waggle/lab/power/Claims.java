package dev.waggle.lab.power;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.log.Tip;
import dev.waggle.lab.power.WriteLog.Op;
import dev.waggle.net.wire.FrameCodec;
import dev.waggle.sync.protocol.Frame;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reads what a node sent over its sockets, and says which events it showed to have: from the first byte of such a frame on they must survive a
/// power cut.
final class Claims {
    /// @param operation the index of the operation that carried the frame's first byte
    record Claim(int operation, List<EventId> events) {}

    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int CONTINUATION = 0, BINARY = 2;

    private final Map<Long, Connection> connections = new HashMap<>();
    private final List<Claim> claims = new ArrayList<>();

    private Claims() {}

    static List<Claim> of(List<Op> operations) {
        var claims = new Claims();
        for (int i = 0; i < operations.size(); i++)
            if (operations.get(i) instanceof Op.Sent(var socket, var bytes)) claims.connections.computeIfAbsent(socket, _ -> claims.new Connection()).take(i, bytes);
        return claims.claims;
    }

    private static List<EventId> events(Frame frame) {
        return switch (frame) {
            case Frame.Events events -> events.events().stream().map(Event::id).toList();
            case Frame.Have have -> have.youHave().stream().map(Tip::id).toList();
            case Frame.Tips tips -> tips.tips().stream().map(Tip::id).toList();
            default -> List.of();
        };
    }

    /// One direction of a WebSocket, or of something else, which is passed over.
    private final class Connection {
        private byte[] rest = new byte[0];
        private int restFrom;                                // the operation of its first byte
        private boolean opened;
        private boolean other;
        private int messageFrom;
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();

        void take(int operation, byte[] bytes) {
            if (other) return;
            if (rest.length == 0) restFrom = operation;
            rest = concat(rest, bytes);
            if (!opened && !open(operation)) return;
            while (frame(operation)) { }
        }

        private boolean open(int operation) {
            int end = indexOf(rest, HEAD_END);
            if (end < 0) return false;
            var head = new String(rest, 0, end, StandardCharsets.US_ASCII).lines().findFirst().orElse("");
            other = !head.startsWith("HTTP/1.1 101 ") && !head.startsWith("GET /sync/v1/stream");
            skip(end + HEAD_END.length, operation);
            opened = !other;
            return opened;
        }

        /// Takes one WebSocket frame off what is there (RFC 6455, section 5.2).
        private boolean frame(int operation) {
            var in = ByteBuffer.wrap(rest);
            if (in.remaining() < 2) return false;
            int first = in.get();
            int second = in.get();
            long length = second & 0x7f;
            if (length == 126 && in.remaining() >= 2) length = in.getShort() & 0xffff;
            else if (length == 127 && in.remaining() >= 8) length = in.getLong();
            else if (length >= 126) return false;
            var mask = new byte[4];
            if (second < 0) {
                if (in.remaining() < 4) return false;
                in.get(mask);
            }
            if (in.remaining() < length) return false;
            var payload = new byte[(int) length];
            in.get(payload);
            for (int i = 0; i < payload.length; i++) payload[i] ^= mask[i % 4];
            int kind = first & 0x0f;
            if (kind == BINARY) messageFrom = restFrom;
            if (kind == BINARY || kind == CONTINUATION) message.writeBytes(payload);
            if (first < 0 && (kind == BINARY || kind == CONTINUATION)) {
                var events = events(FrameCodec.decode(message.toByteArray(), Frame.FRAME_BYTES_MAX));
                if (!events.isEmpty()) claims.add(new Claim(messageFrom, events));
                message.reset();
            }
            skip(in.position(), operation);
            return true;
        }

        private void skip(int count, int operation) {
            rest = Arrays.copyOfRange(rest, count, rest.length);
            restFrom = operation;
        }
    }

    private static byte[] concat(byte[] first, byte[] second) {
        var both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static int indexOf(byte[] in, byte[] wanted) {
        for (int at = 0; at + wanted.length <= in.length; at++)
            if (Arrays.equals(in, at, at + wanted.length, wanted, 0, wanted.length)) return at;
        return -1;
    }
}
