package dev.waggle.net.http;

import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.Statement;
import dev.waggle.core.event.Verifier;

import java.util.List;

/// What both sides of an HTTP handshake sign: each the same object but for the role, so no proof can be sent back to its maker.
///
/// Both sides put the object together out of what they said and heard and only the signature travels; a recording, a proof meant for another node or
/// another connection, or a changed version list gives other bytes.
///
/// @param initiator      who asks
/// @param responder      who is asked
/// @param initiatorNonce 32 fresh bytes, as hexadecimal
/// @param responderNonce the same of the other side
/// @param versions       what the initiator offered
/// @param version        what the responder chose
/// @param channel        SHA-256 of the responder's TLS certificate as hexadecimal, empty on a plain connection. (Request-response clients have no way to
///                       the TLS exporter; the certificate carries the responder's key, so whoever stands in between has another.)
record HttpHello(NodeId initiator, NodeId responder, String initiatorNonce, String responderNonce, List<Integer> versions, int version, String channel) {
    static final String IS = "waggle-http-hello/1";
    static final int VERSION = 1;
    static final int NONCE_BYTES = 32;

    enum Role { INITIATOR, RESPONDER }

    private Json.Obj members(Role role) {
        return Json.object(
            "role", role.name().toLowerCase(java.util.Locale.ROOT),
            "initiator", initiator.hex(), "responder", responder.hex(),
            "initiator_nonce", initiatorNonce, "responder_nonce", responderNonce,
            "versions", Json.array(versions.stream().map(offered -> Json.of((long) offered)).toList()), "version", version,
            "channel", channel);
    }

    /// @return the signature, as hexadecimal
    String sign(Role role, Signer signer) {
        return Hex.of(Statement.sign(IS, members(role), signer).signature());
    }

    boolean isSigned(Role role, byte[] signature, Verifier verifier) {
        return Statement.isSigned(IS, members(role), signature, role == Role.INITIATOR ? initiator : responder, verifier);
    }

    static String nonce(String text) {
        if (!Hex.isLower(text, 2 * NONCE_BYTES)) throw new MalformedPayload("a nonce is " + NONCE_BYTES + " bytes as lower-case hexadecimal");
        return text;
    }
}
