package dev.waggle.net.websocket;

import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.net.wire.FrameCodec;
import dev.waggle.sync.protocol.Frame;

import java.util.List;
import java.util.Optional;

/// How far a connection has come, read off the frames that pass: what the other side may send follows from it.
///
/// The engine decides who is who; this only watches what it says. An engine that has checked the other side's proof goes on to talk about spaces, and it
/// names a space to members only.
///
/// | standing | reached when this side | the other side may send |
/// |---|---|---|
/// | STRANGER | - | [Frame#BEFORE_AUTH_BYTES_MAX] bytes in all, beginning with its hello |
/// | PROOF_SENT | sent its proof | [#AFTER_PROOF_BYTES_MAX] bytes in all: its list of spaces may be under way already |
/// | PROVEN | answered about spaces | frames of any size |
/// | TRUSTED | named a space | the same, and the connection is not counted as a stranger's any more |
final class Standing {
    /// The longest list of spaces and what comes before it. A side that has seen our proof may send it before our engine has looked at its own.
    static final int AFTER_PROOF_BYTES_MAX = 4 * Frame.BEFORE_AUTH_BYTES_MAX;

    enum Step { STRANGER, PROOF_SENT, PROVEN, TRUSTED }

    private final Optional<NodeId> provenByTls;
    private volatile Step step = Step.STRANGER;
    private volatile List<String> offered = List.of();
    private volatile List<String> offeredToUs = List.of();
    private volatile boolean helloSeen;

    Standing(Optional<NodeId> provenByTls) {
        this.provenByTls = provenByTls;
    }

    Step step() {
        return step;
    }

    /// What all bytes together and one frame may be.
    int bytesMax() {
        return switch (step) {
            case STRANGER -> Frame.BEFORE_AUTH_BYTES_MAX;
            case PROOF_SENT -> AFTER_PROOF_BYTES_MAX;
            case PROVEN, TRUSTED -> Frame.FRAME_BYTES_MAX;
        };
    }

    boolean isProven() {
        return step.compareTo(Step.PROVEN) >= 0;
    }

    boolean mayCompress() {
        return offered.contains(FrameCodec.ZSTD) && offeredToUs.contains(FrameCodec.ZSTD);
    }

    /// @throws MalformedPayload when the frame cannot come at this point
    void received(Frame frame) {
        if (frame instanceof Frame.Hello hello) {
            if (helloSeen) throw new MalformedPayload("a second hello");
            if (provenByTls.isPresent() && !provenByTls.get().equals(hello.node()))
                throw new MalformedPayload("the hello names another node than the certificate");
            offeredToUs = hello.features();
            helloSeen = true;
        } else if (!helloSeen && !(frame instanceof Frame.Bye)) throw new MalformedPayload("the first frame is a hello");
    }

    void sent(Frame frame) {
        switch (frame) {
            case Frame.Hello hello -> offered = hello.features();
            case Frame.Proof _ -> reach(Step.PROOF_SENT);
            case Frame.Spaces _, Frame.SharedSpaces _ -> reach(Step.PROVEN);
            case Frame.Removed _ -> { }
            case Frame.Welcome _, Frame.Have _, Frame.Tips _, Frame.Events _, Frame.Chunks _, Frame.Ack _, Frame.Want _, Frame.Checkpoint _, Frame.Probe _, Frame.Places _ ->
                reach(Step.TRUSTED);
            case Frame.Redeem _, Frame.Refused _, Frame.Addresses _, Frame.Gossip _, Frame.Ping _, Frame.Pong _, Frame.Bye _ -> { }
        }
    }

    private synchronized void reach(Step next) {
        if (next.compareTo(step) > 0) step = next;
    }
}
