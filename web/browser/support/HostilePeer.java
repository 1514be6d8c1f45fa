import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Ed25519;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.Signer;
import dev.waggle.net.wire.FrameCodec;
import dev.waggle.node.identity.Identity;
import dev.waggle.sync.protocol.Frame;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A member that refuses everything in words of its own: `java -cp … HostilePeer.java DATA STATE ADDRESS`, with the key of a data folder whose node is down.
/// Each line of its input is an object with such words in `says`. It prints `there` when it was let in, and stays until its input ends.
public final class HostilePeer implements WebSocket.Listener {
    private final LinkedBlockingQueue<Frame> heard = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream partial = new ByteArrayOutputStream();

    public static void main(String[] args) throws Exception {
        new HostilePeer().talk(signer(args[0], args[1]), args[2]);
        System.exit(0);
    }

    private static Signer signer(String data, String state) {
        try (var identity = Identity.open(Path.of(data), Path.of(state), false, new SecureRandom())) {
            return Ed25519.signer(identity.seed());
        }
    }

    private void talk(Signer signer, String address) throws Exception {
        var socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(URI.create("ws://" + address + "/sync/v1/stream"), this).get(10, TimeUnit.SECONDS);
        var mine = new Frame.Hello(List.of(1), List.of(), signer.node(), new byte[32], System.currentTimeMillis());
        send(socket, mine);
        var theirs = (Frame.Hello) heard.poll(10, TimeUnit.SECONDS);
        heard.poll(10, TimeUnit.SECONDS);                                // their proof
        var statement = Canonical.bytes(Json.object(Envelope.MEMBER, Json.object("is", "waggle-hello/1"), "role", "initiator",
            "initiator", offer(mine), "responder", offer(theirs), "version", 1L, "features", Json.array(List.of()), "channel", ""));
        send(socket, new Frame.Proof(signer.sign(statement)));
        System.out.println("there");
        var words = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (var line = words.readLine(); line != null; line = words.readLine())
            send(socket, new Frame.Refused("busy", Canonical.parse(line.getBytes(StandardCharsets.UTF_8)).asObject().text("says")));
    }

    private static void send(WebSocket socket, Frame frame) throws Exception {
        socket.sendBinary(ByteBuffer.wrap(FrameCodec.encode(frame)), true).get(10, TimeUnit.SECONDS);
    }

    private static Json.Obj offer(Frame.Hello hello) {
        return Json.object("node", hello.node().hex(), "nonce", Hex.of(hello.nonce()), "versions", Json.array(hello.versions().stream().map(version -> Json.of((long) version)).toList()),
            "features", Json.array(hello.features().stream().map(Json::of).toList()));
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
}
