package dev.waggle.sync.protocol;

import dev.waggle.core.event.Canonical;
import dev.waggle.core.event.Envelope;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.Verifier;
import dev.waggle.core.time.Hlc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Proves both ends of one connection to each other. Each signs both ids, both fresh nonces, its own role, everything that was offered, what
/// follows from it and the channel's binding; so a recording, a proof made for another connection or role, one that was relayed through another
/// channel, and a downgrade are worth nothing.
///
/// The dialling side speaks first. The version is the highest that both offer, the features are those that both offer: both ends compute
/// them from the offers, and the offers are signed.
final class Handshake {
    static final String KIND = "waggle-hello/1";
    static final List<Integer> VERSIONS = List.of(1);
    static final int NONCE_BYTES = 32;
    private static final int FEATURE_CHARS_MAX = 64;

    sealed interface Out {
        record Send(Frame frame) implements Out {}

        /// The other end is `peer`, and the same two ends speak on the same channel.
        ///
        /// @param wallMs the peer's clock when it said hello
        record Proved(NodeId peer, int version, List<String> features, long wallMs) implements Out {}

        record Failed(String code, String message) implements Out {}
    }

    private final Signer signer;
    private final Verifier verifier;
    private final boolean initiator;
    private final Optional<NodeId> expected;
    private final Optional<NodeId> proven;
    private final byte[] binding;
    private final Frame.Hello mine;
    private Frame.Hello theirs;
    private boolean over;

    Handshake(Signer signer, Verifier verifier, List<String> features, Input.Opened opened, long wallMs) {
        this.signer = signer;
        this.verifier = verifier;
        this.initiator = opened.initiator();
        this.expected = opened.expected();
        this.proven = opened.proven();
        this.binding = opened.binding();
        if (opened.nonce().length != NONCE_BYTES) throw new IllegalArgumentException("a nonce has " + NONCE_BYTES + " bytes");
        this.mine = new Frame.Hello(VERSIONS, features, signer.node(), opened.nonce(), wallMs);
    }

    List<Out> open() {
        return initiator ? List.of(new Out.Send(mine)) : List.of();
    }

    List<Out> received(Frame frame) {
        if (over) throw new IllegalStateException("the handshake is over");
        return switch (frame) {
            case Frame.Hello hello when theirs == null -> hello(hello);
            case Frame.Proof proof when theirs != null -> proof(proof);
            case Frame.Bye(var code, var message) -> failed(code, "the other side ended the handshake: " + message.orElse(code));
            default -> failed("unexpected_frame", "a connection begins with a hello and a proof");
        };
    }

    private List<Out> hello(Frame.Hello hello) {
        if (hello.nonce().length != NONCE_BYTES || hello.wallMs() < 0 || hello.wallMs() > Hlc.WALL_MS_MAX
            || hello.versions().size() > Frame.VERSIONS_MAX
            || hello.features().size() > Frame.FEATURES_MAX
            || hello.features().stream().anyMatch(feature -> feature.length() > FEATURE_CHARS_MAX || !Canonical.isUnicode(feature)))
            return failed("bad_hello", "the hello is not well-formed");
        if (hello.node().equals(signer.node())) return failed("self", "this is a connection of the node with itself, or its key is used twice");
        if (Arrays.equals(hello.nonce(), mine.nonce())) return failed("reflected", "the hello repeats our own");
        if (expected.isPresent() && !expected.get().equals(hello.node()))
            return failed("wrong_node", "another node answers there: " + hello.node().brief() + " instead of " + expected.get().brief());
        if (proven.isPresent() && !proven.get().equals(hello.node())) return failed("wrong_node", "the channel's certificate is of another node");
        theirs = hello;
        if (version().isEmpty()) return failed("version", "no common protocol version: this node speaks " + VERSIONS);
        var out = new ArrayList<Out>();
        if (!initiator) out.add(new Out.Send(mine));
        out.add(new Out.Send(new Frame.Proof(signer.sign(statement(initiator)))));
        return out;
    }

    private List<Out> proof(Frame.Proof proof) {
        if (!verifier.verify(theirs.node(), statement(!initiator), proof.signature()))
            return failed("bad_proof", "the proof is not signed by " + theirs.node().brief() + " for this connection");
        over = true;
        return List.of(new Out.Proved(theirs.node(), version().orElseThrow(), features(), theirs.wallMs()));
    }

    private List<Out> failed(String code, String message) {
        over = true;
        return List.of(new Out.Failed(code, message));
    }

    private Optional<Integer> version() {
        return mine.versions().stream().filter(theirs.versions()::contains).max(Integer::compare);
    }

    private List<String> features() {
        return mine.features().stream().filter(theirs.features()::contains).sorted().distinct().toList();
    }

    byte[] initiatorNonce() {
        return initiator ? mine.nonce() : theirs.nonce();
    }

    byte[] responderNonce() {
        return initiator ? theirs.nonce() : mine.nonce();
    }

    /// What the end with the role `byInitiator` signs.
    private byte[] statement(boolean byInitiator) {
        var first = initiator ? mine : theirs;
        var second = initiator ? theirs : mine;
        return Canonical.bytes(Json.object(
            Envelope.MEMBER, Json.object("is", KIND),
            "role", byInitiator ? "initiator" : "responder",
            "initiator", offer(first),
            "responder", offer(second),
            "version", version().orElseThrow(),
            "features", Json.array(features().stream().map(Json::of).toList()),
            "channel", Hex.of(binding)));
    }

    private static Json.Obj offer(Frame.Hello hello) {
        var versions = new ArrayList<>(hello.versions());
        versions.sort(Collections.reverseOrder());
        return Json.object(
            "node", hello.node().hex(),
            "nonce", Hex.of(hello.nonce()),
            "versions", Json.array(versions.stream().map(version -> Json.of((long) version)).toList()),
            "features", Json.array(hello.features().stream().map(Json::of).toList()));
    }
}
