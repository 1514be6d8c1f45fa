package dev.waggle.core.event;

/// A signed canonical object that is no event: a hello, a ticket, an acknowledgement. Its "$" says what it is and nothing else, so a
/// signature made for one purpose means nothing for another.
///
/// @param is    for example `waggle-ticket/1`
/// @param bytes the canonical bytes that were signed
public record Statement(String is, Json.Obj body, byte[] bytes, byte[] signature) {
    public Statement {
        if (is.equals(Envelope.FORMAT)) throw new IllegalArgumentException("an event is no statement");
    }

    /// @throws IllegalArgumentException when `members` uses the reserved "$"
    public static Statement sign(String is, Json.Obj members, Signer signer) {
        var body = body(is, members);
        var bytes = Canonical.bytes(body);
        return new Statement(is, body, bytes, signer.sign(bytes));
    }

    /// Whether this is the signature of a statement that both sides put together by themselves: only the signature travelled.
    public static boolean isSigned(String is, Json.Obj members, byte[] signature, NodeId signer, Verifier verifier) {
        return verifier.verify(signer, Canonical.bytes(body(is, members)), signature);
    }

    private static Json.Obj body(String is, Json.Obj members) {
        if (members.members().containsKey(Envelope.MEMBER)) throw new IllegalArgumentException("\"$\" is reserved");
        if (is.equals(Envelope.FORMAT)) throw new IllegalArgumentException("an event is no statement");
        return members.with(Envelope.MEMBER, Json.object("is", is));
    }

    /// Reads a statement of the kind `is` and checks its signature.
    ///
    /// @throws MalformedPayload when it is not canonical, another kind, or not signed by `signer`
    public static Statement read(String is, byte[] bytes, byte[] signature, NodeId signer, Verifier verifier) {
        var body = Canonical.parseObject(bytes);
        if (!Json.object("is", is).equals(body.object(Envelope.MEMBER))) throw new MalformedPayload("expected " + is);
        if (!verifier.verify(signer, bytes, signature)) throw new MalformedPayload(is + " is not signed by " + signer.brief());
        return new Statement(is, body, bytes, signature);
    }
}
