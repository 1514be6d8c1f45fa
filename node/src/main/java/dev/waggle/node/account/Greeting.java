package dev.waggle.node.account;

import dev.waggle.core.event.Event;
import dev.waggle.core.event.Hex;
import dev.waggle.core.event.Json;
import dev.waggle.core.event.MalformedPayload;
import dev.waggle.core.event.NodeId;
import dev.waggle.core.event.Signer;
import dev.waggle.core.event.Statement;
import dev.waggle.core.event.Verifier;

/// What both sides of a connection between a node and its hub sign: each the same but for the role. A recording, or a proof meant for another hub, node or connection, gives
/// other bytes.
///
/// @param hubNonce  32 fresh bytes of the hub, as hexadecimal
/// @param nodeNonce the same of the node
/// @param name      how the node calls itself
/// @param publicUrl where others find it; may be empty
record Greeting(NodeId hub, NodeId node, String hubNonce, String nodeNonce, String name, String publicUrl) {
    static final int NONCE_BYTES = 32;
    private static final String IS = "waggle-hub-greeting/1";

    enum Role { NODE, HUB }

    private Json.Obj members(Role role) {
        return Json.object("role", role == Role.NODE ? "node" : "hub", "hub", hub.hex(), "node", node.hex(), "hub_nonce", hubNonce, "node_nonce", nodeNonce, "name", name, "public_url", publicUrl);
    }

    /// @return the signature, as hexadecimal
    String sign(Role role, Signer signer) {
        return Hex.of(Statement.sign(IS, members(role), signer).signature());
    }

    boolean isSigned(Role role, String signature, Verifier verifier) {
        return Hex.isLower(signature, 2 * Event.SIGNATURE_BYTES) && Statement.isSigned(IS, members(role), Hex.bytes(signature), role == Role.NODE ? node : hub, verifier);
    }

    static String nonce(String text) {
        if (!Hex.isLower(text, 2 * NONCE_BYTES)) throw new MalformedPayload("a nonce is " + NONCE_BYTES + " bytes as lower-case hexadecimal");
        return text;
    }
}
