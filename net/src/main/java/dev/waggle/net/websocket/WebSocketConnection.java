package dev.waggle.net.websocket;

import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.net.wire.FrameCodec;
import dev.waggle.sync.engine.Transport;
import dev.waggle.sync.protocol.Frame;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.internal.http.WebSocketInternal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// One WebSocket. Reads on its event loop; [#send] and [#close] may be called from anywhere.
///
/// A message is collected piece by piece, so that its size is checked before the next piece is taken, and a piece is at most [#PIECE_BYTES_MAX].
final class WebSocketConnection implements Transport.Connection {
    private static final System.Logger LOG = System.getLogger("waggle.net");
    static final int PIECE_BYTES_MAX = 64 * 1024;
    static final int OUTBOUND_BYTES_MAX = 1 << 20;
    /// How long a closing connection may take to say what is queued.
    static final long CLOSE_MS_MAX = 1_000;
    static final int PINGS_MAX = 1_000;
    private static final int REASON_BYTES_MAX = 120;

    private static final String CLOSED_BY_PEER = "the other side closed the connection";

    /// Close codes of RFC 6455 section 7.4.
    static final short GOING_AWAY = 1001, UNSUPPORTED = 1003, POLICY = 1008, TOO_BIG = 1009, MALFORMED = 1007;

    /// What the connection tells the transport that made it.
    interface Owner {
        void trusted(WebSocketConnection connection);

        void gone(WebSocketConnection connection);
    }

    private final long id;
    private final boolean initiator;
    private final WebSocket socket;
    private final Context context;
    private final String remote;
    private final String gateKey;
    private final Optional<NodeId> provenNode;
    private final byte[] binding;
    private final Transport.Handler handler;
    private final Owner owner;
    private final Standing standing;

    private final AtomicLong outboundBytes = new AtomicLong();
    private final AtomicBoolean outboundFull = new AtomicBoolean();
    private volatile Runnable onDrain = () -> { };
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile String why = CLOSED_BY_PEER;
    private volatile long closeByNanos;

    private final long openedNanos = System.nanoTime();
    private volatile long heardNanos = openedNanos;
    private volatile boolean pausedByEngine;
    // Touched by the event loop only:
    private byte[] message = new byte[0];
    private int messageBytes;
    private long receivedBytes;                                       // until the handshake is finished
    private byte[] heldBack;                                          // a piece that came before the handshake was finished here
    private boolean heldBackIsLast;
    private int pings;                                                // since our own last one

    /// @param context the event loop on which the socket lives
    WebSocketConnection(long id, boolean initiator, WebSocket socket, Context context, Optional<NodeId> provenNode, byte[] binding,
                        Transport.Handler handler, Owner owner) {
        this.id = id;
        this.context = context;
        this.initiator = initiator;
        this.socket = socket;
        var address = socket.remoteAddress();
        this.remote = address.hostAddress() + ":" + address.port();
        this.gateKey = Gate.key(address.hostAddress(), address.port());
        this.provenNode = provenNode;
        this.binding = binding;
        this.handler = handler;
        this.owner = owner;
        this.standing = new Standing(provenNode);
    }

    /// Called once, on the event loop.
    void begin() {
        socket.closeHandler(_ -> {
            closing.set(true);
            owner.gone(this);
            var said = socket.closeReason();
            boolean theyClosed = why.equals(CLOSED_BY_PEER) && said != null && !said.isBlank();
            handler.closed(this, theyClosed ? "closed by the other side: " + said : why);
        });
        socket.exceptionHandler(problem -> close(MALFORMED, "connection-broken: " + problem.getClass().getSimpleName()));
        socket.pongHandler(_ -> heardNanos = System.nanoTime());
        socket.frameHandler(this::piece);
        var channel = ((WebSocketInternal) socket).channelHandlerContext();
        channel.pipeline().addBefore(channel.name(), "ping-limit", new PingLimit());
    }

    private void piece(WebSocketFrame frame) {
        heardNanos = System.nanoTime();
        if (closing.get()) return;
        switch (frame.type()) {
            case BINARY, CONTINUATION -> piece(frame.binaryData().getBytes(), frame.isFinal());
            case TEXT -> close(UNSUPPORTED, "text-message: frames are binary");
            case PING, PONG, CLOSE -> { }                             // Vert.x answers these
        }
    }

    /// Vert.x answers each ping before anybody sees it, so whoever pings and does not read would pile the answers up here. A flood is dropped
    /// unanswered.
    private final class PingLimit extends ChannelInboundHandlerAdapter {
        @Override public void channelRead(ChannelHandlerContext channel, Object message) {
            if (!(message instanceof PingWebSocketFrame) || ++pings <= PINGS_MAX) {
                channel.fireChannelRead(message);
                return;
            }
            ReferenceCountUtil.release(message);
            close(POLICY, "too-many-pings: at most " + PINGS_MAX + " between two of ours");
        }
    }

