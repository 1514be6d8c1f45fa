package dev.waggle.lab.process;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.ChainId;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Epoch;
import dev.waggle.core.event.Event;
import dev.waggle.core.event.EventId;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.SpaceId;
import dev.waggle.core.time.Hlc;
import dev.waggle.net.wire.FrameCodec;
import dev.waggle.sync.protocol.Frame;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Somebody with a member's key who can say anything over the stream: for what no well-behaved node would send.
final class Member implements WebSocket.Listener, AutoCloseable {
    private static final int NONCE_BYTES = 32;
    private static final int PIECE_BYTES_MAX = 60_000;
    private final Signer signer;
    private final HttpClient http = HttpClient.newHttpClient();
    private final LinkedBlockingQueue<Object> heard = new LinkedBlockingQueue<>();     // frames, and why it ended as text
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();
    private WebSocket socket;

    Member(byte[] seed) {
        signer = Ed25519.signer(seed);
    }

    NodeId node() {
        return signer.node();
    }

    /// An event of this member's own that is right in every respect; it is sent nowhere.
    Event event(SpaceId space, EventId control, Epoch epoch) {
        return Event.write(envelope(space, control, new ChainId(node(), epoch)), Json.object("text", "hello")).signed(signer);
    }

    static Envelope envelope(SpaceId space, EventId control, ChainId chain) {
        return new Envelope(Optional.of(space), chain, 1, Optional.empty(), List.of(), List.of(control), new Hlc(System.currentTimeMillis(), 0), "greeting");
    }

    byte[] sign(byte[] bytes) {
        return signer.sign(bytes);
    }

    /// Dials and proves itself, like an honest node.
    Member connect(String address) throws Exception {
        socket = http.newWebSocketBuilder().buildAsync(URI.create("ws://" + address + "/sync/v1/stream"), this).get(10, TimeUnit.SECONDS);
        var mine = new Frame.Hello(List.of(1), List.of(), node(), new byte[NONCE_BYTES], System.currentTimeMillis());
        send(FrameCodec.encode(mine));
        var theirs = (Frame.Hello) next();
        next();                                                          // their proof
        var statement = Canonical.bytes(Json.object(Envelope.MEMBER, Json.object("is", "waggle-hello/1"), "role", "initiator",
            "initiator", offer(mine), "responder", offer(theirs), "version", 1L, "features", Json.array(List.of()), "channel", ""));
        send(FrameCodec.encode(new Frame.Proof(sign(statement))));
        return this;
    }

    private static Json.Obj offer(Frame.Hello hello) {
        return Json.object("node", hello.node().hex(), "nonce", Hex.of(hello.nonce()),
            "versions", Json.array(hello.versions().stream().map(version -> Json.of((long) version)).toList()),
            "features", Json.array(hello.features().stream().map(Json::of).toList()));
    }

    void send(byte[] frame) throws Exception {
        socket.sendBinary(ByteBuffer.wrap(frame), true).get(10, TimeUnit.SECONDS);
    }

    /// The same in pieces, when the other side may hang up before it has all of it.
    void trySend(byte[] frame) throws Exception {
        try {
            int at = 0;
            for (; frame.length - at > PIECE_BYTES_MAX; at += PIECE_BYTES_MAX)
                socket.sendBinary(ByteBuffer.wrap(frame, at, PIECE_BYTES_MAX), false).get(10, TimeUnit.SECONDS);
            socket.sendBinary(ByteBuffer.wrap(frame, at, frame.length - at), true).get(10, TimeUnit.SECONDS);
        } catch (ExecutionException cutOff) {
            heard.add("cut off: " + cutOff.getCause());
        }
    }

    /// Begins a message and never ends it.
    void sendHalf(byte[] frame) throws Exception {
        socket.sendBinary(ByteBuffer.wrap(frame, 0, frame.length / 2), false).get(10, TimeUnit.SECONDS);
    }

    private Object next() throws InterruptedException, IOException {
        var next = heard.poll(10, TimeUnit.SECONDS);
        if (next == null) throw new IOException("nothing came for 10 s");
        return next;
    }

    /// Why the other side ended the connection.
    String untilClosed() throws InterruptedException, IOException {
        while (true) if (next() instanceof String why) return why;
    }

    @Override public CompletionStage<?> onBinary(WebSocket from, ByteBuffer bytes, boolean last) {
        var some = new byte[bytes.remaining()];
        bytes.get(some);
        partial.writeBytes(some);
        if (last) {
            heard.add(FrameCodec.decode(partial.toByteArray(), Frame.FRAME_BYTES_MAX));
            partial.reset();
        }
        from.request(1);
        return null;
    }

    @Override public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        heard.add(reason);
        return null;
    }

    @Override public void onError(WebSocket from, Throwable problem) {
        heard.add("error: " + problem);
    }

    @Override public void close() {
        if (socket != null) socket.abort();
        http.shutdownNow();
    }
}