    private void piece(byte[] bytes, boolean last) {
        if (!standing.isProven() && receivedBytes + bytes.length > standing.bytesMax()) {
            if (standing.step() == Standing.Step.STRANGER) {
                close(TOO_BIG, "too-much-before-handshake: at most " + Frame.BEFORE_AUTH_BYTES_MAX + " bytes");
                return;
            }
            heldBack = bytes;                                         // it waits for our engine, or for the deadline of the handshake
            heldBackIsLast = last;
            socket.pause();
            return;
        }
        receivedBytes += bytes.length;
        if ((long) messageBytes + bytes.length > Math.min(Frame.FRAME_BYTES_MAX, standing.bytesMax())) {
            close(TOO_BIG, "frame-too-large: at most " + Frame.FRAME_BYTES_MAX + " bytes");
            return;
        }
        if (last && messageBytes == 0) whole(bytes);
        else {
            if (message.length - messageBytes < bytes.length)
                message = Arrays.copyOf(message, Math.min(Frame.FRAME_BYTES_MAX, Math.max(message.length * 2, messageBytes + bytes.length)));
            System.arraycopy(bytes, 0, message, messageBytes, bytes.length);
            messageBytes += bytes.length;
            if (!last) return;
            var whole = Arrays.copyOf(message, messageBytes);
            message = new byte[0];
            messageBytes = 0;
            whole(whole);
        }
    }

    private void whole(byte[] bytes) {
        Frame frame;
        try {
            frame = FrameCodec.decode(bytes, standing.bytesMax());
            standing.received(frame);
        } catch (MalformedPayload e) {
            close(POLICY, "malformed-frame: " + e.getMessage());
            return;
        }
        if (handler.received(this, frame)) return;
        pausedByEngine = true;
        socket.pause();
    }

    @Override public long id() {
        return id;
    }

    @Override public boolean initiator() {
        return initiator;
    }

    @Override public String remote() {
        return remote;
    }

    @Override public Optional<NodeId> provenNode() {
        return provenNode;
    }

    @Override public byte[] channelBinding() {
        return binding.clone();
    }

    String gateKey() {
        return gateKey;
    }

    @Override public boolean send(Frame frame) {
        if (closing.get()) return false;
        if (outboundBytes.get() >= OUTBOUND_BYTES_MAX) {
            outboundFull.set(true);
            if (outboundBytes.get() >= OUTBOUND_BYTES_MAX / 2) return false;
            outboundFull.set(false);                                  // it drained while we looked
        }
        var before = standing.step();
        byte[] bytes;
        try {
            bytes = FrameCodec.encode(frame, standing.mayCompress());
        } catch (IllegalArgumentException bug) {                          // one frame that cannot be said must not end the node, which has other peers
            LOG.log(System.Logger.Level.ERROR, "a frame to " + remote + " breaks a limit: " + frame.getClass().getSimpleName(), bug);
            close(POLICY, "internal: a frame cannot be sent");
            return false;
        }
        standing.sent(frame);
        outboundBytes.addAndGet(bytes.length);
        try {
            socket.writeBinaryMessage(Buffer.buffer(bytes)).onComplete(_ -> written(bytes.length));
        } catch (IllegalStateException closed) {                      // the socket closed a moment ago; its close handler tells why
            outboundBytes.addAndGet(-bytes.length);
            return false;
        }
        moved(before);
        return true;
    }

    private void written(int bytes) {
        long left = outboundBytes.addAndGet(-bytes);
        if (left < OUTBOUND_BYTES_MAX / 2 && outboundFull.compareAndSet(true, false) && !closing.get()) onDrain.run();
    }

    private void moved(Standing.Step before) {
        var now = standing.step();
        if (now == before) return;
        if (now == Standing.Step.TRUSTED) owner.trusted(this);
        context.runOnContext(_ -> {
            if (heldBack == null) return;
            var bytes = heldBack;
            heldBack = null;
            piece(bytes, heldBackIsLast);
            if (heldBack == null && !pausedByEngine) socket.resume();
        });
    }

    @Override public void onDrain(Runnable callback) {
        onDrain = callback;
    }

    @Override public void resume() {
        context.runOnContext(_ -> {
            if (!pausedByEngine) return;
            pausedByEngine = false;
            heardNanos = System.nanoTime();                           // silence while we did not listen proves nothing
            if (heldBack == null) socket.resume();
        });
    }

    @Override public void close(String reason) {
        close((short) 1000, reason);
    }

    void close(short code, String reason) {
        if (!closing.compareAndSet(false, true)) return;
        why = reason;
        closeByNanos = System.nanoTime() + CLOSE_MS_MAX * 1_000_000;
        context.runOnContext(_ -> socket.resume());                 // the other side's close must not wait behind a pause
        socket.close(code, cut(reason));
    }

    /// Pings, and ends what is dead or never says who it is. Called by a timer.
    void look(long now, ListenOptions.Limits limits, boolean ping) {
        if (closing.get()) {
            if (now - closeByNanos > 0) ((WebSocketInternal) socket).channelHandlerContext().channel().close();
            return;
        }
        if (!standing.isProven() && now - openedNanos > limits.handshakeMs() * 1_000_000) {
            close(POLICY, "handshake-timeout: not finished within " + limits.handshakeMs() + " ms");
            return;
        }
        if (!pausedByEngine && now - heardNanos > limits.idleMs() * 1_000_000) {
            close(GOING_AWAY, "silent: nothing came for " + limits.idleMs() + " ms");
            return;
        }
        if (!ping) return;
        socket.writePing(Buffer.buffer());
        context.runOnContext(_ -> pings = 0);
    }

    /// At most what a close frame holds, without cutting a character in two.
    private static String cut(String reason) {
        var text = reason;
        while (text.getBytes(StandardCharsets.UTF_8).length > REASON_BYTES_MAX) text = text.substring(0, text.length() - 1);
        return Character.isHighSurrogate(text.isEmpty() ? 'a' : text.charAt(text.length() - 1)) ? text.substring(0, text.length() - 1) : text;
    }

    @Override public String toString() {
        return "connection " + id + (initiator ? " to " : " from ") + remote;
    }
}
